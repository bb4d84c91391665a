"""Serializers for changes of a doctor's schedule, with decisions about the affected bookings."""

import uuid
from typing import Any

from rest_framework import serializers

from scheduling.calendar.api_fields import LocalTimeField
from scheduling.clock.planning import Hours
from scheduling.hours.api_fields import ExceptionField, HoursField
from scheduling.schedule_changes.services import Decisions, ExceptionChange
from scheduling.time_off.api.serializers import ActionField, DecisionInput, OutcomeOutput
from scheduling.time_off.decisions import Action, Decision
from tenants.base.fields import MAILED_TEXT, LineField

_MAX_DECISIONS = 1000
MAX_INTERVALS = 200
"""The number of intervals that weekly hours may have."""


class DecisionsInput(serializers.Serializer[Any]):
    """What to do with the bookings that a change affects."""

    bookings = serializers.ListField(
        child=DecisionInput(),
        required=False,
        default=list,
        max_length=_MAX_DECISIONS,
        help_text="What to do with each booking that the preview lists.",
    )
    others = ActionField(
        required=False,
        default=Action.KEEP,
        help_text="What to do with affected bookings that are not in `bookings`. `keep` by default.",
    )
    note = LineField(
        required=False,
        allow_blank=True,
        default="",
        max_length=120,
        help_text="The reason, for patients whose appointment is moved or cancelled. " + MAILED_TEXT,
    )

    def validate_bookings(self, decisions: list[dict[str, Any]]) -> dict[uuid.UUID, Decision]:
        """Map the decisions by booking id. The last decision on a booking wins."""
        return {row["booking"]: Decision(row["action"], row["slot"]) for row in decisions}


def to_decisions(data: dict[str, Any]) -> Decisions:
    """The decisions in validated data."""
    return Decisions(bookings=data["bookings"], others=data["others"], note=data["note"])


class WeekChangeInput(DecisionsInput):
    """New weekly hours, and what to do with the bookings outside them."""

    hours = serializers.ListField(child=HoursField(), max_length=MAX_INTERVALS, help_text="The weekly hours.")


class ExceptionPreviewInput(ExceptionField):
    """New hours of one date; null removes the date's exception."""

    intervals = serializers.ListField(
        child=serializers.ListField(child=LocalTimeField(), min_length=2, max_length=2),
        max_length=48,
        allow_null=True,
        help_text="Pairs of local times `[opens, closes]`. An empty list closes the day. Null removes the "
        "exception, so that the weekly hours apply again.",
    )


class ExceptionChangeInput(DecisionsInput, ExceptionPreviewInput):
    """New hours of one date, and what to do with the bookings outside them."""


def to_week(intervals: list[dict[str, Any]]) -> list[Hours]:
    """The weekly hours in validated data."""
    return [Hours(place=item.pop("place_id"), **item) for item in intervals]


def to_exception_change(data: dict[str, Any]) -> ExceptionChange:
    """The change of one date in validated data."""
    intervals = data["intervals"]
    return ExceptionChange(
        day=data["day"],
        intervals=None if intervals is None else [(opens, closes) for opens, closes in intervals],
        slot_minutes=data.get("slot_minutes"),
        place=data["place"],
    )


class WeekChangedOutput(serializers.Serializer[Any]):
    """The weekly hours, and what was done with the bookings outside them."""

    hours = HoursField(many=True)
    bookings = OutcomeOutput(many=True)


class ExceptionChangedOutput(serializers.Serializer[Any]):
    """The hours of a date, and what was done with the bookings outside them."""

    exception = ExceptionField(allow_null=True, help_text="Null if the exception was removed.")
    bookings = OutcomeOutput(many=True)


class OutcomesOutput(serializers.Serializer[Any]):
    """What was done with the bookings."""

    bookings = OutcomeOutput(many=True)
