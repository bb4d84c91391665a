"""The email that a patient would get if an appointment were cancelled, without cancelling it."""

from datetime import datetime

from django.db import transaction

from notifications.models import Message
from notifications.recipients import recipients_of
from notifications.rendering import Content, content_of
from scheduling.models import Booking, BookingEvent
from tenants.accounts.models import User


def cancellation_preview(*, booking: Booking, reason: str, by: User, now: datetime) -> Content | None:
    """Return the email about the cancellation of a booking with this reason; None if nobody would get it.

    The cancellation is written as far as the email reads it, and rolled back.
    """
    recipient = next(iter(recipients_of(booking)), None)
    if recipient is None:
        return None
    with transaction.atomic():
        Booking.objects.filter(pk=booking.pk).update(status=Booking.Status.CANCELLED, cancelled_at=now)
        event = BookingEvent.objects.create(
            booking=booking, kind=BookingEvent.Kind.CANCELLED, by=by, note=reason, created_at=now
        )
        message = Message(
            booking=Booking.objects.get(pk=booking.pk),
            version=booking.version,
            event=event,
            recipient=recipient,
            kind=Message.Kind.CANCELLATION,
            due_at=now,
            not_after=booking.starts_at,
        )
        content = content_of(message)
        transaction.set_rollback(True)
    return content
