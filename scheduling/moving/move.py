"""Staff move a visit to any time of a doctor, or change its length, and can undo it for some seconds."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from clinics.models import Doctor
from scheduling.availability.booking_rules import busy_elsewhere
from scheduling.availability.doctor_limits import reached_limits
from scheduling.availability.next_open_slot import on_booked, tracking_changes
from scheduling.bookings.events import record_event
from scheduling.bookings.last_change import last_change
from scheduling.bookings.release_holds import settling_expired_holds
from scheduling.bookings.release_time import release_time
from scheduling.bookings.unannounced_moves import last_move
from scheduling.calendar.local_times import clinic_day
from scheduling.errors import BookingChanged, BookingNotChangeable, BusyElsewhere, LimitReached, SameTime
from scheduling.hours.services import lock_schedule
from scheduling.models import Booking, BookingEvent, Place
from scheduling.moving.claim import NewTime, claim_time, visits_in_the_way
from scheduling.moving.errors import OutsideHours
from scheduling.moving.records import OFFER_DELAY, UNDO_DELAY, move_details
from scheduling.moving.working_time import get_place, outside_hours_reasons, place_at
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import User
from tenants.base.errors import InvalidInput
from tenants.base.retry import retry_conflicts

_Status = Booking.Status
_MOVABLE = [_Status.PENDING, _Status.CONFIRMED, _Status.CHECKED_IN]
_RESIZABLE = [*_MOVABLE, _Status.IN_PROGRESS]
_SHORTEST, _LONGEST = timedelta(minutes=5), timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class MoveRequest:
    """Where staff want a visit. None keeps what the booking has; the place follows the doctor's hours."""

    starts_at: datetime
    ends_at: datetime | None = None
    doctor: Doctor | None = None
    place: Place | None = None
    at_own_address: bool = False
    """Whether it is to be at the clinic's own address, wherever the doctor works then."""
    overbook: bool = False
    """Book a taken time in addition to others, and beyond the doctor's limits."""
    outside_hours: bool = False
    """Whether the time was confirmed, although the doctor does not see patients then."""


@retry_conflicts
@settling_expired_holds
def move_visit(
    *, booking: Booking, request: MoveRequest, version: int, by: User, note: str = "", now: datetime
) -> Booking:
    """Move the booking to any time of a doctor, or change its length. Slots need not start then.

    No message is sent for `UNDO_DELAY`, so that the move can be undone. Repeating a move that was made has no
    effect.

    :param version: the version of the booking that the move is based on
    :param note: a message to the patient
    :raises BookingChanged: somebody else has changed the booking since that version
    :raises BookingNotChangeable: its status does not allow it, or it is over
    :raises SameTime: nothing would change
    :raises InvalidInput: the visit would be too short or too long
    :raises OutsideHours: the doctor does not see patients then, and it was not confirmed
    :raises LimitReached: the doctor's limit of that day or week is reached
    :raises DomainError: the time is taken, or another rule forbids it; as `claim_time`
    """
    time = _requested_time(booking, request)
    with transaction.atomic(), tracking_changes():
        # Time off that is given at the same time waits for this lock, and then finds the visit in it.
        lock_schedule(time.doctor)
        locked = lock_booking(booking)
        if locked.version != version:
            if _is_repeated(locked, time, version=version, by=by):
                return Booking.objects.shown().get(pk=booking.pk)
            raise BookingChanged(last_change(locked))
        time = _checked_time(locked, time, request, now=now)
        overlapped = [str(pk) for pk in _overlapping_overbookings(locked, now=now)]
        time = replace(time, overlapped=tuple(overlapped), undo_until=now + UNDO_DELAY)
        claimed = claim_time(locked, time, now=now)
        _record(locked, claimed, overlapped=overlapped, by=by, note=note, now=now)
        release_time(locked, notify_at=now + OFFER_DELAY, now=now)
        on_booked(doctor_id=time.doctor.pk, starts_at=time.starts_at, now=now)
    return Booking.objects.shown().get(pk=booking.pk)


def lock_booking(booking: Booking) -> Booking:
    """The booking as it is, locked until the transaction ends."""
    rows = Booking.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("doctor", "patient", "visit_type", "place").get(pk=booking.pk)


def _requested_time(booking: Booking, request: MoveRequest) -> NewTime:
    """The time that is requested, at the place where the doctor works then.

    :raises InvalidInput: the visit would be too short or too long
    """
    doctor = request.doctor or booking.doctor
    ends_at = request.ends_at or request.starts_at + (booking.ends_at - booking.starts_at)
    if not _SHORTEST <= ends_at - request.starts_at <= _LONGEST:
        raise InvalidInput(errors={"ends_at": [_("A visit lasts from 5 minutes to 8 hours.")]})
    keeps_start = (doctor.pk, request.starts_at) == (booking.doctor_id, booking.starts_at)
    place = None if request.at_own_address else request.place or booking.place
    if request.place is None and not request.at_own_address and not keeps_start:
        works, place_id = place_at(doctor, request.starts_at)
        place = get_place(place_id) if works else booking.place
    return NewTime(doctor, request.starts_at, ends_at, place, may_overbook=request.overbook)


