"""Combine messages to one person: visits on one day in one reminder, a series or chain in one confirmation.

Whichever message is sent first takes the others in. This is decided under locks on the messages' rows, so of
two workers that send two such messages at the same moment, one leaves both to the other.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from notifications.models import Message
from notifications.selectors import day_of_visit, events_made_together
from notifications.services.ledger import include
from notifications.services.validity import reason_not_to_send
from scheduling.models import Booking

Kind = Message.Kind
_OF_SEVERAL = (Kind.CONFIRMATION, Kind.REQUESTED, Kind.CANCELLATION)
LOOK_AGAIN_AFTER = timedelta(minutes=5)
"""When to look at an included message again, in case the message that includes it is not sent after all."""


def waits_for_other(message: Message) -> bool:
    """Return whether another message that is still waiting says what this one would say."""
    leader = message.sent_with
    return leader is not None and leader.is_waiting


def claim_for_sending(message: Message, *, now: datetime) -> bool:
    """Take other messages to the recipient into this one, at the last moment before it is sent.

    The booking is locked for this, so a change of it that is about to be committed is seen.

    :return: False if the message must not be sent as it was read: its booking or status has changed since, or
        another message includes it
    """
    if message.booking is None:
        return True
    with transaction.atomic():
        locked, others = _lock(message)
        if not _is_as_read(message, locked) or _is_included(locked):
            return False
        included = [
            other
            for other in others
            if other.sent_with_id in (None, message.pk) and not reason_not_to_send(other, now=now)
        ]
        if included or locked.sent_with_id or _others(message):
            include(included, in_message=message)
    return True


def _is_included(locked: Message) -> bool:
    """Return whether a waiting message includes this one.

    The other is read after the lock: a row that was joined to a row with a lock may be older than that one.
    """
    return Message.objects.waiting().filter(pk=locked.sent_with_id).exists() if locked.sent_with_id else False


def _lock(message: Message) -> tuple[Message, list[Message]]:
    """Lock a message and those that it could include, with their bookings. Return them as they are now."""
    others = _others(message)
    rows = (
        Message.objects.select_for_update(of=("self",), no_key=True)
        .select_related("recipient")
        .filter(Q(pk=message.pk) | others if others else Q(pk=message.pk))
        .order_by("pk")
    )
    found = {row.pk: row for row in rows}
    bookings = (
        Booking.objects.select_for_update(of=("self",), no_key=True)
        .select_related("patient", "visit_type", "place")
        .order_by("pk")
        .in_bulk([row.booking_id for row in found.values()])
    )
    for row in found.values():
        row.booking = bookings[row.booking_id]
    return found.pop(message.pk), list(found.values())


def _is_as_read(message: Message, locked: Message) -> bool:
    """Return whether message and booking still are as they were when the text was checked."""
    read, present = message.required_booking(), locked.required_booking()
    fields = ("status", "version", "starts_at", "ends_at")
    return locked.is_waiting and all(getattr(read, name) == getattr(present, name) for name in fields)


def _others(message: Message) -> Q | None:
    """Return the condition for messages that this one can include; None if it never includes any."""
    booking = message.required_booking()
    if message.kind == Kind.REMINDER:
        begins, ends = day_of_visit(booking)
        same_day = Q(booking__starts_at__gte=begins, booking__starts_at__lt=ends)
        condition = same_day & Q(offset_minutes=message.offset_minutes)
    else:
        event = message.event if message.kind in _OF_SEVERAL else None
        together = events_made_together(event, booking, prefix="event__") if event else None
        if together is None:
            return None
        condition = together
    waiting = Q(status__in=[Message.Status.PLANNED, Message.Status.SENDING])
    return condition & waiting & Q(recipient=message.recipient_id, channel=message.channel, kind=message.kind)
