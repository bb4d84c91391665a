"""The lifecycle of a clinic: suspend, resume, rename, close, reopen, drop."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.base.errors import DomainError, InvalidInput, Text
from tenants.base.locales import Language, Locale
from tenants.current import enter_public
from tenants.models import Clinic, QueueLine
from tenants.routing.hosts import clear_host_cache_on_commit
from tenants.services.schema import drop_schema
from tenants.services.validation import validate_clinic


class AlreadySuspended(DomainError):
    """The clinic is not live, so it cannot be suspended."""

    code: ClassVar[str] = "already_suspended"
    message: ClassVar[Text] = gettext_lazy("This clinic is already suspended.")
    status: ClassVar[int] = 409


class NotSuspended(DomainError):
    """The clinic is not suspended, so it cannot be resumed."""

    code: ClassVar[str] = "not_suspended"
    message: ClassVar[Text] = gettext_lazy("This clinic is not suspended.")
    status: ClassVar[int] = 409


class AlreadyClosing(DomainError):
    """The clinic is closed already."""

    code: ClassVar[str] = "already_closed"
    message: ClassVar[Text] = gettext_lazy("This clinic is already closed.")
    status: ClassVar[int] = 409


class NotClosing(DomainError):
    """The clinic is not closed, so it cannot be reopened."""

    code: ClassVar[str] = "not_closed"
    message: ClassVar[Text] = gettext_lazy("This clinic is not closed.")
    status: ClassVar[int] = 409


class NotDueForDeletion(DomainError):
    """The clinic is not closed, or its grace period is not over yet."""

    code: ClassVar[str] = "not_due"
    message: ClassVar[Text] = gettext_lazy("This clinic's data cannot be deleted yet.")
    status: ClassVar[int] = 409


@transaction.atomic
def suspend_clinic(*, clinic: Clinic) -> Clinic:
    """Suspend `clinic`: its host answers 503, its queue and its tasks wait. No data is lost.

    :raises AlreadySuspended: it is not live
    """
    if not _change_status(clinic, before=[Clinic.Status.LIVE], after=Clinic.Status.SUSPENDED):
        raise AlreadySuspended(errors=_clinic_error(_("%(clinic)s is already suspended."), clinic))
    return clinic


@transaction.atomic
def resume_clinic(*, clinic: Clinic) -> Clinic:
    """Make a suspended clinic live again. Waiting jobs run now, unless they are out of date.

    :raises NotSuspended: it is not suspended
    """
    if not _change_status(clinic, before=[Clinic.Status.SUSPENDED], after=Clinic.Status.LIVE):
        raise NotSuspended(errors=_clinic_error(_("%(clinic)s is not suspended."), clinic))
    return clinic


@transaction.atomic
def close_clinic(*, clinic: Clinic, now: datetime) -> Clinic:
    """Close `clinic` permanently. Its data is kept for the grace period and then dropped.

    :raises AlreadyClosing: it is closed already
    """
    drop_after = now + timedelta(days=settings.CLOSING_DAYS)
    before = [Clinic.Status.LIVE, Clinic.Status.SUSPENDED]
    if not _change_status(clinic, before=before, after=Clinic.Status.CLOSING, drop_after=drop_after):
        raise AlreadyClosing(errors=_clinic_error(_("%(clinic)s is already closed."), clinic))
    return clinic


@transaction.atomic
def reopen_clinic(*, clinic: Clinic) -> Clinic:
    """Make a closed clinic live again, with all its data.

    :raises NotClosing: it is not closed
    """
    if not _change_status(clinic, before=[Clinic.Status.CLOSING], after=Clinic.Status.LIVE):
        raise NotClosing(errors=_clinic_error(_("%(clinic)s is not closed."), clinic))
    return clinic


@transaction.atomic
def drop_clinic(*, clinic: Clinic, now: datetime) -> None:
    """Drop a closed clinic whose grace period is over: its schema, its domains and its jobs in the queue.

    :raises NotDueForDeletion: it is not closed, or its grace period is not over yet
    """
    due = Clinic.objects.select_for_update().filter(
        pk=clinic.pk, status=Clinic.Status.CLOSING, drop_after__lte=now
    )
    if not due:  # checked under the lock, so the clinic cannot be reopened in between
        raise NotDueForDeletion(
            errors=_clinic_error(_("You cannot delete %(clinic)s. Its grace period has not ended."), clinic)
        )
    QueueLine.objects.filter(clinic_id=clinic.pk).delete()
    drop_schema(clinic.schema_name)
    Clinic.objects.filter(pk=clinic.pk).delete()
    clear_host_cache_on_commit()


@transaction.atomic
def rename_clinic(*, clinic: Clinic, name: str) -> Clinic:
    """Change the name of `clinic`. Its address stays the same, so existing links keep working.

    :raises InvalidInput: the name is invalid; `errors` says why
    """
    clinic.name = name.strip()
    validate_clinic(clinic)
    with enter_public():
        Clinic.objects.filter(pk=clinic.pk).update(name=clinic.name)
    clear_host_cache_on_commit()
    return clinic


@transaction.atomic
def change_locale(*, clinic: Clinic, locale: str) -> Clinic:
    """Set the locale of `clinic`: the format of its dates and its spelling, on all pages and in all emails.

    :raises InvalidInput: there is no such locale
    """
    if locale not in Locale.values:
        raise InvalidInput(errors={"locale": [_("Choose one of the options.")]})
    return _change(clinic, locale=locale)


@transaction.atomic
def change_patient_languages(*, clinic: Clinic, languages: list[str], default: str) -> Clinic:
    """Set the languages that `clinic` offers its patients, and the one for patients who have chosen none.

    :raises InvalidInput: there is no such language, or the default is not one of the languages
    """
    if not languages or not set(languages) <= set(Language.values):
        raise InvalidInput(errors={"patient_languages": [_("Choose one of the options.")]})
    if default not in languages:
        raise InvalidInput(
            errors={"default_language": [_("Choose one of the languages that patients can choose.")]}
        )
    # In the order of the menu, and each once.
    ordered = [language for language in Language.values if language in languages]
    return _change(clinic, patient_languages=ordered, default_language=default)


def _change(clinic: Clinic, **changes: Any) -> Clinic:
    """Return the changed clinic. `clinic` may be that of the host cache, which other requests use too."""
    with enter_public():
        Clinic.objects.filter(pk=clinic.pk).update(**changes)
        changed = Clinic.objects.get(pk=clinic.pk)
    clear_host_cache_on_commit()
    return changed


def _change_status(
    clinic: Clinic,
    *,
    before: Collection[Clinic.Status],
    after: Clinic.Status,
    drop_after: datetime | None = None,
) -> bool:
    # The UPDATE checks the current status, so of two concurrent calls only one succeeds.
    with enter_public():
        matching = Clinic.objects.filter(pk=clinic.pk, status__in=before)
        changed = matching.update(status=after, drop_after=drop_after)
    if changed:
        clinic.status, clinic.drop_after = after, drop_after
        clear_host_cache_on_commit()
    return bool(changed)


def _clinic_error(message: str, clinic: Clinic) -> dict[str, Sequence[Text]]:
    return {"clinic": [message % {"clinic": clinic.name}]}
