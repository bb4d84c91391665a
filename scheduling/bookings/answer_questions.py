"""Answer the questions of a visit type before the visit."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from scheduling.bookings.events import record_event
from scheduling.errors import BookingNotChangeable
from scheduling.models import Booking, BookingEvent, IntakeQuestion
from scheduling.visit_types.intake_answers import checked_answers
from tenants.accounts.models import User

_ANSWERABLE = ["PENDING", "CONFIRMED", "CHECKED_IN"]


def questions_before_visit(booking: Booking) -> QuerySet[IntakeQuestion]:
    """The questions that are asked some days before the visit, in their order."""
    return (
        IntakeQuestion.objects.before_visit()
        .filter(visit_type=booking.visit_type_id)
        .order_by("position", "id")
    )


def can_answer(booking: Booking, *, now: datetime) -> bool:
    """Whether questions about the visit can still be answered: until it starts."""
    return booking.status in _ANSWERABLE and booking.starts_at > now


@transaction.atomic
def answer_questions(*, booking: Booking, answers: Mapping[str, str], by: User, now: datetime) -> Booking:
    """Store answers to the questions before the visit. Answers that are not sent again stay as they are.

    The event records that there are new answers, not the answers.

    :param answers: by the question's id
    :raises BookingNotChangeable: the visit has started, or the booking is cancelled
    :raises InvalidInput: a required answer is missing, or an answer is not one of the choices
    """
    # The lock makes sure that of two carers who answer at the same time, neither loses an answer.
    locked: Booking = Booking.objects.select_for_update(of=("self",)).get(pk=booking.pk)
    if not can_answer(locked, now=now):
        raise BookingNotChangeable
    questions = list(questions_before_visit(locked))
    stored = {row["question"]: row for row in locked.answers}
    missing = [question for question in questions if str(question.pk) not in stored]
    given = {key: answer for key, answer in answers.items() if answer.strip()}
    new = checked_answers(questions, given, required=missing)
    merged = {**stored, **{row["question"]: row for row in new}}
    if list(merged.values()) != locked.answers:
        Booking.objects.filter(pk=booking.pk).update(answers=list(merged.values()))
        record_event(booking, BookingEvent.Kind.ANSWERED, by=by, now=now)
    return Booking.objects.shown().get(pk=booking.pk)
