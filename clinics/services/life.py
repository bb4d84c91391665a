"""What the platform does to a clinic, done and written into the platform's audit log in one."""

from django.db import transaction

from tenants.accounts.audit import What, record_of_clinic
from tenants.accounts.models import User
from tenants.models import Clinic
from tenants.services import life


@transaction.atomic
def suspend_clinic(*, clinic: Clinic, by: User | None) -> Clinic:
    """Close `clinic` for now.

    :param by: the operator; None from the command line
    :raises AlreadySuspended: it is not live
    """
    suspended = life.suspend_clinic(clinic=clinic)
    record_of_clinic(what=What.SUSPENDED, clinic=clinic, by=by, note=clinic.slug)
    return suspended


@transaction.atomic
def resume_clinic(*, clinic: Clinic, by: User | None) -> Clinic:
    """Open `clinic` again.

    :param by: the operator; None from the command line
    :raises NotSuspended: it is not suspended
    """
    resumed = life.resume_clinic(clinic=clinic)
    record_of_clinic(what=What.RESUMED, clinic=clinic, by=by, note=clinic.slug)
    return resumed


@transaction.atomic
def rename_clinic(*, clinic: Clinic, name: str, by: User | None) -> Clinic:
    """Call `clinic` `name` from now on.

    :param by: the operator; None from the command line
    :raises InvalidInput: it is not a name; `errors` says why
    """
    before = Clinic.objects.values_list("name", flat=True).get(pk=clinic.pk)
    renamed = life.rename_clinic(clinic=clinic, name=name)
    note = f"{clinic.slug}: {before} → {renamed.name}"
    record_of_clinic(what=What.RENAMED, clinic=clinic, by=by, note=note)
    return renamed
