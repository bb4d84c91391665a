"""Whether a planned message is still true and wanted when it is due."""

from collections.abc import Iterator
from datetime import datetime

from notifications.models import Message
from notifications.preferences import is_wanted
from notifications.services.staff_notices import staff_reason_not_to_send
from notifications.services.timed_messages import unanswered_questions
from notifications.services.timing import TIMED, reminder_offsets
from notifications.staff_topics import STAFF_KINDS
from scheduling.models import Booking, BookingEvent, WaitlistOffer

Kind, _Status = Message.Kind, Booking.Status


def reason_not_to_send(message: Message, *, now: datetime) -> str:
    """Return why a message must not be sent any more; empty if it is to be sent."""
    return next(filter(None, _reasons(message, now=now)), "")


def _reasons(message: Message, *, now: datetime) -> Iterator[str]:
    """Yield the reasons against sending a message, or an empty string for a rule that allows it."""
    is_timed = message.kind in TIMED
    if message.kind == Kind.OFFER and not _is_open(offer_of(message.required_booking()), now=now):
        yield Message.NotSent.OFFER_OVER
    if is_timed:
        yield _change_of_visit(message)
    # At that very moment, the visit begins or its next reminder is due.
    if now > message.not_after or (is_timed and now == message.not_after):
        yield Message.NotSent.TOO_LATE
    if not message.recipient.is_active:
        yield Message.NotSent.ACCOUNT_CLOSED
    if message.kind in STAFF_KINDS:
        yield staff_reason_not_to_send(message)
        return
    if not is_wanted(message.recipient, kind=message.kind, channel=message.channel):
        yield Message.NotSent.NOT_WANTED
    if not is_timed:
        yield _reason_against_event_message(message)


def _reason_against_event_message(message: Message) -> str:
    """Return why a message about an event is outdated, or must not reach its recipient; empty if neither."""
    booking = message.required_booking()
    status = booking.status
    if message.kind not in (Kind.CANCELLATION, Kind.OFFER_WITHDRAWN) and status == Booking.Status.CANCELLED:
        return Message.NotSent.CANCELLED_SINCE
    if message.kind == Kind.CLINIC_NOTE and message.recipient.email_verified_at is None:
        return Message.NotSent.UNCONFIRMED  # an email to such an address contains no free text
    if message.kind == Kind.REQUESTED and status != Booking.Status.PENDING:
        return Message.NotSent.CONFIRMED_SINCE
    if message.kind in (Kind.RESCHEDULED, Kind.DETAILS_CHANGED) and _is_outdated(message):
        return Message.NotSent.MOVED_SINCE
    if message.kind == Kind.CONFIRMATION and status == Booking.Status.PENDING:
        return Message.NotSent.MOVED_SINCE
    return ""


def _is_outdated(message: Message) -> bool:
    """Return whether a later message says all that a message about a new time or new details says.

    After a reschedule, new details alone do not count: that message does not say that the time has changed.
    """
    booking = message.required_booking()
    if message.version == booking.version:
        return False
    if message.kind == Kind.DETAILS_CHANGED:
        return True
    moves = BookingEvent.objects.effective().filter(
        booking=booking, kind=BookingEvent.Kind.RESCHEDULED, details__version__gt=message.version
    )
    return moves.exists()


def _change_of_visit(message: Message) -> str:
    """Return the change that outdates a message planned by the time of a visit; empty if none does."""
    booking = message.required_booking()
    if booking.status == _Status.CANCELLED:
        return Message.NotSent.CANCELLED_SINCE
    if message.version != booking.version:
        return Message.NotSent.MOVED_SINCE
    expected = _Status.COMPLETED if message.kind == Kind.FOLLOW_UP else _Status.CONFIRMED
    if booking.status != expected:
        return Message.NotSent.TOO_LATE
    if not _is_configured(message, booking):
        return Message.NotSent.BY_STAFF
    if not _concerns_recipient(message, booking):
        return Message.NotSent.NOT_RECIPIENT
    return _no_questions(message, booking) if message.kind == Kind.QUESTIONNAIRE else ""


def _no_questions(message: Message, booking: Booking) -> str:
    """Return why the questions before the visit are not asked; empty if they are.

    The link to them works without signing in, so it is not sent to an address that may be a stranger's.
    """
    if not unanswered_questions(booking):
        return Message.NotSent.ANSWERED_SINCE
    return "" if message.recipient.email_verified_at else Message.NotSent.UNCONFIRMED


def _is_configured(message: Message, booking: Booking) -> bool:
    """Return whether the clinic still sends such messages, as its settings and the visit type say."""
    if message.kind == Kind.REMINDER:
        return message.offset_minutes in reminder_offsets(booking)
    if booking.visit_type is None:
        return False
    if message.kind == Kind.FOLLOW_UP:
        return booking.visit_type.follow_up_days is not None
    return booking.visit_type.questionnaire_days is not None


def _concerns_recipient(message: Message, booking: Booking) -> bool:
    """Return whether the recipient is the patient, or still looks after the patient."""
    patient, recipient = booking.patient, message.recipient_id
    return patient.user_id == recipient or patient.cared_for_by.filter(carer__user=recipient).exists()


def offer_of(booking: Booking) -> WaitlistOffer | None:
    """Return the waiting list offer that a booking was held for, if any."""
    return WaitlistOffer.objects.filter(booking=booking).first()


def _is_open(offer: WaitlistOffer | None, *, now: datetime) -> bool:
    """Return whether an offer can still be answered."""
    return offer is not None and offer.outcome == WaitlistOffer.Outcome.OPEN and now < offer.ends_at
