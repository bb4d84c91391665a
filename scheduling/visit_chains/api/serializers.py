"""Serializers of visit chains."""

from typing import Any

from rest_framework import serializers

from scheduling.availability.api.filters import AvailableFilters
from scheduling.calendar.api_outputs import TimesOutput
from scheduling.models import Chain, ChainStep
from scheduling.visit_types.api_fields import AnswersField
from tenants.base.fields import ParagraphField

_MAX_STEPS = 20


class ChainStepOutput(serializers.ModelSerializer[ChainStep]):
    """One visit of a chain."""

    visit_type = serializers.UUIDField(source="visit_type_id")
    name = serializers.CharField(source="visit_type.name")

    class Meta:
        model = ChainStep
        fields = ["visit_type", "name", "longest_wait_minutes"]
        read_only_fields = fields


class ChainOutput(serializers.ModelSerializer[Chain]):
    """A visit chain: visits that are booked together, in this order."""

    steps = ChainStepOutput(many=True)

    class Meta:
        model = Chain
        fields = ["id", "name", "description", "steps"]
        read_only_fields = fields


class ChainFilters(AvailableFilters):
    """Query parameters of the times of a chain. The first visit is between `from` and `to`, inclusive."""

    doctor = None  # type: ignore[assignment]
    specialty = None  # type: ignore[assignment]
    visit_type = None  # type: ignore[assignment]
    moving = None  # type: ignore[assignment]
    page = None  # type: ignore[assignment]
    page_size = None  # type: ignore[assignment]


class ChainTimeOutput(TimesOutput):
    """A possible time for one of the visits."""

    id = serializers.UUIDField(source="slot", help_text="Id of the slot.")
    doctor = serializers.UUIDField()
    place = serializers.UUIDField(source="place_id", allow_null=True)
    visit_type = serializers.UUIDField()


class ChainOptionOutput(serializers.Serializer[Any]):
    """Times for all visits of the chain, one after the other."""

    visits = ChainTimeOutput(many=True)


class ChainInput(serializers.Serializer[Any]):
    """The slots of the visits. Staff also name the patient."""

    slots = serializers.ListField(
        child=serializers.UUIDField(),
        min_length=1,
        max_length=_MAX_STEPS,
        help_text="Ids of the slots, one per visit, in the order of the chain.",
    )
    reason = ParagraphField(
        required=False, allow_blank=True, default="", help_text="The reason for the visits, for the doctors."
    )
    answers = AnswersField(
        required=False,
        default=dict,
        help_text="Answers to the questions of the visit types: question id -> answer.",
    )
    patient = serializers.UUIDField(
        required=False,
        help_text="Id of the patient. Required for staff. Patients send it to book for a dependant.",
    )
