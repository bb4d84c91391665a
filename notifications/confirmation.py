"""Whether a booking was ever more than a request that the clinic has to confirm, according to its history."""

from notifications.models import Message
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
    for event in booking.events.filter(kind__in=[_Kind.BOOKED, _Kind.RESCHEDULED, _Kind.CONFIRMED]):
        if event.kind == _Kind.CONFIRMED or event.details.get("status") == _Status.CONFIRMED:
            return True
        if event.kind == _Kind.BOOKED and "status" not in event.details:
            return not _only_requested(booking)
    return False


def _only_requested(booking: Booking) -> bool:
    """Return whether the emails about a booking were about a request, for one without a recorded status."""
    kinds = set(Message.objects.filter(event__booking=booking).values_list("kind", flat=True))
    return Message.Kind.REQUESTED in kinds and Message.Kind.CONFIRMATION not in kinds
