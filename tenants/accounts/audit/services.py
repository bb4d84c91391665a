"""Writes the audit log. Entries are only added, by the functions below, and never changed."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Model, QuerySet
from django.utils.crypto import salted_hmac

from tenants.accounts.audit.changes import Changes
from tenants.accounts.models import User
from tenants.accounts.models.audit_entry import AuditEntry
from tenants.current import current_clinic_or_none, enter_public
from tenants.models import Clinic
from tenants.routing.request_context import current_client_address

AuditAction = AuditEntry.Action


def write_audit_entries(
    *,
    what: AuditEntry.Action,
    by: User | None,
    about: Iterable[Model],
    note: str = "",
    changes: Changes | None = None,
) -> None:
    """Write one audit entry for each record in `about`, in the log of the current schema.

    The entries belong to the current transaction: they are rolled back with the change they describe.

    :param by: the user who did it; None if nobody is signed in (a refused sign-in, a command)
    :param note: further text; never personal data of a patient
    :param changes: what was changed, without values of personal data (see `AuditEntry.changes`)
    """
    _write(what, by, [(row._meta.label_lower, str(row.pk)) for row in about], note, changes)


def write_audit_entries_by(
    by: User | None, *, what: AuditEntry.Action, about: Iterable[Model], changes: Changes | None = None
) -> None:
    """Write entries as `write_audit_entries` does; none if `by` is None.

    Admin pages pass None: they write their own entries.
    """
    if by is not None:
        write_audit_entries(what=what, by=by, about=about, changes=changes)


def write_clinic_audit_entry(*, what: AuditEntry.Action, clinic: Clinic, by: User | None, note: str) -> None:
    """Write an entry about a whole clinic to the platform's log, from any schema.

    :param by: an operator
    """
    with enter_public():
        write_audit_entries(what=what, by=by, about=[clinic], note=note)


def last_clinic_audit_entry(*, what: AuditEntry.Action, clinic: Clinic) -> AuditEntry | None:
    """Return the latest entry of the platform's log about this action on a clinic."""
    with enter_public():
        about = AuditEntry.objects.filter(kind=clinic._meta.label_lower, record_id=str(clinic.pk), what=what)
        return about.select_related("by").order_by("-at", "-id").first()


def entries_since(at: datetime, *, what: AuditEntry.Action, kind: str, by: User) -> QuerySet[AuditEntry]:
    """Return the entries about this action of `by` on records of one kind, from `at` on."""
    return AuditEntry.objects.filter(at__gte=at, what=what, kind=kind, by=by).order_by("at")


def audit_refused_sign_in(*, email: str) -> None:
    """Log a refused sign-in under the account that owns the address, or else under a keyed hash of it."""
    email = email.strip().lower()
    user = User.objects.owner_of(email)
    if user is not None:
        write_audit_entries(what=AuditAction.SIGN_IN_REFUSED, by=None, about=[user])
        return
    # The key and the clinic's id as salt hide the address, but repeated attempts have the same hash.
    clinic = current_clinic_or_none()
    digest = salted_hmac(f"audit {clinic and clinic.pk}", email, algorithm="sha256").hexdigest()
    _write(AuditAction.SIGN_IN_REFUSED, None, [("unknown account", digest)], "")


def _write(
    what: AuditEntry.Action,
    by: User | None,
    records: list[tuple[str, str]],
    note: str,
    changes: Changes | None = None,
) -> None:
    address = current_client_address()
    AuditEntry.objects.bulk_create(
        AuditEntry(
            what=what, by=by, kind=kind, record_id=pk, address=address, note=note, changes=changes or None
        )
        for kind, pk in records
    )
