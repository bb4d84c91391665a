"""Moves by staff without a message to the patient yet, because they can still be undone."""

import uuid
from collections.abc import Mapping
from copy import copy
from datetime import datetime
from typing import Any

from scheduling.models import Booking, BookingEvent


def last_move(booking: Booking) -> BookingEvent | None:
    """The last event that moved the booking."""
    moves = booking.events.filter(kind=BookingEvent.Kind.RESCHEDULED)
    return moves.order_by("created_at", "id").last()


def unannounced_since(booking: Booking) -> str:
    """When the first unannounced move of the booking was made; empty if there is none."""
    return str(_last_unannounced_move(booking).get("unannounced_since", ""))


def announced_before(booking: Booking) -> dict[str, dict[str, str]]:
    """The time and doctor in the patient's last message, as `{"announced": …}`.

    Empty if no move is waiting to be announced.
    """
    details = _last_unannounced_move(booking)
    return {"announced": details["announced"]} if "announced" in details else {}


def with_details(booking: Booking, details: Mapping[str, str]) -> Booking:
    """A copy of the booking with the time, doctor, place and visit type in `details`. Do not save it."""
    changed = copy(booking)
    changed.starts_at = datetime.fromisoformat(details["starts_at"])
    changed.ends_at = datetime.fromisoformat(details["ends_at"])
    changed.doctor_id = uuid.UUID(details["doctor"])
    changed.place_id = uuid.UUID(details["place"]) if details["place"] else None
    changed.visit_type_id = uuid.UUID(details["visit_type"]) if details["visit_type"] else None
    return changed


def _last_unannounced_move(booking: Booking) -> dict[str, Any]:
    """The details of the last move, if it is not announced yet; else empty."""
    last = last_move(booking) if booking.undo_until else None
    details: dict[str, Any] = last.details if last else {}
    return details
