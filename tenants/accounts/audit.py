"""Writing the audit log. There is one function that adds to it, and none that changes it."""

from collections.abc import Iterable

from django.db.models import Model
from django.utils.crypto import salted_hmac

from tenants.accounts.audit_entry import AuditEntry
from tenants.accounts.models import User
from tenants.asker import asker_address
from tenants.door import current_clinic_or_none, enter_public
from tenants.models import Clinic

What = AuditEntry.What


def record(*, what: AuditEntry.What, by: User | None, about: Iterable[Model], note: str = "") -> None:
    """Write what was done, an entry for each record it was done to, into the log of where we are.

    Part of the transaction that is open: what is undone was not done, what is done is in the log.

    :param by: who did it; None where nobody is signed in (a refused sign-in, a command)
    :param note: further words; never a patient's, nor about one
    """
    _write(what, by, [(row._meta.label_lower, str(row.pk)) for row in about], note)


def record_by(by: User | None, *, what: AuditEntry.What, about: Iterable[Model]) -> None:
    """As `record`, where it is this caller's to write: None says that another does, as the admin's pages."""
    if by is not None:
        record(what=what, by=by, about=about)


def record_of_clinic(*, what: AuditEntry.What, clinic: Clinic, by: User | None, note: str) -> None:
    """Write what was done to a clinic as a whole into the platform's log, wherever we are.

    :param by: an operator
    """
    with enter_public():
        record(what=what, by=by, about=[clinic], note=note)


def last_of_clinic(*, what: AuditEntry.What, clinic: Clinic) -> AuditEntry | None:
    """The latest entry of the platform's log that says this of a clinic."""
    with enter_public():
        about = AuditEntry.objects.filter(kind=clinic._meta.label_lower, record_id=str(clinic.pk), what=what)
        return about.select_related("by").order_by("-at", "-id").first()


def record_refused_sign_in(*, email: str) -> None:
    """Write that somebody was refused: whose account it was, or, of an unknown one, only its keyed hash."""
    email = email.strip().lower()
    user = User.objects.filter(email=email).first()
    if user is not None:
        record(what=What.SIGN_IN_REFUSED, by=None, about=[user])
        return
    # Keyed and salted by clinic: it tells repeated tries apart from others, and neither whose nor elsewhere.
    clinic = current_clinic_or_none()
    digest = salted_hmac(f"audit {clinic and clinic.pk}", email, algorithm="sha256").hexdigest()
    _write(What.SIGN_IN_REFUSED, None, [("unknown account", digest)], "")


def _write(what: AuditEntry.What, by: User | None, named: list[tuple[str, str]], note: str) -> None:
    address = asker_address()
    AuditEntry.objects.bulk_create(
        AuditEntry(what=what, by=by, kind=kind, record_id=pk, address=address, note=note)
        for kind, pk in named
    )
