"""Holds of newcomers: visitors who choose a time before they sign in or register.

A record without any details stands for the newcomer (`Patient.is_newcomer`), so that the rules and
constraints of a patient's hold apply. Who has the signed cookie with the record's id has the hold.
"""

import uuid
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from clinics.models import Patient
from scheduling.availability.booking_rules import own_holds_of, patient_conflicts
from scheduling.availability.next_open_slot import tracking_changes
from scheduling.bookings.hold import extend_hold, hold_slot, holds_made_by
from scheduling.bookings.refusals import check_eligibility
from scheduling.bookings.release_holds import on_holds_released, release_holds
from scheduling.errors import VisitTypeNotOffered
from scheduling.models import Booking, BookingEvent, VisitType
from tenants.accounts.attempt_limits import count_attempt
from tenants.accounts.models import User
from tenants.base.constraints import violated_constraint
from tenants.base.retry import retry_conflicts

MAX_HOLD = timedelta(minutes=30)
"""How long a newcomer can keep one time, however often the hold is extended."""
_RETENTION = timedelta(days=1)


def new_newcomer() -> Patient:
    """Return a record for a new visitor. It is stored with the first hold."""
    return Patient(is_newcomer=True)


def hold_for_newcomer(
    *,
    newcomer: Patient,
    slot_id: uuid.UUID,
    visit_type: VisitType | None,
    until: datetime,
    address: str,
    now: datetime,
) -> Booking:
    """Hold a slot for somebody who is not signed in, or extend the hold. They have one hold at a time.

    :param until: the end of the hold; at most `MAX_HOLD` after its beginning
    :param address: the client address to count holds for. Extending one is not counted
    :raises TooManyAttempts: too many times were held from this address or browser
    :raises DomainError: the slot cannot be booked; as `hold_slot`
    """
    present = own_holds_of(newcomer).filter(slot=slot_id, visit_type=visit_type, held_until__gt=now).first()
    if present is None:
        count_attempt("newcomer's hold by browser", subject=str(newcomer.pk), now=now)
        count_attempt("newcomer's hold by address", subject=address, now=now)
    begun_at = present.created_at if present else now
    return hold_slot(
        slot_id=slot_id,
        patient=newcomer,
        by=None,
        visit_type=visit_type,
        until=min(until, begun_at + MAX_HOLD),
        now=now,
    )


@transaction.atomic
def extend_for_code(*, newcomer: Patient, until: datetime, now: datetime) -> None:
    """Let the newcomer's hold last until the code that was emailed to them expires, within `MAX_HOLD`."""
    hold = _locked_hold(newcomer, now=now)
    if hold is not None:
        extend_hold(hold, until=min(until, hold.created_at + MAX_HOLD))


def _locked_hold(newcomer: Patient, *, now: datetime) -> Booking | None:
    """The newcomer's hold, unless it has ended. Locks its row."""
    return own_holds_of(newcomer).select_for_update(of=("self",)).filter(held_until__gt=now).first()


@retry_conflicts
def move_hold_to_account(*, newcomer: Patient, user: User, now: datetime) -> Booking | None:
    """Give the newcomer's hold to the patient who has just signed in or registered.

    It replaces the same holds as one that the patient makes: their own and overlapping ones. If the patient
    cannot book the time, for example because of an appointment at the same time, it is released instead.

    :return: the hold; None if there is none, or it was released
    """
    with transaction.atomic(), tracking_changes():
        patient = Patient.objects.known().select_for_update(no_key=True).filter(user=user).first()
        hold = _locked_hold(newcomer, now=now)
        if hold is None or patient is None:
            return None
        is_moved = _may_have(hold, patient=patient, now=now) and _move_to(patient, hold, by=user, now=now)
        if not is_moved:
            on_holds_released(release_holds(own_holds_of(newcomer), by=user, now=now), now=now)
            return None
        BookingEvent.objects.filter(booking=hold, kind=BookingEvent.Kind.HELD).update(by=user)
    return Booking.objects.shown().get(pk=hold.pk)


def _may_have(hold: Booking, *, patient: Patient, now: datetime) -> bool:
    """Whether the visit type is for the patient, who has no other appointment at that time."""
    try:
        check_eligibility(hold.visit_type, patient=patient)
    except VisitTypeNotOffered:
        return False
    conflicts = patient_conflicts(patient, hold.starts_at, hold.ends_at, now=now)
    return not conflicts.exclude(pk__in=own_holds_of(patient)).exists()


def _move_to(patient: Patient, hold: Booking, *, by: User, now: datetime) -> bool:
    """Release the holds that this one replaces, and write its patient.

    :return: False if an appointment of the patient was made at that time meanwhile
    """
    overlapping = own_holds_of(patient).filter(starts_at__lt=hold.ends_at, ends_at__gt=hold.starts_at)
    for replaced in (holds_made_by(by, patient=patient), overlapping):
        on_holds_released(release_holds(replaced, by=by, now=now), now=now)
    try:
        with transaction.atomic():
            return bool(Booking.objects.filter(pk=hold.pk, status="HELD").update(patient=patient))
    except IntegrityError as error:
        if not violated_constraint(error).startswith("booking_patient_is_in_one_place"):
            raise
        return False


def delete_past_newcomers(*, now: datetime) -> int:
    """Delete the records of newcomers whose holds ended a day ago, with these holds. They are about nobody.

    :return: how many records were deleted
    """
    recent = Booking.objects.filter(patient=OuterRef("pk")).exclude(
        status=Booking.Status.CANCELLED, updated_at__lt=now - _RETENTION
    )
    with transaction.atomic():
        past = Patient.objects.filter(is_newcomer=True, updated_at__lt=now - _RETENTION)
        keys = list(past.exclude(Exists(recent)).select_for_update().values_list("pk", flat=True))
        BookingEvent.objects.filter(booking__patient__in=keys).delete()
        Booking.objects.filter(patient__in=keys).delete()
        Patient.objects.filter(pk__in=keys).delete()
    return len(keys)
