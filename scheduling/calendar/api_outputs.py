"""Serializers for periods, local times and places, shared by all endpoints."""

from datetime import datetime
from typing import Any

from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from scheduling.calendar.local_times import local_time_fields
from scheduling.models import Booking, Place, Slot
from tenants.base.clock import local_time
from tenants.current import current_clinic

_INSTANTS_AND_DATES = ("starts_at", "ends_at", "local_date")
_TEXTS_AND_NUMBERS = ("time_zone", "tz_label", "local_time", "local_end_time", "clock_pass")
"""The fields of `TimesOutput` that are written as they are."""


class TimesOutput(serializers.Serializer[Any]):
    """A period in UTC and in local time."""

    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    time_zone = serializers.CharField()
    tz_label = serializers.CharField()
    local_date = serializers.DateField()
    local_time = serializers.CharField(help_text="HH:MM in the local time zone.")
    local_end_time = serializers.CharField()
    clock_pass = serializers.IntegerField(
        help_text="When clocks are set back, local times repeat: 1 for the first pass, 2 for the second. "
        "Otherwise 0."
    )

    def to_representation(self, instance: Slot | Booking) -> dict[str, Any]:
        """Add the local times to the fields of the row."""
        times = local_time_fields(instance.starts_at, instance.ends_at, instance.place)
        output: dict[str, Any] = {name: times[name] for name in _TEXTS_AND_NUMBERS}
        for name, field in self._time_fields:
            output[name] = field.to_representation(times[name])
        for name, field in self._other_fields:
            value = field.get_attribute(instance)
            output[name] = None if value is None else field.to_representation(value)
        return output

    # Both lists are made once for all rows: a calendar has hundreds.
    @cached_property
    def _time_fields(self) -> list[tuple[str, Any]]:
        return [(name, self.fields[name]) for name in _INSTANTS_AND_DATES]

    @cached_property
    def _other_fields(self) -> list[tuple[str, Any]]:
        known = {*_INSTANTS_AND_DATES, *_TEXTS_AND_NUMBERS}
        fields = [(str(field.field_name), field) for field in self._readable_fields]
        return [(name, field) for name, field in fields if name not in known]


class LocalTimeOutput(serializers.Serializer[Any]):
    """A date and time in the clinic's time zone."""

    local_date = serializers.DateField()
    local_time = serializers.CharField()


class MomentOutput(serializers.Serializer[Any]):
    """An instant in UTC, and its date and time in the clinic's time zone."""

    at = serializers.DateTimeField()
    local_date = serializers.DateField()
    local_time = serializers.CharField()


@extend_schema_field(MomentOutput)
class MomentField(serializers.Field[datetime, datetime, dict[str, Any], Any]):
    """When something happened, or will: `MomentOutput`. Read-only."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, **options)

    def to_representation(self, value: datetime) -> dict[str, Any]:
        """Add the local date and time."""
        local = local_time(value, current_clinic().zone)
        moment = {"at": value, "local_date": local.on, "local_time": local.time}
        return dict(MomentOutput(moment).data)


@extend_schema_field(MomentOutput(allow_null=True))
class OptionalMomentField(MomentField):
    """When something happened; null if it has not."""


class PlaceOutput(serializers.ModelSerializer[Place]):
    """The place of a visit."""

    class Meta:
        model = Place
        fields = ["id", "name", "address", "phone", "time_zone"]
        read_only_fields = fields
