"""The email and text message that a patient would get about a cancellation or with a message."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from notifications.models import Channel, Message
from notifications.reach import reach_of
from notifications.recipients import recipients_of
from notifications.rendering import Content, content_of
from scheduling.bookings.unannounced_moves import announced_before
from scheduling.models import Booking, BookingEvent
from tenants.accounts.models import User

_EVENTS = {
    Message.Kind.CANCELLATION: BookingEvent.Kind.CANCELLED,
    Message.Kind.CLINIC_NOTE: BookingEvent.Kind.WRITTEN_TO,
}


@dataclass(frozen=True, slots=True)
class MessagePreview:
    """What the first recipient of a message about a booking would get. Nothing is sent."""

    email: Content | None
    """None if only the text message reaches the recipient."""
    sms: str
    """The text message; empty if none would be sent."""


def message_preview(
    *, booking: Booking, kind: Message.Kind, text: str, by: User, now: datetime
) -> MessagePreview | None:
    """Return the messages of this kind about a booking with this text; None if nobody would get one.

    The change is written as far as the messages read it, and rolled back.

    :param kind: CANCELLATION or CLINIC_NOTE
    """
    recipient = next(iter(recipients_of(booking)), None)
    if recipient is None:
        return None
    (reach,) = reach_of([booking], kind=kind)
    with transaction.atomic():
        if kind == Message.Kind.CANCELLATION:
            Booking.objects.filter(pk=booking.pk).update(status=Booking.Status.CANCELLED, cancelled_at=now)
        event = BookingEvent.objects.create(
            booking=booking,
            kind=_EVENTS[kind],
            by=by,
            note=text,
            details=announced_before(booking),
            created_at=now,
        )
        message = Message(
            booking=Booking.objects.get(pk=booking.pk),
            version=booking.version,
            event=event,
            recipient=recipient,
            kind=kind,
            due_at=now,
            not_after=booking.starts_at,
        )
        email = None if reach.channels == [Channel.SMS] else content_of(message)
        message.channel = Channel.SMS
        sms = content_of(message).text if Channel.SMS in reach.channels else ""
        transaction.set_rollback(True)
    return MessagePreview(email, sms)
