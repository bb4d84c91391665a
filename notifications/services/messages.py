"""From what happened to what is said: planning messages, sending each once."""

from datetime import datetime

from django.db import transaction

from notifications.letters import letter_for
from notifications.models import Message
from notifications.services.delivery import deliver
from scheduling.models import Booking, BookingEvent
from tenants.accounts.models import User
from tenants.queue import enqueue

KINDS = {
    BookingEvent.Kind.BOOKED: Message.Kind.CONFIRMATION,
    BookingEvent.Kind.CANCELLED: Message.Kind.CANCELLATION,
}


@transaction.atomic
def plan_messages(*, event: BookingEvent, now: datetime) -> list[Message]:
    """The messages an event gives rise to, each with its line in the queue. Planning twice adds nothing.

    :return: those that are new
    """
    kind = KINDS.get(BookingEvent.Kind(event.kind))
    planned = []
    for recipient in recipients_of(event.booking) if kind else []:
        message, created = Message.objects.get_or_create(
            event=event,
            recipient=recipient,
            kind=kind,
            defaults={"due_at": now, "not_after": event.booking.starts_at},
        )
        if created:
            enqueue(kind="message", row_id=message.pk, due_at=message.due_at)
            planned.append(message)
    return planned


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
    row = Message.objects.filter(pk=message.pk)
    if not deliver(letter_for(message), about=str(message.pk), note=lambda: row.update(sent_at=now)):
        drop_message(message=message, because="refused", now=now)
        return False
    return True


def why_not(message: Message, *, now: datetime) -> str:
    """Why a message must not be sent any more; empty when it must."""
    if now > message.not_after:
        return "too_late"
    if message.kind == Message.Kind.CONFIRMATION and message.event.booking.status == Booking.Status.CANCELLED:
        return "cancelled_since"
    if not message.recipient.is_active:
        return "account_closed"
    return ""


def hold_messages_of_restored(*, now: datetime) -> int:
    """Drop what waits to be sent in a clinic that was restored: the clinic it was exported from has sent it.

    :return: how many
    """
    waiting = Message.objects.filter(sent_at=None, dropped_at=None)
    return waiting.update(dropped_at=now, dropped_because="restored")


def drop_message(*, message: Message, because: str, now: datetime) -> None:
    """Mark a message as one that will not be sent."""
    Message.objects.filter(pk=message.pk).update(dropped_at=now, dropped_because=because)
