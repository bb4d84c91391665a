"""Moves by staff that the patient has not been told of, because they can still be undone."""

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
    """The time and doctor that the patient knows, as `{"announced": …}`, if a move is not announced yet.

    Empty if the patient knows the present ones.
    """
    details = _last_unannounced_move(booking)
    return {"announced": details["announced"]} if "announced" in details else {}


def _last_unannounced_move(booking: Booking) -> dict[str, Any]:
    """The details of the last move, if it is not announced yet; else empty."""
    last = last_move(booking) if booking.undo_until else None
    details: dict[str, Any] = last.details if last else {}
    return details
