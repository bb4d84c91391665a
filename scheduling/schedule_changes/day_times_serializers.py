"""Serializers of the days of a schedule."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from scheduling.calendar.api_fields import CalendarDate, DoctorFilter, LocalTimeField
from scheduling.calendar.api_outputs import PlaceOutput
from scheduling.hours.api_fields import HoursField
from scheduling.hours.day_times import ScheduleDay
from scheduling.schedule_changes.api_serializers import MAX_INTERVALS, ExceptionPreviewInput
from tenants.base.clock import time_zone_label

MAX_DAYS = 63
"""The number of days that can be listed at once: two months."""
_MAX_EXCEPTIONS = 31


class DaysFilters(DoctorFilter):
    """Query parameters of the days of a schedule."""

    def get_fields(self) -> dict[str, Any]:
        """Add `from`, a Python keyword that cannot be declared as a field."""
        return {
            **super().get_fields(),
            "from": CalendarDate(required=False, help_text="The first day. Today by default."),
            "to": CalendarDate(
                required=False,
                help_text="The last day, at most 62 days after `from`. By default, six weeks are listed.",
            ),
        }


class TimesPreviewInput(serializers.Serializer[Any]):
    """New weekly hours, and new hours of single dates."""

    hours = serializers.ListField(
        child=HoursField(),
        max_length=MAX_INTERVALS,
        required=False,
        allow_null=True,
        default=None,
        help_text="The new weekly hours. Null for the stored ones.",
    )
    exceptions = serializers.ListField(
        child=ExceptionPreviewInput(),
        max_length=_MAX_EXCEPTIONS,
        required=False,
        default=list,
        help_text="New hours of single dates.",
    )

    def get_fields(self) -> dict[str, Any]:
        """Add `from`, a Python keyword that cannot be declared as a field."""
        first = CalendarDate(required=False, help_text="The first of the fourteen days. Today by default.")
        return {**super().get_fields(), "from": first}


class DayHoursOutput(serializers.Serializer[Any]):
    """An interval of a day."""

    opens = LocalTimeField(help_text="Local to the place, or to the clinic if it is null.")
    closes = LocalTimeField()
    slot_minutes = serializers.IntegerField()
    place = serializers.UUIDField(allow_null=True)


class DayTimeOffOutput(serializers.Serializer[Any]):
    """Time off on a day."""

    id = serializers.UUIDField()
    doctor = serializers.UUIDField(
        source="doctor_id", allow_null=True, help_text="Null for the whole clinic."
    )
    opens = LocalTimeField()
    closes = LocalTimeField()
    note = serializers.CharField()


class DayClockChangeOutput(serializers.Serializer[Any]):
    """A change of the clock on a day."""

    tz_label = serializers.SerializerMethodField()
    minutes = serializers.IntegerField(
        help_text="By how many minutes the clock is set forward. Negative: it is set back."
    )

    def get_tz_label(self, change: Any) -> str:
        """The name of the time zone."""
        return time_zone_label(change.zone.key)


class ScheduleDayOutput(serializers.Serializer[Any]):
    """A day of a doctor's schedule."""

    date = serializers.DateField()
    week = serializers.SerializerMethodField(help_text="Which of the alternating weeks the day is in.")
    hours = DayHoursOutput(many=True, help_text="The hours of the day. They include time off.")
    times = serializers.IntegerField(
        help_text="The number of upcoming times, booked or not. Times in time off and removed times are not "
        "counted."
    )
    is_exception = serializers.BooleanField(help_text="Whether the day has its own hours.")
    holiday = serializers.CharField(help_text="The name of the holiday; empty if the day is none.")
    time_off = DayTimeOffOutput(many=True)
    clock_changes = DayClockChangeOutput(many=True)

    @extend_schema_field({"type": "string", "enum": ["A", "B"]})
    def get_week(self, day: ScheduleDay) -> str:
        """The letter of the week."""
        return day.week.name


class ScheduleDaysOutput(serializers.Serializer[Any]):
    """The days of a doctor's schedule."""

    time_zone = serializers.CharField(help_text="The clinic's time zone, an IANA name.")
    tz_label = serializers.CharField()
    days = ScheduleDayOutput(many=True)
    places = PlaceOutput(many=True, help_text="The clinic's places in use besides its own address, by name.")


class PreviewedDayOutput(serializers.Serializer[Any]):
    """A day under new hours."""

    day = ScheduleDayOutput()
    before = serializers.IntegerField(help_text="The number of times under the stored hours.")


class TimesPreviewOutput(serializers.Serializer[Any]):
    """Two weeks under new hours."""

    time_zone = serializers.CharField(help_text="The clinic's time zone, an IANA name.")
    tz_label = serializers.CharField()
    before = serializers.IntegerField(help_text="The number of times of both weeks under the stored hours.")
    after = serializers.IntegerField(help_text="The number of times of both weeks under the new hours.")
    days = PreviewedDayOutput(many=True)
