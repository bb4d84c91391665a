"""The messages that follow from a visit's time: reminders, questions before it, the follow-up after it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from notifications.models import Message
from notifications.preferences import channels_for
from notifications.recipients import recipients_of
from notifications.reminder_times import due_reminders
from notifications.services.timing import reminder_offsets, visit_start
from notifications.visit_context import knows_recipient
from scheduling.models import Booking, IntakeQuestion
from tenants.accounts.models import User

Kind = Message.Kind
_DAY_MINUTES = 24 * 60
_FOLLOW_UP_USEFUL = timedelta(days=7)
"""How late a follow-up message may be."""


def upcoming_messages(booking: Booking, *, since: datetime, ask_now: bool = False) -> Iterator[Message]:
    """Yield the reminders of a booking, and the questions before the visit; none unless it is confirmed.

    :param since: messages whose time was then or earlier are left out: when the booking was made or moved
    :param ask_now: whether the questions are asked at once if their time was earlier
    """
    if booking.status != Booking.Status.CONFIRMED:
        return
    for recipient in recipients_of(booking):
        yield from _reminders(booking, recipient, since=since)
        yield from _questionnaire(booking, recipient, since=since, ask_now=ask_now)


def follow_up_messages(booking: Booking, *, since: datetime) -> Iterator[Message]:
    """Yield the follow-up messages of a completed visit, if its visit type has one.

    :param since: none is planned if its time was then or earlier
    """
    visit_type = booking.visit_type
    is_due = visit_type is not None and visit_type.follow_up_days is not None and visit_type.follow_up_text
    if visit_type is None or not is_due or booking.status != Booking.Status.COMPLETED:
        return
    days = visit_type.follow_up_days or 0
    for recipient in recipients_of(booking):
        visit = visit_start(booking, recipient)
        due_at = visit.days_later(booking.ends_at, days)
        if due_at <= since:
            continue
        due_at = visit.outside_quiet_hours(due_at, earliest=since)
        yield from _messages(
            booking, recipient, Kind.FOLLOW_UP,
            offset=days * _DAY_MINUTES, due_at=due_at, not_after=due_at + _FOLLOW_UP_USEFUL,
        )  # fmt: skip


def _reminders(booking: Booking, recipient: User, *, since: datetime) -> Iterator[Message]:
    """Yield the reminders of a visit for one recipient."""
    visit = visit_start(booking, recipient)
    for offset, due_at, not_after in due_reminders(visit, reminder_offsets(booking), earliest=since):
        yield from _messages(
            booking, recipient, Kind.REMINDER, offset=offset, due_at=due_at, not_after=not_after
        )


def _questionnaire(booking: Booking, recipient: User, *, since: datetime, ask_now: bool) -> Iterator[Message]:
    """Yield the message with the questions before the visit, for one recipient.

    A visit booked later than the questions are usually asked has them at once: its doctor needs the answers.
    The link opens only for a confirmed address, because the questions may be about health.
    """
    days = booking.visit_type.questionnaire_days if booking.visit_type else None
    if days is None or not knows_recipient(recipient) or not unanswered_questions(booking):
        return
    visit = visit_start(booking, recipient)
    wanted_at = visit.before(days * _DAY_MINUTES)
    if wanted_at <= since and not ask_now:
        return
    due_at = visit.outside_quiet_hours(max(wanted_at, since), earliest=since)
    if due_at < booking.starts_at:
        yield from _messages(
            booking, recipient, Kind.QUESTIONNAIRE,
            offset=days * _DAY_MINUTES, due_at=due_at, not_after=booking.starts_at,
        )  # fmt: skip


def unanswered_questions(booking: Booking) -> list[IntakeQuestion]:
    """Return the questions before the visit that have not been answered yet, in their order."""
    if booking.visit_type is None:
        return []
    answered = {answer["question"] for answer in booking.answers}
    asked = [
        question
        for question in booking.visit_type.questions.all()
        if question.asked == IntakeQuestion.Asked.BEFORE_VISIT
    ]
    return [question for question in asked if str(question.pk) not in answered]


def _messages(
    booking: Booking,
    recipient: User,
    kind: Message.Kind,
    *,
    offset: int,
    due_at: datetime,
    not_after: datetime,
) -> Iterator[Message]:
    """Yield one message over each channel of the recipient."""
    for channel in channels_for(recipient, kind=kind):
        yield Message(
            booking=booking,
            version=booking.version,
            recipient=recipient,
            kind=kind,
            channel=channel,
            offset_minutes=offset,
            due_at=due_at,
            not_after=not_after,
        )