def _is_repeated(booking: Booking, time: NewTime, *, version: int, by: User) -> bool:
    """Whether the same person has just made the same move, and the response was lost."""
    last = last_move(booking)
    return (
        last is not None
        and last.by_id == by.pk
        and booking.version == last.details.get("version") == version + 1
        and (booking.doctor_id, booking.starts_at, booking.ends_at)
        == (time.doctor.pk, time.starts_at, time.ends_at)
    )


def _checked_time(booking: Booking, time: NewTime, request: MoveRequest, *, now: datetime) -> NewTime:
    """The time with what the booking keeps, checked against the rules that staff can confirm.

    :raises DomainError: as `move_visit`
    """
    keeps_start = (time.doctor.pk, time.starts_at, time.place) == (
        booking.doctor_id,
        booking.starts_at,
        booking.place,
    )
    if keeps_start and time.ends_at == booking.ends_at:
        raise SameTime
    if booking.ends_at <= now or booking.status not in (_RESIZABLE if keeps_start else _MOVABLE):
        raise BookingNotChangeable
    if time.ends_at <= now:
        raise InvalidInput(errors={"ends_at": [_("This time is over. Choose a later end.")]})
    time = replace(
        time,
        keeps_start=keeps_start,
        room_id=booking.room_id,
        attendance_confirmed_at=booking.attendance_confirmed_at if keeps_start else None,
        may_overbook=request.overbook or _stays_overbooked(booking, time, now=now),
    )
    if not request.outside_hours:
        _check_hours(booking, time, keeps_start=keeps_start)
    if not request.overbook:
        _check_limits(booking, time, now=now)
        _check_outside_calendars(booking, time, keeps_start=keeps_start)
    return time


def _check_hours(booking: Booking, time: NewTime, *, keeps_start: bool) -> None:
    """Check that the doctor sees patients then; of a visit that keeps its start, in the time that is added.

    :raises OutsideHours: the doctor does not, and staff have not confirmed it
    """
    begins = booking.ends_at if keeps_start else time.starts_at
    if begins >= time.ends_at:
        return
    place = time.place.pk if time.place else None
    reasons = outside_hours_reasons(time.doctor, begins, time.ends_at, place=place)
    if reasons:
        raise OutsideHours({"reasons": [{"rule": one.rule, "words": one.message} for one in reasons]})


def _check_limits(booking: Booking, time: NewTime, *, now: datetime) -> None:
    """Check the doctor's limits of the day and week. The doctor's row is locked already.

    :raises LimitReached: the visit would exceed one
    """
    doctor = Doctor.objects.get(pk=time.doctor.pk)  # read again, since it is locked
    if reached_limits(
        doctor,
        day=clinic_day(time.starts_at),
        length=time.ends_at - time.starts_at,
        excluding=[booking],
        now=now,
    ):
        raise LimitReached


def _check_outside_calendars(booking: Booking, time: NewTime, *, keeps_start: bool) -> None:
    """Check the time that a longer visit takes. Any other time is checked when it is written.

    :raises BusyElsewhere: the doctor is busy in an outside calendar then
    """
    if keeps_start and busy_elsewhere(time.doctor.pk, booking.ends_at, time.ends_at).exists():
        raise BusyElsewhere({"alternatives": []})


def _overlapping_overbookings(booking: Booking, *, now: datetime) -> set[uuid.UUID]:
    """The overbooked visits that overlap the booking where it is now."""
    return set(_conflicts_now(booking, now=now).filter(overbooked=True).values_list("pk", flat=True))


def _stays_overbooked(booking: Booking, time: NewTime, *, now: datetime) -> bool:
    """Whether an overbooked visit would overlap only visits that it overlaps now: no new confirmation."""
    if not booking.overbooked:
        return False
    before = set(_conflicts_now(booking, now=now).values_list("pk", flat=True))
    return set(visits_in_the_way(booking, time, now=now).values_list("pk", flat=True)) <= before


def _conflicts_now(booking: Booking, *, now: datetime) -> Any:
    present = NewTime(booking.doctor, booking.starts_at, booking.ends_at, booking.place)
    return visits_in_the_way(booking, present, now=now)


def _record(
    booking: Booking, time: NewTime, *, overlapped: list[str], by: User, note: str, now: datetime
) -> None:
    """Write the event, with a job that is due when the move can no longer be undone, and the audit entry.

    :param booking: as it was before the move
    """
    record_event(
        booking,
        BookingEvent.Kind.RESCHEDULED,
        by=by,
        note=note,
        details=move_details(booking, overlapped=overlapped, now=now),
        due_at=time.undo_until,
        now=now,
    )
    what = AuditAction.OVERBOOKED if time.overbooked else AuditAction.RESCHEDULED
    write_audit_entries(what=what, by=by, about=[booking, booking.patient])
