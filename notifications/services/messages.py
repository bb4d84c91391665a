"""Plan emails from booking events, and send them."""

from contextlib import AbstractContextManager, nullcontext
from datetime import datetime

from django.db import transaction

from clinics.selectors import clinic_settings
from notifications.booking_emails import booking_email
from notifications.confirmation import is_request
from notifications.models import Message
from notifications.preferences import is_wanted
from notifications.services.delivery import deliver
from notifications.services.ledger import drop, drop_all, mark_sent, plan_all, postpone, start_sending
from scheduling.calendar.clinic_quiet_hours import quiet_hours
from scheduling.models import Booking, BookingEvent, WaitlistOffer
from tenants.accounts.attempt_limits import limited_mail
from tenants.accounts.errors import TooManyAttempts
from tenants.accounts.models import User
from tenants.queue.jobs import enqueue

Kind, Event = Message.Kind, BookingEvent.Kind
_KINDS = {
    Event.BOOKED: Kind.CONFIRMATION,
    Event.CONFIRMED: Kind.CONFIRMATION,
    Event.RESCHEDULED: Kind.RESCHEDULED,
    Event.CANCELLED: Kind.CANCELLATION,
}


@transaction.atomic
def plan_messages(*, event: BookingEvent, now: datetime) -> list[Message]:
    """Create the messages for an event, each with a job in the queue. Calling it again adds nothing.

    :return: the new messages
    """
    kind, offer = _kind(event), _offer(event.booking)
    if kind is None:
        return []
    return plan_all(
        Message(
            booking=event.booking,
            version=_version(event),
            event=event,
            recipient=recipient,
            kind=kind,
            due_at=_due_at(kind, now=now),
            not_after=offer.ends_at if offer and kind == Kind.OFFER else event.booking.starts_at,
        )
        for recipient in recipients_of(event.booking)
    )


def _version(event: BookingEvent) -> int:
    """Return the version of the booking that an event is about."""
    return int(event.details.get("version", event.booking.version))


def _kind(event: BookingEvent) -> Message.Kind | None:
    """Return the kind of message for an event; None if there is none."""
    if event.kind == Event.HELD:
        return Kind.OFFER if _offer(event.booking) else None
    if event.kind == Event.RELEASED:
        return Kind.OFFER_WITHDRAWN if _was_withdrawn(event) else None
    # Not by the booking's present status: the clinic may have answered the request meanwhile.
    if event.kind == Event.BOOKED and is_request(event):
        return Kind.REQUESTED
    return _KINDS.get(Event(event.kind))


def _offer(booking: Booking) -> WaitlistOffer | None:
    """Return the waiting list offer that a booking was held for, if any."""
    return WaitlistOffer.objects.filter(booking=booking).first()


def _was_withdrawn(event: BookingEvent) -> bool:
    """Return whether the clinic ended an offer that had been emailed to the patient."""
    sent = Message.objects.filter(event__booking=event.booking, kind=Kind.OFFER, sent_at__isnull=False)
    return "because" in event.details and sent.exists()


def _due_at(kind: str, *, now: datetime) -> datetime:
    """Return when to send a message: now, but offers not during the clinic's quiet hours."""
    about_offer = kind in (Kind.OFFER, Kind.OFFER_WITHDRAWN)
    return quiet_hours(clinic_settings()).earliest_contact(now) if about_offer else now


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


def send_message(*, message: Message, now: datetime) -> bool:
    """Send a planned message, unless it has been sent or is outdated.

    :return: whether an email was sent
    :raises OSError: the mail server cannot be reached, or refuses temporarily
    """
    if message.status not in (Message.Status.PLANNED, Message.Status.SENDING):
        return False
    if reason := _reason_not_to_send(message, now=now):
        drop(message, because=reason, now=now)
        return False
    due = _due_at(message.kind, now=now)
    if due > now:
        postpone(message, due_at=due)
        enqueue(kind="message", row_id=message.pk, due_at=due)
        return False
    if not start_sending(message):
        return False
    try:
        with _limited(message.recipient, now=now):
            sent = deliver(
                booking_email(message), about=str(message.pk), on_accepted=lambda: mark_sent(message, now=now)
            )
    except TooManyAttempts:
        drop(message, because=Message.NotSent.UNCONFIRMED, now=now)
        return False
    if not sent:
        drop(message, because=Message.NotSent.REFUSED, now=now)
    return sent


def _limited(recipient: User, *, now: datetime) -> AbstractContextManager[None]:
    """Limit the emails a day to an address that nobody has confirmed. Links that confirm it do not count.

    An address that belongs to another account is treated alike, because users can see what they were sent.
    """
    if recipient.email_verified_at is not None:
        return nullcontext()
    return limited_mail("unconfirmed mail by mailbox", email=recipient.email, now=now)


def _reason_not_to_send(message: Message, *, now: datetime) -> str:
    """Return why a message must not be sent any more; empty if it is to be sent."""
    if message.kind == Kind.OFFER and not _is_open(_offer(message.required_booking()), now=now):
        return Message.NotSent.OFFER_OVER
    if now > message.not_after:
        return Message.NotSent.TOO_LATE
    if not message.recipient.is_active:
        return Message.NotSent.ACCOUNT_CLOSED
    if not is_wanted(message.recipient, kind=message.kind, channel=message.channel):
        return Message.NotSent.NOT_WANTED
    return _later_change(message)


def _later_change(message: Message) -> str:
    """Return the later change of the booking that outdates a message; empty if there is none."""
    booking = message.required_booking()
    status = booking.status
    if message.kind not in (Kind.CANCELLATION, Kind.OFFER_WITHDRAWN) and status == Booking.Status.CANCELLED:
        return Message.NotSent.CANCELLED_SINCE
    if message.kind == Kind.REQUESTED and status != Booking.Status.PENDING:
        return Message.NotSent.CONFIRMED_SINCE
    if message.kind == Kind.RESCHEDULED and message.version != booking.version:
        return Message.NotSent.MOVED_SINCE
    if message.kind == Kind.CONFIRMATION and status == Booking.Status.PENDING:
        return Message.NotSent.MOVED_SINCE
    return ""


def _is_open(offer: WaitlistOffer | None, *, now: datetime) -> bool:
    """Return whether an offer can still be answered."""
    return offer is not None and offer.outcome == WaitlistOffer.Outcome.OPEN and now < offer.ends_at


def cancel_messages_after_restore(*, now: datetime) -> int:
    """Cancel the waiting messages of a restored clinic: the exported clinic sends them.

    :return: how many messages were cancelled
    """
    return drop_all(Message.objects.waiting(), because=Message.NotSent.RESTORED, now=now)
