"""Plan the messages that follow from a booking's event."""

from datetime import datetime

from django.db import transaction

from notifications.confirmation import is_request
from notifications.models import Message
from notifications.preferences import channels_for
from notifications.services.ledger import plan_all
from notifications.services.timing import earliest_due
from notifications.services.validity import offer_of
from scheduling.models import Booking, BookingEvent
from tenants.accounts.models import User

Kind, Event = Message.Kind, BookingEvent.Kind
_KINDS = {
    Event.BOOKED: Kind.CONFIRMATION,
    Event.CONFIRMED: Kind.CONFIRMATION,
    Event.RESCHEDULED: Kind.RESCHEDULED,
    Event.DETAILS_CHANGED: Kind.DETAILS_CHANGED,
    Event.CANCELLED: Kind.CANCELLATION,
}


@transaction.atomic
def plan_messages(*, event: BookingEvent, now: datetime) -> list[Message]:
    """Create the messages for an event, each with a job in the queue. Calling it again adds nothing.

    :return: the new messages
    """
    kind, offer = _kind(event), offer_of(event.booking)
    if kind is None:
        return []
    return plan_all(
        Message(
            booking=event.booking,
            version=_version(event),
            event=event,
            recipient=recipient,
            kind=kind,
            channel=channel,
            due_at=earliest_due(kind, now=now),
            not_after=offer.ends_at if offer and kind == Kind.OFFER else event.booking.starts_at,
        )
        for recipient in recipients_of(event.booking)
        for channel in channels_for(recipient, kind=kind)
    )


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
    return _KINDS.get(Event(event.kind))


def _was_withdrawn(event: BookingEvent) -> bool:
    """Return whether the clinic ended an offer that had been emailed to the patient."""
    sent = Message.objects.filter(event__booking=event.booking, kind=Kind.OFFER, sent_at__isnull=False)
    return "because" in event.details and sent.exists()


def recipients_of(booking: Booking) -> list[User]:
    """Return the recipients of messages about a booking: the patient or carer who made it.

    If the clinic made it, or a former carer, the recipient is the patient, or else all carers.
    """
    patient = booking.patient
    carers = [care.carer.user for care in patient.cared_for_by.select_related("carer__user")]
    booked_by = booking.events.filter(kind=BookingEvent.Kind.BOOKED).values_list("by", flat=True).first()
    users = [user for user in (patient.user, *carers) if user is not None]
    bookers = [user for user in users if user.pk == booked_by]
    return bookers or users[: 1 if patient.user else None]
