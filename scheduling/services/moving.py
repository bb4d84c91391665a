"""Moving a booking to another time: one UPDATE, so that it is there or here, never in both nor in neither."""

import uuid
from datetime import datetime

from django.db import IntegrityError, connection, transaction

from clinics.models import ClinicSettings
from clinics.selectors import clinic_settings
from scheduling.availability_cache import availability_changes
from scheduling.booking_sql import MOVE
from scheduling.errors import BookingOver, MovedTooLate
from scheduling.models import Booking, BookingEvent, Slot
from scheduling.selectors.limits import has_limits
from scheduling.selectors.rooms import suitable_rooms
from scheduling.selectors.windows import Window, booking_window
from scheduling.services.booking import approval_needed
from scheduling.services.cancelling import within_notice
from scheduling.services.claiming import (
    Claim,
    Claimed,
    as_claimed,
    kept_by,
    length_of,
    tell_of_time,
    values_of,
)
from scheduling.services.holds import release_holds_in_the_way
from scheduling.services.limits import check_doctor_limits
from scheduling.services.next_open import time_was_freed
from scheduling.services.refusing import why_not
from tenants.accounts.audit import What, record
from tenants.accounts.models import User
from tenants.base.constraints import constraint_of
from tenants.base.errors import NotFound
from tenants.queue import enqueue
from tenants.retrying import retry_conflicts

MOVABLE = ["PENDING", "CONFIRMED"]
TRIES = 3
"""One to find what is in the way, one after ended holds are cleared away, one for another room."""


@retry_conflicts
def reschedule_booking(
    *,
    booking: Booking,
    slot_id: uuid.UUID,
    by: User,
    reason: str = "",
    waive_notice: bool = False,
    now: datetime,
) -> Booking:
    """Move `booking` to another slot, with the same doctor or another. It keeps its id.

    :param waive_notice: whether a patient may do it however late, because the clinic asked them to
    :raises BookingOver: it has started, is cancelled or done, or was moved by somebody else meanwhile
    :raises MovedTooLate: there is less notice than the clinic asks for and `by` is the patient
    :raises DomainError: the new slot cannot be booked; as `book_slot`
    """
    rules, by_patient = clinic_settings(), by.role == User.Role.PATIENT
    if booking.starts_at <= now:
        raise BookingOver
    if by_patient and not waive_notice and not within_reschedule_notice(booking, rules=rules, now=now):
        raise MovedTooLate
    asks = by_patient and approval_needed(booking.visit_type, patient=booking.patient, rules=rules, now=now)
    claim = Claim(
        slot_id=slot_id,
        patient=booking.patient,
        by=by,
        visit_type=booking.visit_type,
        status=Booking.Status.PENDING if asks else booking.status,
        booking_id=booking.pk,
    )
    window = booking_window(
        rules, visit_type=booking.visit_type, by_staff=not by_patient or waive_notice, now=now
    )
    with transaction.atomic(), availability_changes():
        moved = move(claim, booking, window=window, now=now)
        event = BookingEvent.objects.create(
            booking=booking,
            kind=BookingEvent.Kind.RESCHEDULED,
            by=by,
            note=reason,
            details=as_it_was(booking),
            created_at=now,
        )
        enqueue(kind="booking_event", row_id=event.pk, due_at=now)
        if not by_patient:
            record(what=What.RESCHEDULED, by=by, about=[booking, booking.patient])
        time_was_freed(doctor_id=booking.doctor_id, slot_id=booking.slot_id, now=now)
        tell_of_time(moved, now=now)
    return Booking.objects.shown().get(pk=booking.pk)


def move(claim: Claim, booking: Booking, *, window: Window, now: datetime) -> Claimed:
    """Run the statement until it has moved the booking, or there is a reason why it cannot.

    :raises DomainError: as `reschedule_booking`
    """
    rooms, released = suitable_rooms(claim.visit_type), list[Booking]()
    slot = Slot.objects.live().select_related("doctor").filter(pk=claim.slot_id).first()
    if slot is None:
        raise NotFound
    if has_limits(slot.doctor):
        check_doctor_limits(slot=slot, lasts=length_of(claim, slot), now=now, but=[booking])
    values = values_of(claim, window=window, rooms=rooms, now=now) | {
        "movable": MOVABLE,
        "old_starts_at": booking.starts_at,
        "limits_checked": True,
    }
    for _try in range(TRIES):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(MOVE, values)
                moved = cursor.fetchone()
        except IntegrityError as error:
            # Only the beginning: a sharded table's constraint carries a number behind its name.
            if not constraint_of(error).startswith("booking_"):
                raise
            moved = None
        if moved is not None:
            return as_claimed(booking.pk, moved, released)
        cleared = release_holds_in_the_way(
            slot=slot, patient=claim.patient, kept=kept_by(claim, slot), rooms=rooms, now=now
        )
        released += cleared
        if not cleared and not rooms:
            break
    same = Booking.objects.filter(pk=booking.pk, status__in=MOVABLE, starts_at=booking.starts_at)
    raise why_not(claim, window=window, now=now) if same.exists() else BookingOver


def within_reschedule_notice(booking: Booking, *, rules: ClinicSettings, now: datetime) -> bool:
    """Whether the patient may still move it without calling the clinic."""
    return within_notice(booking, minutes=rules.reschedule_notice_minutes, now=now)


def can_reschedule(booking: Booking, *, rules: ClinicSettings, now: datetime) -> bool:
    """Whether the patient may move it now."""
    ahead = booking.status in MOVABLE and booking.starts_at > now
    return ahead and within_reschedule_notice(booking, rules=rules, now=now)


def as_it_was(booking: Booking) -> dict[str, str]:
    """Time, slot and doctor, to be kept with the event that changes them."""
    return {
        "starts_at": booking.starts_at.isoformat(),
        "ends_at": booking.ends_at.isoformat(),
        "slot": str(booking.slot_id or ""),
        "doctor": str(booking.doctor_id),
    }
