"""Suspending, resuming and renaming a clinic. Its data stays where it is."""

from collections.abc import Sequence
from typing import ClassVar

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.base.errors import DomainError, Text
from tenants.door import enter_public
from tenants.hosts import forget_hosts_on_commit
from tenants.models import Clinic
from tenants.services.checking import check_fields


class AlreadySuspended(DomainError):
    """The clinic is not live, so there is nothing to suspend."""

    code: ClassVar[str] = "already_suspended"
    message: ClassVar[Text] = gettext_lazy("This clinic is suspended already.")
    status: ClassVar[int] = 409


class NotSuspended(DomainError):
    """The clinic is live, so there is nothing to resume."""

    code: ClassVar[str] = "not_suspended"
    message: ClassVar[Text] = gettext_lazy("This clinic is not suspended.")
    status: ClassVar[int] = 409


@transaction.atomic
def suspend_clinic(*, clinic: Clinic) -> Clinic:
    """Close `clinic` for now: its host answers 503, its queue and its tasks wait, nothing is lost.

    :raises AlreadySuspended: it is not live
    """
    if not _move(clinic, before=Clinic.Status.LIVE, after=Clinic.Status.SUSPENDED):
        raise AlreadySuspended(errors=_about(_("%(clinic)s is suspended already."), clinic))
    return clinic


@transaction.atomic
def resume_clinic(*, clinic: Clinic) -> Clinic:
    """Open `clinic` again: what waited is done now, unless it is too late for it.

    :raises NotSuspended: it is not suspended
    """
    if not _move(clinic, before=Clinic.Status.SUSPENDED, after=Clinic.Status.LIVE):
        raise NotSuspended(errors=_about(_("%(clinic)s is not suspended."), clinic))
    return clinic


@transaction.atomic
def rename_clinic(*, clinic: Clinic, name: str) -> Clinic:
    """Call `clinic` `name` from now on. Its address stays: links that are out keep working.

    :raises InvalidInput: it is not a name; `errors` says why
    """
    clinic.name = name.strip()
    check_fields(clinic)
    with enter_public():
        Clinic.objects.filter(pk=clinic.pk).update(name=clinic.name)
    forget_hosts_on_commit()
    return clinic


def _move(clinic: Clinic, *, before: Clinic.Status, after: Clinic.Status) -> bool:
    # The condition stands in the UPDATE: of two operators at once, one is told that it is done already.
    with enter_public():
        moved = Clinic.objects.filter(pk=clinic.pk, status=before).update(status=after)
    if moved:
        clinic.status = after
        forget_hosts_on_commit()
    return bool(moved)


def _about(words: str, clinic: Clinic) -> dict[str, Sequence[Text]]:
    return {"clinic": [words % {"clinic": clinic.name}]}
