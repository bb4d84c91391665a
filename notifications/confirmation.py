"""Whether a booking was ever more than a request that the clinic has to confirm, according to its history."""

from datetime import datetime

from notifications.models import Message
from notifications.selectors import history_of
from scheduling.models import Booking, BookingEvent

_Kind, _Status = BookingEvent.Kind, Booking.Status


def is_request(event: BookingEvent) -> bool:
    """Return whether a booking awaited the clinic's approval when it was made.

    :param event: the event of the booking
    """
    status = event.details.get("status")
    if status is None:  # recorded before the status was
        approved = event.booking.events.filter(kind=_Kind.CONFIRMED)
        return event.booking.status == _Status.PENDING or approved.exists()
    return bool(status == _Status.PENDING)


def was_confirmed(booking: Booking) -> bool:
    """Return whether the booking was ever confirmed: when it was made, when it was moved, or by the clinic.

    If not, nothing was booked for its patient: their calendar does not contain it.
    """
    return first_confirmed_at(booking) is not None


def first_confirmed_at(booking: Booking) -> datetime | None:
    """Return when the booking was first confirmed; None if it never was."""
    for event in history_of(booking):
        if event.kind == _Kind.CONFIRMED:
            return event.at
        if event.kind in (_Kind.BOOKED, _Kind.RESCHEDULED) and event.status == _Status.CONFIRMED:
            return event.at
        if event.kind == _Kind.BOOKED and event.status is None:
            return None if _only_requested(booking) else event.at
    return None


def _only_requested(booking: Booking) -> bool:
    """Return whether the emails about a booking were about a request, for one without a recorded status."""
    kinds = set(Message.objects.filter(event__booking=booking).values_list("kind", flat=True))
    return Message.Kind.REQUESTED in kinds and Message.Kind.CONFIRMATION not in kinds
