"""Erase a patient: cancel their appointments, erase their personal data and close their account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from clinics.models import Patient
from clinics.selectors import get_patient
from clinics.services.erase_patient import erase_patients, lock_records_to_erase
from scheduling.availability.next_open_slot import tracking_changes
from scheduling.bookings.cancel import CANCELLABLE, cancel_booking
from scheduling.bookings.release_holds import on_holds_released, release_holds
from scheduling.models import Booking, BookingEvent, Closing, IdempotentAnswer, VisitNote, WaitlistEntry
from tenants.accounts.attempt_limits import limited_password_check
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.erase_user import erase_user
from tenants.accounts.models import User
from tenants.base.errors import InvalidInput, NotFound
from tenants.base.retry import retry_conflicts
from tenants.queue.jobs import enqueue, enqueue_all


@retry_conflicts
def close_account(*, user: User, password: str, address: str, now: datetime) -> None:
    """Close a patient's account in one transaction: cancel upcoming bookings and erase personal data.

    Dependants who have no other carer are erased too. Past bookings stay, without anybody's name.

    :param address: the client's IP address, for the limit of attempts
    :raises InvalidInput: the password is wrong
    :raises TooManyAttempts: a signed-in user entered the wrong password too often
    """
    password_check = limited_password_check(user=user, address=address, now=now)
    with password_check, transaction.atomic(), tracking_changes():
        # `no_key`: the lock does not block foreign keys to the user. A booking in progress has locked the
        # patient and refers to the user afterwards, so a stronger lock could deadlock with it.
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if not locked.check_password(password):
            raise InvalidInput(errors={"password": [_("This is not your password. Try again.")]})
        _erase(get_patient(locked), account=locked, by=locked, now=now)


@retry_conflicts
def erase_patient(*, patient: Patient, by: User, now: datetime) -> None:
    """Erase a patient at the patient's request, as `close_account` does. No password is needed.

    :param by: the admin who does it, for the audit log
    :raises NotFound: the patient is erased already
    """
    with transaction.atomic(), tracking_changes():
        account = User.objects.select_for_update(no_key=True, of=("self",)).filter(patient=patient).first()
        record = Patient.objects.known().filter(pk=patient.pk).first()
        if record is None:
            raise NotFound
        if account is not None and account.role != User.Role.PATIENT:
            # The account belongs to a member of staff, who keeps it without the patient record.
            account = None
            Patient.objects.filter(pk=record.pk).update(user=None)
        erased = _erase(record, account=account, by=by, now=now)
        write_audit_entries(what=AuditAction.ERASED, by=by, about=erased)


@dataclass(frozen=True, slots=True)
class ErasurePreview:
    """What `erase_patient` would erase."""

    email: str
    """The address of the account that is closed; "" if there is none."""
    dependants: list[Patient]
    """Patients who are erased too, because nobody else cares for them."""
    upcoming: int
    """How many upcoming bookings are cancelled."""
    past: int
    """How many other bookings stay without the name."""
    waiting: int
    """How many waiting-list entries are deleted."""


@transaction.atomic
def preview_erasure(*, patient: Patient, now: datetime) -> ErasurePreview:
    """Return what `erase_patient` would erase. Changes nothing."""
    patients = lock_records_to_erase(patient)
    account = patient.user if patient.user and patient.user.role == User.Role.PATIENT else None
    bookings = Booking.objects.booked().filter(patient__in=patients)
    upcoming = bookings.filter(status__in=CANCELLABLE, starts_at__gt=now)
    return ErasurePreview(
        email=account.email if account else "",
        dependants=[record for record in patients if record.pk != patient.pk],
        upcoming=upcoming.count(),
        past=bookings.count() - upcoming.count(),
        waiting=WaitlistEntry.objects.filter(patient__in=patients).count(),
    )


def _erase(record: Patient, *, account: User | None, by: User, now: datetime) -> list[Patient]:
    """Cancel the upcoming bookings of the patient and erase all personal data, in the caller's transaction.

    :return: the erased records: the patient's, and those of dependants who have no other carer
    """
    patients = lock_records_to_erase(record)
    upcoming = Booking.objects.filter(patient__in=patients, status__in=CANCELLABLE, starts_at__gt=now)
    for booking in upcoming.select_related("patient"):
        cancel_booking(booking=booking, by=by, waive_notice=True, now=now)
    on_holds_released(
        release_holds(Booking.objects.filter(patient__in=patients, status="HELD"), by=by, now=now), now=now
    )
    entries = WaitlistEntry.objects.filter(patient__in=patients)
    enqueue_all(kind="waitlist_deleted", rows=[(pk, now) for pk in entries.values_list("pk", flat=True)])
    entries.delete()
    if account is not None and account.owns_email:  # otherwise the address may be another person's
        closing = Closing.objects.create(email=account.email, language=account.language, created_at=now)
        enqueue(kind="account_closed", row_id=closing.pk, due_at=now)
    _erase_texts(patients)
    erase_patients(patients=patients, now=now)
    merged = User.objects.filter(patient__in=patients, patient__merged_into__isnull=False)
    for closed in [*([account] if account else []), *merged.filter(role=User.Role.PATIENT).order_by("pk")]:
        erase_user(user=closed, by=by, now=now)
    return patients


def _erase_texts(patients: Sequence[Patient]) -> None:
    """Erase the texts in the patients' bookings, and delete stored idempotent responses that contain them."""
    Booking.objects.filter(patient__in=patients).update(reason="", answers=[])
    BookingEvent.objects.filter(booking__patient__in=patients).update(note="", private_note="")
    VisitNote.objects.filter(booking__patient__in=patients).update(text="")
    ids = [str(patient.pk) for patient in patients]
    # The response to a booking or a series is an object. The response to a chain is a list of bookings of the
    # same patient.
    for lookup in ("answer__patient__id__in", "answer__0__patient__id__in"):
        IdempotentAnswer.objects.filter(**{lookup: ids}).delete()


def delete_old_closings(*, before: datetime) -> int:
    """Delete the addresses of closed accounts whose confirmation could not be delivered before `before`.

    :return: the number of addresses
    """
    return Closing.objects.filter(created_at__lt=before).delete()[0]
