"""Suspending, resuming, renaming and closing a clinic; and, when its time is over, dropping it."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.base.errors import DomainError, InvalidInput, Text
from tenants.base.locales import Locale
from tenants.door import enter_public
from tenants.hosts import forget_hosts_on_commit
from tenants.models import Clinic, QueueLine
from tenants.services.checking import check_fields
from tenants.services.ground import drop_schema


class AlreadySuspended(DomainError):
    """The clinic is not live, so there is nothing to suspend."""

    code: ClassVar[str] = "already_suspended"
    message: ClassVar[Text] = gettext_lazy("This clinic is already suspended.")
    status: ClassVar[int] = 409


class NotSuspended(DomainError):
    """The clinic is live, so there is nothing to resume."""

    code: ClassVar[str] = "not_suspended"
    message: ClassVar[Text] = gettext_lazy("This clinic is not suspended.")
    status: ClassVar[int] = 409


class AlreadyClosing(DomainError):
    """The clinic is closed already."""

    code: ClassVar[str] = "already_closed"
    message: ClassVar[Text] = gettext_lazy("This clinic is already closed.")
    status: ClassVar[int] = 409


class NotClosing(DomainError):
    """The clinic is not closed, so there is nothing to take back."""

    code: ClassVar[str] = "not_closed"
    message: ClassVar[Text] = gettext_lazy("This clinic is not closed.")
    status: ClassVar[int] = 409


class NotDue(DomainError):
    """The clinic's data are not to be dropped, or not yet."""

    code: ClassVar[str] = "not_due"
    message: ClassVar[Text] = gettext_lazy(
        "You cannot delete this clinic. Close it first, and wait until its grace period has ended."
    )
    status: ClassVar[int] = 409


@transaction.atomic
def suspend_clinic(*, clinic: Clinic) -> Clinic:
    """Close `clinic` for now: its host answers 503, its queue and its tasks wait, nothing is lost.

    :raises AlreadySuspended: it is not live
    """
    if not _move(clinic, before=[Clinic.Status.LIVE], after=Clinic.Status.SUSPENDED):
        raise AlreadySuspended(errors=_about(_("%(clinic)s is already suspended."), clinic))
    return clinic


@transaction.atomic
def resume_clinic(*, clinic: Clinic) -> Clinic:
    """Open `clinic` again: what waited is done now, unless it is too late for it.

    :raises NotSuspended: it is not suspended
    """
    if not _move(clinic, before=[Clinic.Status.SUSPENDED], after=Clinic.Status.LIVE):
        raise NotSuspended(errors=_about(_("%(clinic)s is not suspended."), clinic))
    return clinic


@transaction.atomic
def close_clinic(*, clinic: Clinic, now: datetime) -> Clinic:
    """Close `clinic` for good: nobody gets in; its data are kept for the grace period, then dropped.

    :raises AlreadyClosing: it is closed already
    """
    drop_after = now + timedelta(days=settings.CLOSING_DAYS)
    before = [Clinic.Status.LIVE, Clinic.Status.SUSPENDED]
    if not _move(clinic, before=before, after=Clinic.Status.CLOSING, drop_after=drop_after):
        raise AlreadyClosing(errors=_about(_("%(clinic)s is already closed."), clinic))
    return clinic


@transaction.atomic
def reopen_clinic(*, clinic: Clinic) -> Clinic:
    """Take back that `clinic` was closed: it is live again, with everything it had.

    :raises NotClosing: it is not closed
    """
    if not _move(clinic, before=[Clinic.Status.CLOSING], after=Clinic.Status.LIVE):
        raise NotClosing(errors=_about(_("%(clinic)s is not closed."), clinic))
    return clinic


@transaction.atomic
def drop_clinic(*, clinic: Clinic, now: datetime) -> None:
    """Drop a closed clinic whose grace period is over: its schema, its domains, its lines in the queue.

    :raises NotDue: it is not closed, or its data are still kept for a while
    """
    due = Clinic.objects.select_for_update().filter(
        pk=clinic.pk, status=Clinic.Status.CLOSING, drop_after__lte=now
    )
    if not due:  # asked behind the lock: who reopens it meanwhile has either come first or comes too late
        raise NotDue(
            errors=_about(_("You cannot delete %(clinic)s. Its grace period has not ended."), clinic)
        )
    QueueLine.objects.filter(clinic_id=clinic.pk).delete()
    drop_schema(clinic.schema_name)
    Clinic.objects.filter(pk=clinic.pk).delete()
    forget_hosts_on_commit()


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


@transaction.atomic
def change_locale(*, clinic: Clinic, locale: str) -> Clinic:
    """Set the locale of `clinic`: the format of its dates and its spelling, on all pages and in all emails.

    :raises InvalidInput: there is no such locale
    """
    if locale not in Locale.values:
        raise InvalidInput(errors={"locale": [_("Choose one of the options.")]})
    clinic.locale = locale
    with enter_public():
        Clinic.objects.filter(pk=clinic.pk).update(locale=locale)
    forget_hosts_on_commit()
    return clinic


def _move(
    clinic: Clinic,
    *,
    before: Collection[Clinic.Status],
    after: Clinic.Status,
    drop_after: datetime | None = None,
) -> bool:
    # The condition stands in the UPDATE: of two operators at once, one is told that it is done already.
    with enter_public():
        standing = Clinic.objects.filter(pk=clinic.pk, status__in=before)
        moved = standing.update(status=after, drop_after=drop_after)
    if moved:
        clinic.status, clinic.drop_after = after, drop_after
        forget_hosts_on_commit()
    return bool(moved)


def _about(words: str, clinic: Clinic) -> dict[str, Sequence[Text]]:
    return {"clinic": [words % {"clinic": clinic.name}]}
