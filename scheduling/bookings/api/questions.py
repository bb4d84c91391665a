"""`bookings/{id}/questions/`: the questions that are asked some days before a visit."""

import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.api.serializers import QuestionOutput
from scheduling.bookings.access import find_booking
from scheduling.bookings.answer_questions import answer_questions, can_answer, questions_before_visit
from scheduling.errors import BookingNotChangeable
from scheduling.models import Booking
from scheduling.visit_types.api_fields import AnswersField
from tenants.accounts.permissions import IsPatient, signed_in_user
from tenants.base.clock import now
from tenants.base.operations import operation
from tenants.base.requests import validate


class AnsweredQuestionOutput(QuestionOutput):
    """A question that is asked before the visit, with its answer."""

    answer = serializers.CharField(help_text="The stored answer; empty if there is none.")


class QuestionsOutput(serializers.Serializer[Any]):
    """The questions before a visit."""

    can_answer = serializers.BooleanField(help_text="Whether they can still be answered: until it starts.")
    questions = AnsweredQuestionOutput(many=True)


class AnswersInput(serializers.Serializer[Any]):
    """Answers to the questions before a visit."""

    answers = AnswersField(
        help_text="Question id -> answer. Answers that are not sent, or are empty, stay as they are."
    )


class QuestionsView(APIView):
    """The questions that are asked some days before a visit."""

    permission_classes = (IsPatient,)

    @operation(summary="Get the questions before a visit", responses=QuestionsOutput)
    def get(self, request: Request, booking_id: uuid.UUID) -> Response:
        """The questions in their order, with the answers so far. For the patient and their carers."""
        return Response(_questions(find_booking(booking_id=booking_id, by=signed_in_user(request))))

    @operation(
        summary="Answer the questions before a visit",
        request=AnswersInput,
        responses=QuestionsOutput,
        success=_("Thank you. The clinic has your answers."),
        errors=[BookingNotChangeable],
    )
    def post(self, request: Request, booking_id: uuid.UUID) -> Response:
        """Store answers, until the visit starts. The link in the email about the questions does the same."""
        data, user = validate(AnswersInput, request.data), signed_in_user(request)
        booking = find_booking(booking_id=booking_id, by=user)
        return Response(_questions(answer_questions(booking=booking, **data, by=user, now=now())))


def _questions(booking: Booking) -> dict[str, Any]:
    answers = {row["question"]: row["answer"] for row in booking.answers}
    questions = [
        {**QuestionOutput(question).data, "answer": answers.get(str(question.pk), "")}
        for question in questions_before_visit(booking)
    ]
    return {"can_answer": can_answer(booking, now=now()), "questions": questions}
