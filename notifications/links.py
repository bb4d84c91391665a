"""Signed links in messages: confirm, cancel or move an appointment, or answer questions, without signing in.

A token names a message and the version of the booking that the message tells about. It is signed for one
purpose, the clinic and the recipient's email address, and contains nothing about a person. Signing needs no
row, so a database dump contains no working link.
"""

import base64
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext_lazy as _

from clinics.selectors import clinic_settings
from notifications.models import Message
from notifications.visit_context import knows_recipient
from scheduling.bookings.access import find_booking
from scheduling.bookings.answer_questions import questions_before_visit
from scheduling.bookings.cancel import can_cancel
from scheduling.bookings.reschedule import can_reschedule
from scheduling.bookings.selectors import visible_booking
from scheduling.models import Booking, BookingEvent
from tenants.accounts.errors import LinkInvalid
from tenants.accounts.models import User
from tenants.base.clock import now as clock_now
from tenants.base.errors import DomainError, NotFound
from tenants.current import current_clinic
from tenants.routing.public_urls import clinic_url

SHOWN_AFTER_VISIT = timedelta(days=7)
"""How long after the visit a link still shows the state of the appointment."""
_VERSIONS = 2**16
"""Tokens contain the version modulo this number, in two bytes."""
_SIGNATURE_LENGTH = 22
"""Characters of a signature: 132 bits. A whole link fits into a text message."""
Kind = Message.Kind
_ABOUT_A_TIME = frozenset(
    {Kind.CONFIRMATION, Kind.REQUESTED, Kind.RESCHEDULED, Kind.DETAILS_CHANGED, Kind.REMINDER}
)
"""The kinds of messages from which the appointment can be confirmed, cancelled and moved."""


class Purpose(StrEnum):
    """The one thing that a link is for. It is part of the link's path."""

    CONFIRM = "confirm"
    CANCEL = "cancel"
    MOVE = "move"
    QUESTIONS = "questions"


class LinkExpired(DomainError):
    """The visit of a link was too long ago."""

    code = "link_over"
    message = _("This link has expired.")
    status = 410


@dataclass(frozen=True, slots=True)
class MessageLink:
    """A link that was opened by somebody who has read the message."""

    purpose: Purpose
    booking: Booking
    recipient: User
    is_current: bool
    """Whether the booking still has the time that the message tells. If not, the link must change nothing."""


def message_links(message: Message, booking: Booking | None = None) -> dict[str, str]:
    """Return the links for a message to a patient or carer, by the name of the template variable.

    These are `confirm_url`, `cancel_url`, `move_url` and `questionnaire_url`. A link that would only lead to
    a refusal is left out, such as one for cancelling when the notice for it has passed.

    :param booking: the booking as the message tells it, if that is not `message.booking`
    """
    booking = booking or message.booking
    if booking is None or message.recipient.role != User.Role.PATIENT:
        return {}
    origin = clinic_url(current_clinic(), "")
    return {
        f"{'questionnaire' if purpose is Purpose.QUESTIONS else purpose}_url": origin
        + link_path(message, purpose, version=booking.version)
        for purpose in _useful_purposes(message, booking, now=clock_now())
    }


def link_path(message: Message, purpose: Purpose, *, version: int) -> str:
    """Return the path of a link for the recipient of a message about one version of its booking."""
    value = _encode(message.pk, version)
    return f"/visit/{purpose}/{_signer(purpose, message.recipient).sign(value)}"


def read_link(token: str, *, purpose: Purpose, acts: bool, now: datetime) -> MessageLink:
    """Return what a token stands for.

    :param acts: whether the link is used to change something. Then a refusal is recorded in the audit log.
    :raises LinkInvalid: the token is forged or for another purpose or clinic, or the recipient may no longer
        act for the patient, has closed the account or has changed the email address
    :raises LinkExpired: the visit was more than a week ago
    """
    value = token.partition(".")[0]
    message_id, version = _decode(value)
    message = Message.objects.select_related("recipient").filter(pk=message_id, booking__isnull=False).first()
    if message is None:
        raise LinkInvalid
    recipient = message.recipient
    try:
        _signer(purpose, recipient).unsign(token)
    except BadSignature as error:
        raise LinkInvalid from error
    booking = _booking_for(message, recipient, acts=acts)
    # Questions may be about health, so they are shown only if the address is known to be the recipient's.
    if purpose is Purpose.QUESTIONS and not knows_recipient(recipient):
        raise LinkInvalid
    if booking.ends_at + SHOWN_AFTER_VISIT < now:
        raise LinkExpired
    return MessageLink(purpose, booking, recipient, is_current=not _was_moved(booking, since=version))


class _ShortSigner(Signer):
    """A signer whose signatures are short enough for a text message."""

    def signature(self, value: str | bytes, key: str | bytes | None = None) -> str:
        """Return the beginning of Django's signature."""
        return super().signature(value, key)[:_SIGNATURE_LENGTH]


def _signer(purpose: Purpose, recipient: User) -> Signer:
    """Return the signer for one purpose and recipient. Links end when the email address changes."""
    return _ShortSigner(sep=".", salt=f"{purpose} by {recipient.email} at {current_clinic().pk}")


def _encode(message_id: uuid.UUID, version: int) -> str:
    packed = message_id.bytes + (version % _VERSIONS).to_bytes(2)
    return base64.urlsafe_b64encode(packed).decode()


def _decode(value: str) -> tuple[uuid.UUID, int]:
    """Return the message's id and the booking's version in a token, whose signature is checked later.

    :raises LinkInvalid: it contains something else
    """
    try:
        packed = base64.urlsafe_b64decode(value.encode("ascii"))
        return uuid.UUID(bytes=packed[:16]), int.from_bytes(packed[16:])
    except ValueError as error:
        raise LinkInvalid from error


def _booking_for(message: Message, recipient: User, *, acts: bool) -> Booking:
    """Return the message's booking, if its recipient may act for the patient: by the same rule as in the API.

    :raises LinkInvalid: the recipient may not, or not any more
    """
    if not recipient.is_active or recipient.role != User.Role.PATIENT:
        raise LinkInvalid
    booking_id = message.required_booking().pk
    try:
        if acts:
            return find_booking(booking_id=booking_id, by=recipient)
        return visible_booking(recipient, booking_id)
    except NotFound as error:
        raise LinkInvalid from error


def _was_moved(booking: Booking, *, since: int) -> bool:
    """Return whether a booking was rescheduled after one of its versions. New details alone do not count."""
    if booking.version % _VERSIONS == since:
        return False
    moves = BookingEvent.objects.effective().filter(
        booking=booking, kind=BookingEvent.Kind.RESCHEDULED, details__version__gt=since
    )
    return moves.exists()


def _useful_purposes(message: Message, booking: Booking, *, now: datetime) -> list[Purpose]:
    """Return the purposes for which the recipient of a message can use a link now."""
    rules = clinic_settings()
    if message.kind == Kind.QUESTIONNAIRE:
        answerable = knows_recipient(message.recipient) and questions_before_visit(booking).exists()
        return [Purpose.QUESTIONS] if answerable else []
    if message.kind not in _ABOUT_A_TIME:
        return []
    is_confirmable = booking.status == Booking.Status.CONFIRMED and booking.attendance_confirmed_at is None
    useful = {
        Purpose.CONFIRM: is_confirmable and booking.starts_at > now,
        Purpose.CANCEL: can_cancel(booking, rules=rules, now=now),
        Purpose.MOVE: can_reschedule(booking, rules=rules, now=now),
    }
    return [purpose for purpose, is_useful in useful.items() if is_useful]
