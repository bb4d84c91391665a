"""The email that a patient would get about a cancellation or with a message, without sending it."""

from datetime import datetime

from django.db import transaction

from notifications.models import Message
from notifications.recipients import recipients_of
from notifications.rendering import Content, content_of
from scheduling.bookings.unannounced_moves import announced_before
from scheduling.models import Booking, BookingEvent
from tenants.accounts.models import User

_EVENTS = {
    Message.Kind.CANCELLATION: BookingEvent.Kind.CANCELLED,
    Message.Kind.CLINIC_NOTE: BookingEvent.Kind.WRITTEN_TO,
}


def email_preview(
    *, booking: Booking, kind: Message.Kind, text: str, by: User, now: datetime
) -> Content | None:
    """Return the email of this kind about a booking with this text; None if nobody would get it.

    The change is written as far as the email reads it, and rolled back.

    :param kind: CANCELLATION or CLINIC_NOTE
    """
    recipient = next(iter(recipients_of(booking)), None)
    if recipient is None:
        return None
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
        content = content_of(message)
        transaction.set_rollback(True)
    return content
