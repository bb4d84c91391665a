"""Send the messages of a clinic that are due, and record the results in the ledger."""

import uuid
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError

from notifications.errors import NotRendered, PermanentFailure, TemporaryFailure
from notifications.models import Channel, Message
from notifications.selectors import load_bookings
from notifications.services.combining import LOOK_AGAIN_AFTER, claim_for_sending, waits_for_other
from notifications.services.delivery import log_refusal, mail_session
from notifications.services.email_channel import send_email
from notifications.services.ledger import (
    drop,
    drop_all,
    mark_sent,
    park,
    postpone,
    start_sending_all,
    undo_start,
)
from notifications.services.retries import next_attempt
from notifications.services.sms_channel import send_sms
from notifications.services.timing import earliest_due, zone_of_recipient
from notifications.services.validity import reason_not_to_send
from tenants.accounts.attempt_limits import limited_mail
from tenants.accounts.errors import TooManyAttempts
from tenants.base.batch_cache import batch_cache
from tenants.queue import clock
from tenants.queue.circuit_breaker import CircuitOpen
from tenants.queue.runner import Batch

_SENDERS = {Channel.EMAIL: send_email, Channel.SMS: send_sms}
"""Sends a message over a channel, and calls `on_accepted` with the provider's id, or "", once it is accepted.

It raises `PermanentFailure` if the message never will be accepted, `TemporaryFailure` if it may be later, and
OSError if the server cannot be reached, or `CircuitOpen` if it was not tried. It has 45 seconds for that.
"""
_CHUNK = 16
"""How many messages are read at once. What they say may change until they are sent."""
_AFTER_UNDO = timedelta(seconds=2)
"""How long after the end of the undo to look at a message again. By then the move has been announced."""

log = structlog.get_logger(__name__)


def send_messages(batch: Batch) -> None:
    """Send the messages of a batch, unless they have been sent or are outdated.

    Each result is recorded at once in the ledger, and reported to the batch.
    """
    closed: dict[str, datetime] = {}
    seen: set[uuid.UUID] = set()
    with mail_session():
        while chunk := [row_id for row_id in batch.row_ids if row_id not in seen][:_CHUNK]:
            with batch_cache():
                if not _send_chunk(batch, chunk, closed):
                    return
            seen.update(chunk)


def _send_chunk(batch: Batch, ids: list[uuid.UUID], closed: dict[str, datetime]) -> bool:
    """Send some messages of a batch.

    :param closed: channels over which nothing can be sent now, and until when; updated
    :return: whether there is time for more
    """
    now = clock.queue_now()
    messages = messages_to_send(ids)
    for gone in set(ids) - {message.pk for message in messages}:
        batch.finish(gone)
    waiting = start_sending_all(
        [message for message in messages if _can_be_sent(message, batch, now=now)], now=now
    )
    for done in {message.pk for message in messages} & set(batch.row_ids) - {one.pk for one in waiting}:
        batch.finish(done)
    for number, message in enumerate(waiting):
        if not batch.may_start(message.pk):
            undo_start(waiting[number:])
            return False
        try:
            with batch.running(message.pk):
                _send_if_unchanged(message, batch, closed, now=now)
        except Exception:
            undo_start(waiting[number + 1 :])
            raise
    return True


def _send_if_unchanged(message: Message, batch: Batch, closed: dict[str, datetime], *, now: datetime) -> None:
    if message.channel in closed:
        _put_back(message, batch, until=closed[message.channel])
    elif not claim_for_sending(message, now=now):
        undo_start([message])  # the next batch reads it again
    else:
        _send(message, batch, closed, now=now)


def messages_to_send(ids: list[uuid.UUID]) -> list[Message]:
    """Return messages with the rows that their texts are made of, in the order of `ids`."""
    found = Message.objects.select_related("recipient__patient", "event__by", "sent_with").in_bulk(ids)
    messages = [found[pk] for pk in ids if pk in found]
    load_bookings(messages)
    return messages


def _can_be_sent(message: Message, batch: Batch, *, now: datetime) -> bool:
    """Return whether a message is to be sent now. One that cannot be judged does not delay the others."""
    with batch.running(message.pk):
        try:
            return _is_to_be_sent(message, batch, now=now)
        except (DatabaseError, OSError):
            raise
        except Exception as error:
            log.exception("message_not_judged", message=str(message.pk))
            for started in start_sending_all([message], now=now):
                _retry_or_park(started, batch, Message.Parked.NOT_RENDERED, type(error).__name__, now=now)
            return False


