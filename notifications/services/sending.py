"""Send a message that is due, and record the result in the ledger."""

from contextlib import AbstractContextManager, nullcontext
from datetime import datetime

from notifications.errors import PermanentFailure
from notifications.models import Channel, Message
from notifications.services.combining import LOOK_AGAIN_AFTER, claim_for_sending, waits_for_other
from notifications.services.email_channel import send_email
from notifications.services.ledger import drop, drop_all, mark_sent, park, postpone, start_sending
from notifications.services.timing import earliest_due, zone_of_recipient
from notifications.services.validity import reason_not_to_send
from tenants.accounts.attempt_limits import limited_mail
from tenants.accounts.errors import TooManyAttempts
from tenants.accounts.models import User
from tenants.queue.jobs import enqueue

_SENDERS = {Channel.EMAIL: send_email}
"""Sends a message over a channel, calls `on_accepted` with the provider's id as soon as it is accepted, and
raises `PermanentFailure` if it never will be, and OSError if it may be later."""


def send_message(*, message: Message, now: datetime) -> bool:
    """Send a planned message, unless it has been sent or is outdated.

    :return: whether it was sent
    :raises OSError: the server cannot be reached, or refuses temporarily
    """
    if not _is_to_be_sent(message, now=now) or not start_sending(message):
        return False
    if not claim_for_sending(message, now=now):
        postpone(message, due_at=message.due_at)
        enqueue(kind="message", row_id=message.pk, due_at=now)  # to read it again
        return False
    return _send(message, now=now)


def _is_to_be_sent(message: Message, *, now: datetime) -> bool:
    """Return whether a message is to be sent now. If it never is, or later, record that."""
    if not message.is_waiting:
        return False
    if reason := reason_not_to_send(message, now=now):
        drop(message, because=reason, now=now)
        return False
    if waits_for_other(message):
        enqueue(kind="message", row_id=message.pk, due_at=now + LOOK_AGAIN_AFTER)
        return False
    due = earliest_due(message.kind, now=now, zone=zone_of_recipient(message))
    if due > now:
        postpone(message, due_at=due)
        enqueue(kind="message", row_id=message.pk, due_at=due)
        return False
    return True


def _send(message: Message, *, now: datetime) -> bool:
    """Send a message over its channel, and record the result. Return whether it was sent."""

    def record(provider_id: str) -> None:
        mark_sent(message, provider_id=provider_id, now=now)

    try:
        with _limited(message.recipient, now=now):
            _SENDERS[Channel(message.channel)](message, record)
    except TooManyAttempts:
        drop(message, because=Message.NotSent.UNCONFIRMED, now=now)
        return False
    except PermanentFailure as failure:
        park(message, because=failure.because, error=failure.answer, now=now)
        return False
    return True


def _limited(recipient: User, *, now: datetime) -> AbstractContextManager[None]:
    """Limit the emails a day to an address that nobody has confirmed. Links that confirm it do not count.

    An address that belongs to another account is treated alike, because users can see what they were sent.
    """
    if recipient.email_verified_at is not None:
        return nullcontext()
    return limited_mail("unconfirmed mail by mailbox", email=recipient.email, now=now)


def cancel_messages_after_restore(*, now: datetime) -> int:
    """Cancel the waiting messages of a restored clinic: the exported clinic sends them.

    :return: how many messages were cancelled
    """
    return drop_all(Message.objects.waiting(), because=Message.NotSent.RESTORED, now=now)
