"""Queue handlers of the notifications app."""

import uuid
from datetime import datetime

from notifications.models import Message
from notifications.services.account_emails import (
    send_farewell,
    send_invitation,
    send_reset_link,
    send_verification_link,
)
from notifications.services.feeds import forget_feeds_of_restored
from notifications.services.messages import hold_messages_of_restored, plan_messages, send_message
from scheduling.models import BookingEvent
from tenants.queue.jobs import handles
from tenants.services.restore import after_restore


@handles("booking_event")
def tell_of_event(event_id: uuid.UUID, now: datetime) -> None:
    """Plan the messages for a booking event."""
    plan_messages(
        event=BookingEvent.objects.select_related("booking__patient__user").get(pk=event_id), now=now
    )


@handles("message")
def send_due_message(message_id: uuid.UUID, now: datetime) -> None:
    """Send a message that is due."""
    shown = ("recipient", "event__booking__patient__user", "event__booking__doctor", "event__booking__place")
    send_message(message=Message.objects.select_related(*shown).get(pk=message_id), now=now)


@after_restore
def say_nothing_twice(now: datetime) -> None:
    """Cancel the waiting messages of a restored clinic."""
    hold_messages_of_restored(now=now)


@after_restore
def end_feeds(_now: datetime) -> None:
    """Delete the calendar feeds of a restored clinic."""
    forget_feeds_of_restored()


@handles("password_reset")
def mail_reset_link(reset_id: uuid.UUID, now: datetime) -> None:
    """Email the link to reset a password."""
    send_reset_link(reset_id=reset_id, now=now)


@handles("invitation")
def mail_invitation(invitation_id: uuid.UUID, now: datetime) -> None:
    """Email an invitation."""
    send_invitation(invitation_id=invitation_id, now=now)


@handles("email_verification")
def mail_verification_link(verification_id: uuid.UUID, now: datetime) -> None:
    """Email the link to confirm an address."""
    send_verification_link(verification_id=verification_id, now=now)


@handles("account_closed")
def mail_farewell(closing_id: uuid.UUID, now: datetime) -> None:
    """Email the confirmation that an account is closed."""
    send_farewell(closing_id=closing_id)