def _is_to_be_sent(message: Message, batch: Batch, *, now: datetime) -> bool:
    """Return whether a message is to be sent now. If it never is, or later, record that."""
    is_waiting = message.status in (Message.Status.PLANNED, Message.Status.SENDING)
    if not is_waiting or _waits_for_undo(message, batch, now=now):
        return False
    if reason := reason_not_to_send(message, now=now):
        drop(message, because=reason, now=now)
        return False
    if waits_for_other(message):
        batch.put_back([message.pk], until=now + LOOK_AGAIN_AFTER)
        return False
    due = earliest_due(message, now=now, zone=zone_of_recipient(message))
    if due > now:
        postpone(message, due_at=due)
        batch.put_back([message.pk], until=due)
        return False
    if next_attempt(message.attempts, now=now) is None:  # each killed its worker
        park(message, because=Message.Parked.TOO_MANY_ATTEMPTS, now=now)
        return False
    return True


def _waits_for_undo(message: Message, batch: Batch, *, now: datetime) -> bool:
    """Put a message back if staff have moved the visit and may undo it: no message has its new time yet."""
    undo_until = message.booking.undo_until if message.booking else None
    if undo_until is None:
        return False
    batch.put_back([message.pk], until=max(undo_until, now) + _AFTER_UNDO)
    return True


def _send(message: Message, batch: Batch, closed: dict[str, datetime], *, now: datetime) -> None:
    """Send a message over its channel. Record the result, and report it to the batch."""

    def record(provider_id: str) -> None:
        mark_sent(message, provider_id=provider_id, now=now)

    try:
        with _limited(message, now=now):
            _SENDERS[Channel(message.channel)](message, record)
    except TooManyAttempts:
        drop(message, because=Message.NotSent.UNCONFIRMED, now=now)
    except PermanentFailure as failure:
        log_refusal(failure, about=str(message.pk))
        park(message, because=failure.because, error=failure.answer, now=now)
    except TemporaryFailure as failure:
        _retry_or_park(
            message,
            batch,
            Message.Parked.TOO_MANY_ATTEMPTS,
            failure.answer,
            wait=failure.retry_after,
            now=now,
        )
        return
    except NotRendered as error:
        log.exception("message_not_rendered", message=str(message.pk))
        answer = type(error.__cause__).__name__
        _retry_or_park(message, batch, Message.Parked.NOT_RENDERED, answer, now=now)
        return
    except CircuitOpen as circuit:
        closed[message.channel] = circuit.until
        _put_back(message, batch, until=circuit.until)
        return
    except OSError as error:
        # Not the message's fault, so it is not counted.
        undo_start([message], error=str(error))
        batch.fail(message.pk)
        return
    batch.finish(message.pk)


def _retry_or_park(
    message: Message,
    batch: Batch,
    because: str,
    answer: str,
    *,
    wait: timedelta = timedelta(),
    now: datetime,
) -> None:
    """Send a message again after a delay that grows with its attempts, or park it after the last one.

    :param wait: how long the server asks to wait, up to the longest delay
    """
    due_at = next_attempt(message.attempts, wait=wait, now=now)
    if due_at is None:
        park(message, because=because, error=answer, now=now)
        batch.finish(message.pk)
        return
    postpone(message, due_at=due_at, error=answer)
    batch.retry(message.pk, at=due_at)


def _put_back(message: Message, batch: Batch, *, until: datetime) -> None:
    undo_start([message])
    batch.put_back([message.pk], until=until)


def _limited(message: Message, *, now: datetime) -> AbstractContextManager[None]:
    """Limit the emails a day to an address that nobody has confirmed. Links that confirm it do not count.

    An address that belongs to another account is treated alike, because users can see what they were sent.
    """
    recipient = message.recipient
    if message.channel != Channel.EMAIL or recipient.email_verified_at is not None:
        return nullcontext()
    return limited_mail("unconfirmed mail by mailbox", email=recipient.email, now=now)


def cancel_messages_after_restore(*, now: datetime) -> int:
    """Cancel the waiting messages of a restored clinic: the exported clinic sends them.

    :return: how many messages were cancelled
    """
    return drop_all(Message.objects.waiting(), because=Message.NotSent.RESTORED, now=now)
