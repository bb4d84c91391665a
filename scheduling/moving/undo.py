"""Undo a move by staff before it is announced."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from clinics.models import Doctor
from scheduling.availability.next_open_slot import on_booked, tracking_changes
from scheduling.bookings.events import record_event
from scheduling.bookings.release_holds import ReleaseReason, on_holds_released, release_holds
from scheduling.bookings.release_time import release_time
from scheduling.bookings.reschedule import previous_details
from scheduling.errors import PatientBusy, RoomsTaken, SlotTaken
from scheduling.hours.services import lock_schedule
from scheduling.models import Booking, BookingEvent, Place
from scheduling.moving.claim import NewTime, busy_period, claim_time
from scheduling.moving.errors import MoveNotUndoable, PreviousTimeTaken
from scheduling.moving.move import lock_booking
from scheduling.moving.records import LATE_UNDO
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import User
from tenants.base.retry import retry_conflicts


@retry_conflicts
def undo_move(*, booking: Booking, version: int, by: User, now: datetime) -> Booking:
    """Restore the time that the booking had before its last move. No message is sent.

    Repeating it has no further effect.

    :param version: the version that the move gave the booking
    :raises MoveNotUndoable: the move was announced, or the booking has changed since
    :raises PreviousTimeTaken: the previous time was taken meanwhile
    """
    move = _move(booking, version)
    if move is None:
        raise MoveNotUndoable
    time = _previous_time(move)
    with transaction.atomic(), tracking_changes():
        lock_schedule(time.doctor)
        locked = lock_booking(booking)
        if _is_undone(move, version):
            return Booking.objects.shown().get(pk=booking.pk)
        _check_undoable(locked, move, version=version, now=now)
        _withdraw_offers(locked, move, time, by=by, now=now)
        try:
            claim_time(locked, time, now=now)
        except (SlotTaken, PatientBusy, RoomsTaken) as refusal:
            raise PreviousTimeTaken(refusal.data) from refusal
        _record(locked, move, by=by, now=now)
        release_time(locked, now=now)
        on_booked(doctor_id=time.doctor.pk, starts_at=time.starts_at, now=now)
    return Booking.objects.shown().get(pk=booking.pk)


def _move(booking: Booking, version: int) -> BookingEvent | None:
    """The move by staff that gave the booking this version."""
    moves = booking.events.filter(kind=BookingEvent.Kind.RESCHEDULED, details__version=version)
    return moves.filter(details__has_key="restores").first()


def _is_undone(move: BookingEvent, version: int) -> bool:
    """Whether the move is undone, and nothing has moved the booking since."""
    undoing = BookingEvent.objects.filter(booking=move.booking_id, details__undoes=str(move.pk))
    return undoing.filter(booking__version=version + 1).exists()


def _check_undoable(booking: Booking, move: BookingEvent, *, version: int, now: datetime) -> None:
    """Check that the move is the last change of the booking, and was not announced.

    :raises MoveNotUndoable: it is not, or it was
    """
    is_last = (
        booking.version == version and not booking.events.filter(created_at__gt=move.created_at).exists()
    )
    if not is_last or booking.undo_until is None or now > booking.undo_until + LATE_UNDO:
        raise MoveNotUndoable


def _previous_time(move: BookingEvent) -> NewTime:
    """The time that the booking had before the move."""
    details, restored = move.details, move.details["restores"]
    confirmed_at = restored["attendance_confirmed_at"]
    return NewTime(
        doctor=Doctor.objects.get(pk=details["doctor"]),
        starts_at=datetime.fromisoformat(details["starts_at"]),
        ends_at=datetime.fromisoformat(details["ends_at"]),
        place=Place.objects.filter(pk=details["place"]).first() if details["place"] else None,
        room_id=uuid.UUID(restored["room"]) if restored["room"] else None,
        attendance_confirmed_at=confirmed_at and datetime.fromisoformat(confirmed_at),
        overbooked=restored["overbooked"],
        keeps_start=True,
        overlapped=tuple(restored["overlapped"]),
    )


def _withdraw_offers(booking: Booking, move: BookingEvent, time: NewTime, *, by: User, now: datetime) -> None:
    """Withdraw the offers of the previous time that the move led to. No message about them was sent yet."""
    made = Booking.objects.filter(
        Q(doctor=time.doctor) | Q(room=time.room_id or uuid.UUID(int=0)),
        status=Booking.Status.HELD,
        offer__isnull=False,
        created_at=move.created_at,
    ).overlapping(*busy_period(booking, time))
    released = release_holds(made, by=by, because=ReleaseReason.TIME_CLOSED, now=now)
    on_holds_released(released, now=now)


def _record(booking: Booking, move: BookingEvent, *, by: User, now: datetime) -> None:
    """Write the event, its job and the audit entry, and mark the move as undone.

    :param booking: as it was before the undo
    """
    # An earlier move that was not announced either is announced now.
    record_event(
        booking,
        BookingEvent.Kind.RESCHEDULED,
        by=by,
        details={
            **previous_details(booking),
            "status": booking.status,
            "version": booking.version + 1,
            "announced": move.details["announced"],
            "unannounced_since": move.details["unannounced_since"],
            "undoes": str(move.pk),
        },
        now=now,
    )
    BookingEvent.objects.filter(pk=move.pk).update(details={**move.details, "undone": True})
    write_audit_entries(what=AuditAction.STEP_UNDONE, by=by, about=[booking, booking.patient])
