"""Whether a planned message is still true and wanted when it is due."""

from datetime import datetime

from notifications.models import Message
from notifications.preferences import is_wanted
from notifications.services.staff_notices import staff_reason_not_to_send
from notifications.staff_topics import STAFF_KINDS
from scheduling.models import Booking, BookingEvent, WaitlistOffer

Kind = Message.Kind


def reason_not_to_send(message: Message, *, now: datetime) -> str:
    """Return why a message must not be sent any more; empty if it is to be sent."""
    if message.kind == Kind.OFFER and not _is_open(offer_of(message.required_booking()), now=now):
        return Message.NotSent.OFFER_OVER
    if now > message.not_after:
        return Message.NotSent.TOO_LATE
    if not message.recipient.is_active:
        return Message.NotSent.ACCOUNT_CLOSED
    if message.kind in STAFF_KINDS:
        return staff_reason_not_to_send(message)
    if not is_wanted(message.recipient, kind=message.kind, channel=message.channel):
        return Message.NotSent.NOT_WANTED
    return _later_change(message)


def _later_change(message: Message) -> str:
    """Return the later change of the booking that outdates a message; empty if there is none."""
    booking = message.required_booking()
    status = booking.status
    if message.kind not in (Kind.CANCELLATION, Kind.OFFER_WITHDRAWN) and status == Booking.Status.CANCELLED:
        return Message.NotSent.CANCELLED_SINCE
    if message.kind == Kind.REQUESTED and status != Booking.Status.PENDING:
        return Message.NotSent.CONFIRMED_SINCE
    if message.kind in (Kind.RESCHEDULED, Kind.DETAILS_CHANGED) and _is_outdated(message):
        return Message.NotSent.MOVED_SINCE
    if message.kind == Kind.CONFIRMATION and status == Booking.Status.PENDING:
        return Message.NotSent.MOVED_SINCE
    return ""


def _is_outdated(message: Message) -> bool:
    """Return whether a later message says all that a message about a new time or new details says.

    After a reschedule, new details alone do not count: that message does not say that the time has changed.
    """
    booking = message.required_booking()
    if message.version == booking.version:
        return False
    if message.kind == Kind.DETAILS_CHANGED:
        return True
    moves = booking.events.filter(kind=BookingEvent.Kind.RESCHEDULED, details__version__gt=message.version)
    return moves.exists()


def offer_of(booking: Booking) -> WaitlistOffer | None:
    """Return the waiting list offer that a booking was held for, if any."""
    return WaitlistOffer.objects.filter(booking=booking).first()


def _is_open(offer: WaitlistOffer | None, *, now: datetime) -> bool:
    """Return whether an offer can still be answered."""
    return offer is not None and offer.outcome == WaitlistOffer.Outcome.OPEN and now < offer.ends_at
