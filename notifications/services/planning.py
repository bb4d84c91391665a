"""Plan the messages that follow from a booking's event."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from notifications.confirmation import is_request
from notifications.models import Message
from notifications.preferences import channels_for
from notifications.recipients import recipients_of
from notifications.selectors import events_made_together
from notifications.services.ledger import drop_all, plan_again, plan_all
from notifications.services.timed_messages import follow_up_messages, upcoming_messages
from notifications.services.timing import TIMED, earliest_due
from notifications.services.validity import offer_of
from scheduling.models import Booking, BookingEvent
from scheduling.moving.announce import announce_earlier_moves
from scheduling.moving.records import difference_from_announced

Kind, Event = Message.Kind, BookingEvent.Kind
_KINDS = {
    Event.BOOKED: Kind.CONFIRMATION,
    Event.CONFIRMED: Kind.CONFIRMATION,
    Event.RESCHEDULED: Kind.RESCHEDULED,
    Event.DETAILS_CHANGED: Kind.DETAILS_CHANGED,
    Event.CANCELLED: Kind.CANCELLATION,
    Event.WRITTEN_TO: Kind.CLINIC_NOTE,
}
_KINDS_OF_MOVE = {"nothing": None, "length": Kind.DETAILS_CHANGED, "time": Kind.RESCHEDULED}
_SETS_TIME = (Event.BOOKED, Event.CONFIRMED, Event.RESCHEDULED)
"""The events from which on a confirmed booking has its time, so that reminders follow from it."""
_SETS_VERSION = (*_SETS_TIME, Event.DETAILS_CHANGED)
_ENDS_UNDO = (Event.CONFIRMED, Event.CANCELLED)
"""The events after which no earlier move can be undone. Their messages have the booking's present state."""


@transaction.atomic
def plan_messages(*, event: BookingEvent, now: datetime) -> list[Message]:
    """Create the messages for an event, each with a job in the queue. Calling it again adds nothing.

    Visits of a series or chain that were booked or cancelled together are planned together, so that whichever
    message is sent first finds the others and lists their visits too.

    :return: the new messages
    """
    if event.kind in _ENDS_UNDO:
        announce_earlier_moves(event.booking)
    _drop_outdated(event, now=now)
    messages = [message for one in _events_together(event) for message in _messages_at_once(one, now=now)]
    return plan_all([*messages, *_messages_later(event)])


def _messages_at_once(event: BookingEvent, *, now: datetime) -> Iterator[Message]:
    """Yield the messages that say what happened."""
    kind, offer = _kind(event), offer_of(event.booking)
    if kind is None:
        return
    for recipient in recipients_of(event.booking):
        for channel in channels_for(recipient, kind=kind):
            message = Message(
                booking=event.booking,
                version=_version(event),
                event=event,
                recipient=recipient,
                kind=kind,
                channel=channel,
                repeat=_earlier_notes(event),
                not_after=offer.ends_at if offer and kind == Kind.OFFER else event.booking.starts_at,
            )
            message.due_at = earliest_due(message, now=now)
            yield message


def _messages_later(event: BookingEvent) -> Iterator[Message]:
    """Yield the messages that follow from the time of the visit, as it is now."""
    booking = event.booking
    if event.kind in _SETS_VERSION:
        # The event may be older than the booking's present time, if workers were down meanwhile.
        latest = booking.events.filter(kind__in=_SETS_VERSION).latest("created_at", "id")
        since, ask_now = latest.created_at, latest.kind in _SETS_TIME
        if "undoes" in latest.details and difference_from_announced(latest, booking) == "nothing":
            # Reminders whose time came between the move and its undo are sent now, as if neither had been.
            since, ask_now = datetime.fromisoformat(latest.details["unannounced_since"]), False
        yield from upcoming_messages(booking, since=since, ask_now=ask_now)
    elif event.kind == Event.COMPLETED:
        _plan_follow_ups_again(booking)
        yield from follow_up_messages(booking, since=event.created_at)


def _plan_follow_ups_again(booking: Booking) -> None:
    """Plan the follow-ups again that were dropped when an earlier completion was undone."""
    if booking.status == Booking.Status.COMPLETED:
        follow_ups = Message.objects.filter(booking=booking, version=booking.version, kind=Kind.FOLLOW_UP)
        plan_again(follow_ups, because=Message.NotSent.REOPENED_SINCE)


def _drop_outdated(event: BookingEvent, *, now: datetime) -> None:
    """Drop reminders and the like that are about an earlier time of the booking, or about a cancelled one.

    So are follow-ups of a visit whose completion was undone. A message that is being sent at this moment is
    left to its sender, who checks the booking again.
    """
    booking = event.booking
    planned = Message.objects.filter(booking=booking, kind__in=TIMED).exclude(status=Message.Status.SENDING)
    if booking.status == Booking.Status.CANCELLED:
        drop_all(planned, because=Message.NotSent.CANCELLED_SINCE, now=now)
    elif event.kind == Event.REOPENED and booking.status != Booking.Status.COMPLETED:
        follow_ups = planned.filter(kind=Kind.FOLLOW_UP)
        drop_all(follow_ups, because=Message.NotSent.REOPENED_SINCE, now=now)
    elif booking.version:
        outdated = planned.filter(version__lt=booking.version)
        drop_all(outdated, because=Message.NotSent.MOVED_SINCE, now=now)


def _events_together(event: BookingEvent) -> list[BookingEvent]:
    """Return the events that belong together: of a series or chain that was booked or cancelled in one go."""
    condition = events_made_together(event, event.booking)
    if condition is None or event.kind not in (Event.BOOKED, Event.CANCELLED):
        return [event]
    together = BookingEvent.objects.filter(condition, kind=event.kind)
    return list(together.select_related("booking__patient__user").order_by("booking__starts_at", "id"))


def _earlier_notes(event: BookingEvent) -> int:
    """Return how many messages the clinic wrote before about the same booking; 0 for any other event."""
    if event.kind != Event.WRITTEN_TO:
        return 0
    notes = BookingEvent.objects.filter(booking=event.booking_id, kind=Event.WRITTEN_TO)
    return int(notes.filter(created_at__lt=event.created_at).count())


def _version(event: BookingEvent) -> int:
    """Return the version of the booking that an event is about."""
    return int(event.details.get("version", event.booking.version))


def _kind(event: BookingEvent) -> Message.Kind | None:
    """Return the kind of message for an event; None if there is none."""
    if event.kind == Event.HELD:
        return Kind.OFFER if offer_of(event.booking) else None
    if event.kind == Event.RELEASED:
        return Kind.OFFER_WITHDRAWN if _was_withdrawn(event) else None
    # Not by the booking's present status: the clinic may have answered the request meanwhile.
    if event.kind == Event.BOOKED and is_request(event):
        return Kind.REQUESTED
    if event.kind == Event.RESCHEDULED and "unannounced_since" in event.details:
        # Staff may have moved it several times. Compare it with the time in the patient's last message.
        return _KINDS_OF_MOVE[difference_from_announced(event, event.booking)]
    return _KINDS.get(Event(event.kind))


def _was_withdrawn(event: BookingEvent) -> bool:
    """Return whether the clinic ended an offer that had been emailed to the patient."""
    sent = Message.objects.filter(event__booking=event.booking, kind=Kind.OFFER, sent_at__isnull=False)
    return "because" in event.details and sent.exists()
