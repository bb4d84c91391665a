"""Decide whether a move by staff is announced. From then on it cannot be undone."""

from django.db import transaction

from scheduling.models import Booking, BookingEvent
from scheduling.moving.records import last_move


def announce_move(event: BookingEvent) -> bool:
    """Close the time in which a move can be undone. Calling it again gives the same answer.

    :param event: any event of a booking
    :return: whether people are told of this event now. False for a move that was undone, or that another one
        followed: that one tells the final time
    """
    if "quiet_since" not in event.details:
        return True
    with transaction.atomic():
        _lock(event)
        last = last_move(event.booking)
        if last is None or last.pk != event.pk:
            return False
        Booking.objects.filter(pk=event.booking_id).exclude(undo_until=None).update(undo_until=None)
    return True


def _lock(event: BookingEvent) -> None:
    """Lock the booking. So does an undo: if it comes first, this is not the last move."""
    Booking.objects.select_for_update(no_key=True).only("pk").get(pk=event.booking_id)


def announce_earlier_moves(booking: Booking) -> None:
    """Let messages about the booking be sent, because the patient is told its present state now."""
    Booking.objects.filter(pk=booking.pk).exclude(undo_until=None).update(undo_until=None)


def unannounced_since(booking: Booking) -> str:
    """The `quiet_since` of the moves that nobody has been told of; empty if there are none."""
    if booking.undo_until is None:
        return ""
    last = last_move(booking)
    return str(last.details.get("quiet_since", "")) if last else ""
