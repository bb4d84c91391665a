"""From what happened to what is said: planning messages, sending each once."""

from datetime import datetime

from django.db import transaction

from clinics.selectors import clinic_settings
from notifications.letters import letter_for
from notifications.models import Message
from notifications.services.delivery import deliver
from scheduling.models import Booking, BookingEvent, WaitlistOffer
from scheduling.selectors.quiet import quiet_hours
from tenants.accounts.models import User
from tenants.queue import enqueue

Kind, Event = Message.Kind, BookingEvent.Kind
KINDS = {
    Event.BOOKED: Kind.CONFIRMATION,
    Event.CONFIRMED: Kind.CONFIRMATION,
    Event.RESCHEDULED: Kind.RESCHEDULED,
    Event.CANCELLED: Kind.CANCELLATION,
}


@transaction.atomic
def plan_messages(*, event: BookingEvent, now: datetime) -> list[Message]:
    """The messages an event gives rise to, each with its line in the queue. Planning twice adds nothing.

    :return: those that are new
    """
    kind, offer, planned = kind_of(event), offer_of(event.booking), []
    if kind is None:
        return []
    for recipient in recipients_of(event.booking):
        message, created = Message.objects.get_or_create(
            event=event,
            recipient=recipient,
            kind=kind,
            defaults={
                "due_at": due_at(kind, now=now),
                "not_after": offer.ends_at if offer and kind == Kind.OFFER else event.booking.starts_at,
            },
        )
        if created:
            enqueue(kind="message", row_id=message.pk, due_at=message.due_at)
            planned.append(message)
    return planned


def kind_of(event: BookingEvent) -> Message.Kind | None:
    """What is told of an event; None where nobody hears of it."""
    if event.kind == Event.HELD:
        return Kind.OFFER if offer_of(event.booking) else None
    if event.kind == Event.BOOKED:
        approved = event.booking.events.filter(kind=Event.CONFIRMED)
        # Where the clinic has approved it meanwhile, that is told by itself.
        if event.booking.status == Booking.Status.PENDING or approved.exists():
            return Kind.REQUESTED
    return KINDS.get(Event(event.kind))


def offer_of(booking: Booking) -> WaitlistOffer | None:
    """The offer for which the waiting list held a booking's time, if it did."""
    return WaitlistOffer.objects.filter(booking=booking).first()


def due_at(kind: str, *, now: datetime) -> datetime:
    """When a message goes out at the earliest: what nobody has asked for at this moment, not at night."""
    return quiet_hours(clinic_settings()).end_of(now) if kind == Kind.OFFER else now


def recipients_of(booking: Booking) -> list[User]:
    """Who hears of a booking: the patient or carer who made it.

    Where that was the clinic, or a carer who gave them up since: the patient, else all who care for them.
    """
    patient = booking.patient
    carers = [care.carer.user for care in patient.cared_for_by.select_related("carer__user")]
    booker = booking.events.filter(kind=BookingEvent.Kind.BOOKED).values_list("by", flat=True).first()
    theirs = [user for user in (patient.user, *carers) if user is not None]
    made_it = [user for user in theirs if user.pk == booker]
    return made_it or theirs[: 1 if patient.user else None]


def send_message(*, message: Message, now: datetime) -> bool:
    """Send a planned message, unless it is sent, or what it tells is no longer so.

    :return: whether it was sent now
    :raises OSError: the mail server cannot be reached, or does not take it at the moment
    """
    if message.sent_at or message.dropped_at:
        return False
    if outdated := why_not(message, now=now):
        drop_message(message=message, because=outdated, now=now)
        return False
    row, due = Message.objects.filter(pk=message.pk), due_at(message.kind, now=now)
    if due > now:
        row.update(due_at=due)
        enqueue(kind="message", row_id=message.pk, due_at=due)
        return False
    if not deliver(letter_for(message), about=str(message.pk), note=lambda: row.update(sent_at=now)):
        drop_message(message=message, because="refused", now=now)
        return False
    return True


def why_not(message: Message, *, now: datetime) -> str:
    """Why a message must not be sent any more; empty when it must."""
    if message.kind == Kind.OFFER and not is_open(offer_of(message.event.booking), now=now):
        return "offer_over"
    if now > message.not_after:
        return "too_late"
    if not message.recipient.is_active:
        return "account_closed"
    return outdated_by(message)


def outdated_by(message: Message) -> str:
    """What has happened to the booking since that another message tells; empty where nothing has."""
    status = message.event.booking.status
    if message.kind != Kind.CANCELLATION and status == Booking.Status.CANCELLED:
        return "cancelled_since"
    if message.kind == Kind.REQUESTED and status != Booking.Status.PENDING:
        return "confirmed_since"
    moved = message.event.booking.events.filter(kind=Event.RESCHEDULED)
    if message.kind == Kind.RESCHEDULED and moved.latest("created_at", "id").pk != message.event_id:
        return "moved_since"
    if message.kind == Kind.CONFIRMATION and status == Booking.Status.PENDING:
        return "moved_since"
    return ""


def is_open(offer: WaitlistOffer | None, *, now: datetime) -> bool:
    """Whether an offer can still be answered."""
    return offer is not None and offer.outcome == WaitlistOffer.Outcome.OPEN and now < offer.ends_at


def hold_messages_of_restored(*, now: datetime) -> int:
    """Drop what waits to be sent in a clinic that was restored: the clinic it was exported from has sent it.

    :return: how many
    """
    waiting = Message.objects.filter(sent_at=None, dropped_at=None)
    return waiting.update(dropped_at=now, dropped_because="restored")


def drop_message(*, message: Message, because: str, now: datetime) -> None:
    """Mark a message as one that will not be sent."""
    Message.objects.filter(pk=message.pk).update(dropped_at=now, dropped_because=because)
