"""Writes the audit log. Entries are only added, by the functions below, and never changed."""

from collections.abc import Iterable

from django.db.models import Model
from django.utils.crypto import salted_hmac

from tenants.accounts.models import User
from tenants.accounts.models.audit_entry import AuditEntry
from tenants.current import current_clinic_or_none, enter_public
from tenants.models import Clinic
from tenants.routing.request_context import asker_address

What = AuditEntry.What


def record(*, what: AuditEntry.What, by: User | None, about: Iterable[Model], note: str = "") -> None:
    """Write one audit entry for each record in `about`, in the log of the current schema.

    The entries belong to the current transaction: they are rolled back with the change they describe.

    :param by: the user who did it; None if nobody is signed in (a refused sign-in, a command)
    :param note: further text; never personal data of a patient
    """
    _write(what, by, [(row._meta.label_lower, str(row.pk)) for row in about], note)


def record_by(by: User | None, *, what: AuditEntry.What, about: Iterable[Model]) -> None:
    """Write entries as `record` does, or none if `by` is None, as on admin pages, which log by themselves."""
    if by is not None:
        record(what=what, by=by, about=about)


def record_of_clinic(*, what: AuditEntry.What, clinic: Clinic, by: User | None, note: str) -> None:
    """Write an entry about a whole clinic to the platform's log, from any schema.

    :param by: an operator
    """
    with enter_public():
        record(what=what, by=by, about=[clinic], note=note)


def last_of_clinic(*, what: AuditEntry.What, clinic: Clinic) -> AuditEntry | None:
    """Return the latest entry of the platform's log about this action on a clinic."""
    with enter_public():
        about = AuditEntry.objects.filter(kind=clinic._meta.label_lower, record_id=str(clinic.pk), what=what)
        return about.select_related("by").order_by("-at", "-id").first()


def record_refused_sign_in(*, email: str) -> None:
    """Write that a sign-in was refused: about the account, or if it is unknown, about a keyed hash of it."""
    email = email.strip().lower()
    user = User.objects.filter(email=email).first()
    if user is not None:
        record(what=What.SIGN_IN_REFUSED, by=None, about=[user])
        return
    # The key and the clinic's id as salt hide the address, but repeated attempts have the same hash.
    clinic = current_clinic_or_none()
    digest = salted_hmac(f"audit {clinic and clinic.pk}", email, algorithm="sha256").hexdigest()
    _write(What.SIGN_IN_REFUSED, None, [("unknown account", digest)], "")


def _write(what: AuditEntry.What, by: User | None, records: list[tuple[str, str]], note: str) -> None:
    address = asker_address()
    AuditEntry.objects.bulk_create(
        AuditEntry(what=what, by=by, kind=kind, record_id=pk, address=address, note=note)
        for kind, pk in records
    )
