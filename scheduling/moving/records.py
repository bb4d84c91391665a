"""What the event of a move by staff stores, and what can be read from it.

In addition to the previous time, `details` has:

- `announced`: the time, doctor, place and visit type in the patient's last message, as in the previous
  details
- `unannounced_since`: the time of the first move without a message to the patient
- `restores`: what an undo restores: `overbooked`, `room`, `attendance_confirmed_at`, and `overlapped`: the
  ids of the overbooked visits that overlapped it
- `undone`: whether this move was undone; `undoes`: the id of the event that this one undoes
"""

from datetime import datetime, timedelta
from typing import Any, Literal

from scheduling.bookings.reschedule import previous_details
from scheduling.bookings.unannounced_moves import announced_before, unannounced_since
from scheduling.models import Booking, BookingEvent

UNDO_DELAY = timedelta(seconds=15)
"""How long staff can undo a move. It is announced after that."""
LATE_UNDO = timedelta(seconds=3)
"""How much later an undo may arrive, if the move was not announced meanwhile."""
OFFER_DELAY = UNDO_DELAY + LATE_UNDO + timedelta(seconds=2)
"""How long after a move to send the offers of the time that it released: after the last possible undo."""

Difference = Literal["nothing", "length", "time"]


def move_details(booking: Booking, *, overlapped: list[str], now: datetime) -> dict[str, Any]:
    """The details of a move by staff.

    :param booking: as it was before the move
    :param overlapped: the ids of the overbooked visits that overlapped it
    """
    confirmed_at = booking.attendance_confirmed_at
    return {
        **previous_details(booking),
        "status": booking.status,
        "version": booking.version + 1,
        "announced": announced_before(booking).get("announced") or previous_details(booking),
        "unannounced_since": unannounced_since(booking) or now.isoformat(),
        "restores": {
            "overbooked": booking.overbooked,
            "room": str(booking.room_id or ""),
            "attendance_confirmed_at": confirmed_at and confirmed_at.isoformat(),
            "overlapped": overlapped,
        },
    }


def difference_from_announced(event: BookingEvent, booking: Booking) -> Difference:
    """What differs between the booking as it is and as it was in the patient's last message before the move.

    :param event: a reschedule, by staff or by the patient
    """
    known = event.details.get("announced") or event.details
    present = previous_details(booking)
    # Events from before places were stored do not have theirs.
    names = [name for name in ("starts_at", "doctor", "place", "visit_type") if name in known]
    if any(known[name] != present[name] for name in names):
        return "time"
    return "nothing" if known["ends_at"] == present["ends_at"] else "length"
