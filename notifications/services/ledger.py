"""The transitions of messages: planned, being sent, sent, dropped, parked. Nothing else writes the status.

Each transition is one UPDATE that names the status before it, so of two concurrent ones only one succeeds.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F

from notifications.models import Message, MessageQuerySet
from tenants.queue.jobs import enqueue, enqueue_all

_MAX_ERROR = 500
"""Characters of an error that are stored."""
_SENDABLE = [Message.Status.PLANNED, Message.Status.SENDING]
"""SENDING too: after the worker that was sending it died, another one sends it again."""

_START = """
UPDATE notifications_message SET updated_at = %(now)s, status = 'SENDING', attempts = attempts + 1
WHERE id = ANY(%(ids)s) AND status = ANY(%(sendable)s)
RETURNING id, attempts
"""


@transaction.atomic
def plan_all(messages: Iterable[Message]) -> list[Message]:
    """Store planned messages, each with its job in the queue. Those that exist already are left as they are.

    A message exists if there is one about the same version of the booking (or the same day) with the same
    kind, offset, recipient and channel.

    :return: the new messages
    """
    planned = list(messages)
    Message.objects.bulk_create(planned, ignore_conflicts=True)
    stored = set(
        Message.objects.filter(pk__in=[message.pk for message in planned]).values_list("pk", flat=True)
    )
    new = [message for message in planned if message.pk in stored]
    enqueue_all(kind="message", rows=[(message.pk, message.due_at) for message in new])
    return new


def start_sending_all(messages: Iterable[Message], *, now: datetime) -> list[Message]:
    """Record an attempt to send messages. Return those that were not sent, dropped or parked meanwhile."""
    by_id = {message.pk: message for message in messages}
    if not by_id:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_START, {"now": now, "ids": list(by_id), "sendable": list(_SENDABLE)})
        started = dict(cursor.fetchall())
    for pk, attempts in started.items():
        by_id[pk].status, by_id[pk].attempts = Message.Status.SENDING, attempts
    return [message for pk, message in by_id.items() if pk in started]


def undo_start(messages: Iterable[Message], *, error: str = "") -> None:
    """Put messages that were not attempted back to PLANNED. `error` is the reason if there is one."""
    changes = {"last_error": error[:_MAX_ERROR]} if error else {}
    Message.objects.filter(
        pk__in=[message.pk for message in messages], status=Message.Status.SENDING, attempts__gt=0
    ).update(status=Message.Status.PLANNED, attempts=F("attempts") - 1, **changes)


def mark_sent(message: Message, *, provider_id: str = "", now: datetime) -> None:
    """Record that the server has accepted a message, and store its text."""
    sent = {"status": Message.Status.SENT, "sent_at": now, "last_error": ""}
    text = {"subject": message.subject, "text": message.text}
    _row(message, _SENDABLE).update(**sent, **text, provider_id=provider_id)
    Message.objects.filter(sent_with=message, status__in=_SENDABLE).update(**sent)


def postpone(message: Message, *, due_at: datetime, error: str = "") -> None:
    """Put a message back to PLANNED, to be sent later. `error` is the reason if an attempt failed."""
    _row(message, _SENDABLE).update(
        status=Message.Status.PLANNED, due_at=due_at, last_error=error[:_MAX_ERROR]
    )


def drop(message: Message, *, because: str, now: datetime) -> bool:
    """Record that a message will not be sent, because it is outdated or not wanted (`Message.NotSent`)."""
    return drop_all(Message.objects.filter(pk=message.pk), because=because, now=now) == 1


def drop_all(messages: MessageQuerySet, *, because: str, now: datetime) -> int:
    """Drop those of the messages that wait or are parked. Return how many."""
    return messages.filter(status__in=[*_SENDABLE, Message.Status.PARKED]).update(
        status=Message.Status.DROPPED, dropped_at=now, dropped_because=because
    )


@transaction.atomic
def park(message: Message, *, because: str, error: str = "", now: datetime) -> None:
    """Record that sending failed for good (`Message.Parked`). Staff can release the message."""
    parked = _row(message, _SENDABLE).update(
        status=Message.Status.PARKED, parked_at=now, parked_because=because, last_error=error[:_MAX_ERROR]
    )
    if parked:
        enqueue(kind="message_failed", row_id=message.pk, due_at=now)


@transaction.atomic
def note_failed_delivery(message: Message, *, error: str, now: datetime) -> None:
    """Record the reason why a message that was accepted did not reach its recipient. It stays sent."""
    if _row(message, [Message.Status.SENT]).update(last_error=error[:_MAX_ERROR]):
        enqueue(kind="message_failed", row_id=message.pk, due_at=now)


def include(messages: Iterable[Message], *, in_message: Message) -> None:
    """Record that `in_message` says what these messages would say, and those of earlier attempts need not.

    Call it in a transaction that has locked the rows of all of them.
    """
    keys = [message.pk for message in messages]
    included = Message.objects.filter(sent_with=in_message, status__in=_SENDABLE)
    included.exclude(pk__in=keys).update(sent_with=None)
    Message.objects.filter(pk__in=keys, status__in=_SENDABLE).update(sent_with=in_message)
    Message.objects.filter(pk=in_message.pk).exclude(sent_with=None).update(sent_with=None)


@transaction.atomic
def plan_again(messages: MessageQuerySet, *, because: str) -> int:
    """Plan messages again that were dropped for a reason that is over, at the same times as before.

    :param because: the reason (`Message.NotSent`)
    :return: how many
    """
    dropped = messages.filter(status=Message.Status.DROPPED, dropped_because=because)
    rows = list(dropped.select_for_update(of=("self",)).values_list("pk", "due_at"))
    Message.objects.filter(pk__in=[pk for pk, _due_at in rows]).update(
        status=Message.Status.PLANNED, dropped_at=None, dropped_because=""
    )
    enqueue_all(kind="message", rows=rows)
    return len(rows)


@transaction.atomic
def release(message: Message, *, now: datetime) -> bool:
    """Plan a parked message again, to be sent now. Return False if it is not parked."""
    released = _row(message, [Message.Status.PARKED]).update(
        status=Message.Status.PLANNED, due_at=now, attempts=0, parked_at=None, parked_because=""
    )
    if released:
        enqueue_all(kind="message", rows=[(message.pk, now)])
    return bool(released)


def _row(message: Message, statuses: list[Message.Status]) -> MessageQuerySet:
    """Return the message's row, if it has one of the statuses."""
    rows: MessageQuerySet = Message.objects.filter(pk=message.pk, status__in=statuses)
    return rows
