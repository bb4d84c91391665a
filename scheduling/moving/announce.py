"""Decide whether a move by staff is announced. From then on it cannot be undone."""

from django.db import transaction

from scheduling.bookings.unannounced_moves import last_move
from scheduling.models import Booking, BookingEvent


def announce_move(event: BookingEvent) -> bool:
    """End the time in which a move can be undone. Calling it again returns the same.

    :param event: any event of a booking
    :return: whether to send the messages about this event. False for a move that was undone, and for one that
        another move followed, because the messages about that one have the final time
    """
    if "unannounced_since" not in event.details:
        return True
    with transaction.atomic():
        _lock(event)
        last = last_move(event.booking)
        if last is None or last.pk != event.pk:
            return False
        Booking.objects.filter(pk=event.booking_id).exclude(undo_until=None).update(undo_until=None)
    return True


def _lock(event: BookingEvent) -> None:
    """Lock the booking, as an undo does. If the undo comes first, this is not the last move any more."""
    Booking.objects.select_for_update(no_key=True).only("pk").get(pk=event.booking_id)


def announce_earlier_moves(booking: Booking) -> None:
    """End the time to undo moves of a booking, because a message with its present state is sent now."""
    Booking.objects.filter(pk=booking.pk).exclude(undo_until=None).update(undo_until=None)
