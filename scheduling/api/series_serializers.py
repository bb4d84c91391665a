"""Series, as they come in and go out."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from scheduling.api.inputs import AnswersField, Clock, NearDate
from scheduling.api.serializers import BookingOutput, SlotOutput
from scheduling.models import Series
from scheduling.models.series import MOST_VISITS
from scheduling.planning import MIDNIGHT
from scheduling.services.series import Visit
from tenants.base.fields import Paragraph


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
    """Which visits. `month_day` is the same day of the month, `month_weekday` the same nth weekday of it."""

    doctor = serializers.UUIDField()
    first_on = NearDate()
    clock = Clock(help_text="On the wall of the clinic, or of the place where the doctor is then.")
    unit = serializers.ChoiceField(choices=Series.Unit.choices)
    every = serializers.IntegerField(min_value=1, max_value=12)
    count = serializers.IntegerField(min_value=2, max_value=MOST_VISITS)
    visit_type = serializers.UUIDField(required=False, allow_null=True, default=None)
    reason = Paragraph(required=False, allow_blank=True, default="")
    answers = AnswersField(required=False, default=dict)
    patient = serializers.UUIDField(required=False)

    def validate_clock(self, clock: int) -> int:
        """24:00 is the end of a day and begins no visit."""
        if clock == MIDNIGHT:
            raise serializers.ValidationError(_("Write the midnight that begins a day as 00:00."))
        return clock


class VisitOutput(serializers.Serializer[Any]):
    """What became of one visit."""

    number = serializers.IntegerField(help_text="Its place in the series, from 1.")
    on = serializers.DateField(allow_null=True, help_text="None where the month has no such day.")
    booking = BookingOutput(allow_null=True, help_text="None where it could not be booked.")
    code = serializers.CharField(
        help_text="Why it is not booked, or not cancelled. Of one that is booked: empty, or `clock_repeats`."
    )
    message = serializers.CharField(help_text="The same in words.")
    alternatives = serializers.SerializerMethodField()

    @extend_schema_field(SlotOutput(many=True))
    def get_alternatives(self, visit: Visit) -> list[dict[str, Any]]:
        """The nearest open slots, as Postgres wrote them."""
        return list(visit.alternatives)


class SeriesOutput(serializers.Serializer[Any]):
    """A series, and what became of its visits."""

    id = serializers.UUIDField()
    instances = VisitOutput(many=True)


class SeriesBookedOutput(SeriesOutput):
    """A series that has just been booked."""

    patient = serializers.DictField(help_text="For whom: `id`.")
