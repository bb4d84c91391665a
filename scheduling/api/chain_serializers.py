"""Visits in a row, as they come in and go out."""

from typing import Any

from rest_framework import serializers

from scheduling.api.inputs import AnswersField, AvailableFilters
from scheduling.api.serializers import TimesOutput
from scheduling.models import Chain, ChainStep
from tenants.base.fields import Paragraph

MOST_STEPS = 20


class ChainStepOutput(serializers.ModelSerializer[ChainStep]):
    """One visit of the row."""

    visit_type = serializers.UUIDField(source="visit_type_id")
    name = serializers.CharField(source="visit_type.name")

    class Meta:
        model = ChainStep
        fields = ["visit_type", "name", "longest_wait_minutes"]
        read_only_fields = fields


class ChainOutput(serializers.ModelSerializer[Chain]):
    """Visits that are booked together, in their order."""

    steps = ChainStepOutput(many=True)

    class Meta:
        model = Chain
        fields = ["id", "name", "description", "steps"]
        read_only_fields = fields


class ChainFilters(AvailableFilters):
    """Between which of the clinic's days the first visit is to be, both included."""

    doctor = None  # type: ignore[assignment]
    specialty = None  # type: ignore[assignment]
    visit_type = None  # type: ignore[assignment]
    page = None  # type: ignore[assignment]
    page_size = None  # type: ignore[assignment]


class ChainTimeOutput(TimesOutput):
    """When one of the visits could be."""

    id = serializers.UUIDField(source="slot", help_text="The slot.")
    doctor = serializers.UUIDField()
    place = serializers.UUIDField(source="place_id", allow_null=True)
    visit_type = serializers.UUIDField()


class ChainOptionOutput(serializers.Serializer[Any]):
    """One way to have all the visits, one after the other."""

    visits = ChainTimeOutput(many=True)


class ChainInput(serializers.Serializer[Any]):
    """The slot of each visit, in their order. Who is at the desk says for which patient."""

    slots = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MOST_STEPS)
    reason = Paragraph(required=False, allow_blank=True, default="")
    answers = AnswersField(required=False, default=dict)
    patient = serializers.UUIDField(required=False)
