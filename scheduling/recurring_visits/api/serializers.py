"""Serializers of recurring visits."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from scheduling.availability.api.outputs import SlotOutput
from scheduling.bookings.api.inputs import CancelInput
from scheduling.bookings.api.outputs import BookingOutput
from scheduling.calendar.api_fields import CalendarDate, LocalTimeField
from scheduling.clock.planning import MIDNIGHT
from scheduling.models import Series
from scheduling.models.series import MAX_VISITS
from scheduling.recurring_visits.services import VisitResult
from scheduling.visit_types.api_fields import AnswersField
from tenants.base.fields import ParagraphField


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Every other Tuesday",
            request_only=True,
            value={
                "doctor": "0b54a6c4-7b3a-4a36-9f0d-5b3d8d0c1a11",
                "first_on": "2026-03-03",
                "clock": "09:30",
                "unit": "week",
                "every": 2,
                "count": 6,
            },
        )
    ]
)
class SeriesInput(serializers.Serializer[Any]):
    """A series of visits at the same local time."""

    doctor = serializers.UUIDField(help_text="The doctor's id.")
    first_on = CalendarDate(help_text="The day of the first visit, in the clinic's calendar.")
    clock = LocalTimeField(
        help_text="The local start time `HH:MM` at the clinic, or at the place where the doctor works then."
    )
    unit = serializers.ChoiceField(
        choices=Series.Unit.choices,
        help_text="The interval's unit. `month_day` repeats on the same day of the month, `month_weekday` on "
        "the same weekday of the month, such as the second Tuesday.",
    )
    every = serializers.IntegerField(
        min_value=1, max_value=12, help_text="The interval: 2 with `week` is every other week."
    )
    count = serializers.IntegerField(
        min_value=2, max_value=MAX_VISITS, help_text="The number of visits, including the first."
    )
    visit_type = serializers.UUIDField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Id of the visit type. For patients, the clinic's default applies if it is not sent.",
    )
    reason = ParagraphField(
        required=False, allow_blank=True, default="", help_text="The reason for the visits, for the doctor."
    )
    answers = AnswersField(
        required=False,
        default=dict,
        help_text="Answers to the questions of the visit type: question id -> answer.",
    )
    patient = serializers.UUIDField(
        required=False,
        help_text="Id of the patient. Required for staff. Patients send it to book for a dependant.",
    )

    def validate_clock(self, clock: int) -> int:
        """Refuse 24:00, which can only end a day."""
        if clock == MIDNIGHT:
            raise serializers.ValidationError(
                _("A visit cannot start at 24:00. For the start of a day, write 00:00.")
            )
        return clock


class SeriesCancelInput(CancelInput):
    """Which visits of a series are cancelled, and why."""

    from_booking = serializers.UUIDField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Id of a booking of the series: cancel this visit and those that follow. Without it, all "
        "upcoming visits are cancelled. To cancel a single visit, cancel its booking.",
    )


class VisitOutput(serializers.Serializer[Any]):
    """One visit of a series."""

    number = serializers.IntegerField(help_text="Its number in the series, from 1.")
    on = serializers.DateField(allow_null=True, help_text="Null if the month has no such day.")
    booking = BookingOutput(allow_null=True, help_text="Null if it could not be booked.")
    code = serializers.CharField(
        help_text="Why it was not booked or not cancelled. Empty on success, or `clock_repeats` if the local "
        "time occurs twice that day."
    )
    message = serializers.CharField(help_text="The reason in words.")
    alternatives = serializers.SerializerMethodField()

    @extend_schema_field(SlotOutput(many=True))
    def get_alternatives(self, visit: VisitResult) -> list[dict[str, Any]]:
        """The nearest open slots."""
        return list(visit.alternatives)


class SeriesOutput(serializers.Serializer[Any]):
    """A series and its visits."""

    id = serializers.UUIDField()
    instances = VisitOutput(many=True)


class SeriesBookedOutput(SeriesOutput):
    """A new series and its visits."""

    patient = serializers.DictField(help_text="The patient: `id`.")
