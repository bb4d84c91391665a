"""What the event of a move by staff stores, and what can be read from it.

In addition to the previous time, `details` has:

- `told`: the time, doctor, place and visit type that the patient was told last, as in the previous details
- `quiet_since`: when the first of the moves was made that nobody has been told of
- `was`: what an undo restores: `overbooked`, `room`, `attendance_confirmed_at`, and the ids of the overbooked
  visits that were `beside` it
- `undone`: whether this move was undone; `undoes`: the id of the event that this one undoes
"""

from datetime import datetime, timedelta
from typing import Any, Literal

from scheduling.bookings.reschedule import previous_details, told_before
from scheduling.models import Booking, BookingEvent

UNDO_DELAY = timedelta(seconds=15)
"""How long staff can undo a move. Nobody is told of it before."""
LATE_UNDO = timedelta(seconds=3)
"""How much later an undo may arrive, if the move was not announced meanwhile."""
OFFER_DELAY = UNDO_DELAY + LATE_UNDO + timedelta(seconds=2)
"""When the waiting list is told of offers of the time that a move released: after the last possible undo."""

Difference = Literal["nothing", "length", "time"]


def move_details(booking: Booking, *, beside: list[str], now: datetime) -> dict[str, Any]:
    """The details of a move by staff.

    :param booking: as it was before the move
    :param beside: the ids of the overbooked visits that overlapped it
    """
    confirmed_at = booking.attendance_confirmed_at
    return {
        **previous_details(booking),
        "status": booking.status,
        "version": booking.version + 1,
        "told": told_before(booking).get("told") or previous_details(booking),
        "quiet_since": _quiet_since(booking) or now.isoformat(),
        "was": {
            "overbooked": booking.overbooked,
            "room": str(booking.room_id or ""),
            "attendance_confirmed_at": confirmed_at and confirmed_at.isoformat(),
            "beside": beside,
        },
    }


def _quiet_since(booking: Booking) -> str:
    """When the first unannounced move of the booking was made; empty if there is none."""
    if booking.undo_until is None:
        return ""
    last = last_move(booking)
    return str(last.details.get("quiet_since", "")) if last else ""


def last_move(booking: Booking) -> BookingEvent | None:
    """The last event that moved the booking."""
    moves = booking.events.filter(kind=BookingEvent.Kind.RESCHEDULED)
    return moves.order_by("created_at", "id").last()


def difference_from_told(event: BookingEvent, booking: Booking) -> Difference:
    """What differs between the booking as it is and as the patient was told before the move.

    :param event: a reschedule, by staff or by the patient
    """
    told = event.details.get("told") or event.details
    present = previous_details(booking)
    # Events from before places were stored do not have theirs.
    names = [name for name in ("starts_at", "doctor", "place", "visit_type") if name in told]
    if any(told[name] != present[name] for name in names):
        return "time"
    return "nothing" if told["ends_at"] == present["ends_at"] else "length"
