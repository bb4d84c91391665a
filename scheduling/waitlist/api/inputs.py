"""Request bodies of the waiting-list endpoints."""

from typing import Any

from rest_framework import serializers

from scheduling.calendar.api_fields import CalendarDate
from scheduling.visit_types.api_fields import AnswersField
from tenants.base.fields import LineField, ParagraphField


class WaitlistInput(serializers.Serializer[Any]):
    """A waiting-list entry. Exactly one of `doctor` and `specialty` is required."""

    doctor = serializers.UUIDField(required=False, help_text="Id of the doctor to wait for.")
    specialty = LineField(
        required=False, max_length=40, help_text="Code or id of the specialty to wait for, with any doctor."
    )
    visit_type = serializers.UUIDField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Id of the visit type. The clinic's default applies if it is not sent.",
    )
    to = CalendarDate(help_text="The last day that suits the patient, in the clinic's calendar.")
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6),
        min_length=1,
        max_length=7,
        required=False,
        help_text="The weekdays that suit the patient. 0 is Monday. Every weekday by default.",
    )
    patient = serializers.UUIDField(
        required=False,
        help_text="The patient's id. Required for staff. Patients send it only for a dependant.",
    )

    def get_fields(self) -> dict[str, Any]:
        """Add `from`, a Python keyword that cannot be declared as a field."""
        first = CalendarDate(help_text="The first day that suits the patient, in the clinic's calendar.")
        return {**super().get_fields(), "from": first}


class AcceptInput(serializers.Serializer[Any]):
    """The details of the booking that an offer becomes."""

    reason = ParagraphField(
        required=False, allow_blank=True, default="", help_text="The reason for the visit, for the doctor."
    )
    answers = AnswersField(
        required=False,
        default=dict,
        help_text="Answers to the questions of the visit type: question id -> answer.",
    )
    replaces = serializers.UUIDField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Id of a later booking to cancel in the same step, one of the offer's `can_replace`.",
    )
