"""Queue handlers of the notifications app."""

import uuid
from datetime import datetime

from notifications.models import Message
from notifications.services.account_emails import (
    announce_email_change,
    send_account_closed,
    send_email_change_link,
    send_invitation,
    send_reset_link,
    send_verification_link,
)
from notifications.services.feeds import delete_feeds_after_restore
from notifications.services.planning import plan_messages
from notifications.services.repair import repair_messages
from notifications.services.sending import cancel_messages_after_restore, send_message
from scheduling.models import BookingEvent
from tenants.queue.jobs import queue_handler
from tenants.queue.nights import nightly_step
from tenants.services.restore import after_restore


@queue_handler("booking_event")
def plan_event_messages(event_id: uuid.UUID, now: datetime) -> None:
    """Plan the messages for a booking event."""
    plan_messages(
        event=BookingEvent.objects.select_related("booking__patient__user").get(pk=event_id), now=now
    )


@queue_handler("message")
def send_due_message(message_id: uuid.UUID, now: datetime) -> None:
    """Send a message that is due."""
    related = (
        "recipient",
        "event__by",
        "booking__patient__user",
        "booking__doctor",
        "booking__place",
        "booking__visit_type",
        "recipient__patient",
        "sent_with",
    )
    send_message(message=Message.objects.select_related(*related).get(pk=message_id), now=now)


@nightly_step("nightly_messages")
def repair_missing_messages(_clinic_id: uuid.UUID, now: datetime) -> None:
    """Plan reminders and the like that are missing."""
    repair_messages(now=now)


@after_restore
def cancel_waiting_messages(now: datetime) -> None:
    """Cancel the waiting messages of a restored clinic."""
    cancel_messages_after_restore(now=now)


@after_restore
def delete_feeds(_now: datetime) -> None:
    """Delete the calendar feeds of a restored clinic."""
    delete_feeds_after_restore()


@queue_handler("password_reset")
def email_reset_link(reset_id: uuid.UUID, now: datetime) -> None:
    """Email the link to reset a password."""
    send_reset_link(reset_id=reset_id, now=now)


@queue_handler("invitation")
def email_invitation(invitation_id: uuid.UUID, now: datetime) -> None:
    """Email an invitation."""
    send_invitation(invitation_id=invitation_id, now=now)


@queue_handler("email_verification")
def email_verification_link(verification_id: uuid.UUID, now: datetime) -> None:
    """Email the link to confirm an address."""
    send_verification_link(verification_id=verification_id, now=now)


@queue_handler("email_change")
def email_change_link(change_id: uuid.UUID, now: datetime) -> None:
    """Email the link that confirms a new address."""
    send_email_change_link(change_id=change_id, now=now)


@queue_handler("email_change_requested")
def email_change_request_notice(change_id: uuid.UUID, now: datetime) -> None:
    """Email the old address that a new one was requested."""
    announce_email_change(change_id=change_id, is_done=False)


@queue_handler("email_changed")
def email_change_notice(change_id: uuid.UUID, now: datetime) -> None:
    """Email the old address that a new one has replaced it."""
    announce_email_change(change_id=change_id, is_done=True)


@queue_handler("account_closed")
def email_account_closed(closing_id: uuid.UUID, now: datetime) -> None:
    """Email the confirmation that an account is closed."""
    send_account_closed(closing_id=closing_id, now=now)
