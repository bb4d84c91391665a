"""Suspend, close, rename and delete clinics, each with an entry in the platform's audit log."""

from datetime import datetime
from functools import partial

from django.db import transaction

from clinics.picture_files import clinic_folder, delete_folder
from tenants.accounts.audit.services import AuditAction, write_clinic_audit_entry
from tenants.accounts.models import User
from tenants.base.retry import retry_conflicts
from tenants.models import Clinic
from tenants.services import lifecycle


@transaction.atomic
def suspend_clinic(*, clinic: Clinic, by: User | None) -> Clinic:
    """Suspend `clinic`.

    :param by: the operator; None from the command line
    :raises AlreadySuspended: it is not live
    """
    suspended = lifecycle.suspend_clinic(clinic=clinic)
    write_clinic_audit_entry(what=AuditAction.SUSPENDED, clinic=clinic, by=by, note=clinic.slug)
    return suspended


@transaction.atomic
def resume_clinic(*, clinic: Clinic, by: User | None) -> Clinic:
    """Resume a suspended clinic.

    :param by: the operator; None from the command line
    :raises NotSuspended: it is not suspended
    """
    resumed = lifecycle.resume_clinic(clinic=clinic)
    write_clinic_audit_entry(what=AuditAction.RESUMED, clinic=clinic, by=by, note=clinic.slug)
    return resumed


@transaction.atomic
def rename_clinic(*, clinic: Clinic, name: str, by: User | None) -> Clinic:
    """Rename `clinic`.

    :param by: the operator; None from the command line
    :raises InvalidInput: the name is invalid; `errors` says why
    """
    before = Clinic.objects.values_list("name", flat=True).get(pk=clinic.pk)
    renamed = lifecycle.rename_clinic(clinic=clinic, name=name)
    note = f"{clinic.slug}: {before} → {renamed.name}"
    write_clinic_audit_entry(what=AuditAction.RENAMED, clinic=clinic, by=by, note=note)
    return renamed


@transaction.atomic
def close_clinic(*, clinic: Clinic, by: User | None, now: datetime) -> Clinic:
    """Close `clinic` permanently. It can be reopened until its grace period ends.

    :param by: the operator; None from the command line
    :raises AlreadyClosing: it is closed already
    """
    closed = lifecycle.close_clinic(clinic=clinic, now=now)
    note = f"{clinic.slug}: data kept until {closed.drop_after:%Y-%m-%d %H:%M} UTC"
    write_clinic_audit_entry(what=AuditAction.CLOSED, clinic=clinic, by=by, note=note)
    return closed


@transaction.atomic
def reopen_clinic(*, clinic: Clinic, by: User | None) -> Clinic:
    """Reopen a closed clinic.

    :param by: the operator; None from the command line
    :raises NotClosing: it is not closed
    """
    reopened = lifecycle.reopen_clinic(clinic=clinic)
    write_clinic_audit_entry(what=AuditAction.REOPENED, clinic=clinic, by=by, note=clinic.slug)
    return reopened


@retry_conflicts
@transaction.atomic
def drop_clinic(*, clinic: Clinic, by: User | None, now: datetime) -> None:
    """Delete a closed clinic and all its data after its grace period.

    :param by: the operator; None from the command line and from the nightly task
    :raises NotDueForDeletion: it is not closed, or its grace period has not ended
    """
    lifecycle.drop_clinic(clinic=clinic, now=now)
    transaction.on_commit(partial(delete_folder, clinic_folder(clinic)))
    write_clinic_audit_entry(
        what=AuditAction.DROPPED, clinic=clinic, by=by, note=f"{clinic.slug}: {clinic.name}"
    )
