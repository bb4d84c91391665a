"""Serializer fields and filters for days, instants and times of day, shared by all endpoints."""

import re
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from scheduling.clock.planning import HoursRefused, format_clock, parse_clock


class CalendarDate(serializers.DateField):
    """A date from 1970 to 2999. Other dates would overflow the arithmetic of instants."""

    def to_internal_value(self, value: date | str) -> date:
        """Parse the date and check its range."""
        day: date = super().to_internal_value(value)
        if not date(1970, 1, 2) <= day <= date(2999, 12, 31):
            raise serializers.ValidationError(_("Choose a date between 1970 and 2999."))
        return day


class Instant(serializers.DateTimeField):
    """A date and time with a UTC offset. Without one, its meaning would depend on the reader's time zone."""

    def enforce_timezone(self, value: datetime) -> datetime:
        """Refuse a time without a UTC offset."""
        if value.tzinfo is None:
            raise serializers.ValidationError(_("Add a UTC offset, such as 2026-11-24T09:30:00Z."))
        if not date(1970, 1, 2) <= value.date() <= date(2999, 12, 31):
            raise serializers.ValidationError(_("Choose a date between 1970 and 2999."))
        return super().enforce_timezone(value)


@extend_schema_field({"type": "string", "example": "2026-11-24T09:30"})
class InstantOrLocalTime(Instant):
    """A date and time with a UTC offset, or a naive `YYYY-MM-DDTHH:MM` in the clinic's time zone."""

    def to_internal_value(self, value: datetime | str) -> datetime:
        """Parse either form."""
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d", value, re.ASCII):
            with suppress(ValueError):
                local = datetime.strptime(value, "%Y-%m-%dT%H:%M")  # noqa: DTZ007  in the clinic's zone
                CalendarDate().to_internal_value(local.date())
                return local
        return super().to_internal_value(value)


@extend_schema_field({"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$", "example": "09:30"})
class LocalTimeField(serializers.Field[int, Any, str, Any]):
    """A local time `HH:MM`, up to `24:00`. The value is in minutes after midnight."""

    def to_internal_value(self, data: object) -> int:
        """Parse `HH:MM` to minutes after midnight."""
        try:
            return parse_clock(data if isinstance(data, str) else "")
        except HoursRefused as error:
            raise serializers.ValidationError(_(error.message) % error.params) from error

    def to_representation(self, value: int) -> str:
        """Format minutes after midnight as `HH:MM`."""
        return format_clock(value)


class DoctorFilter(serializers.Serializer[Any]):
    """Query parameter that names the doctor."""

    doctor = serializers.UUIDField(
        required=False,
        help_text="The doctor's id. Required for the front desk; doctors can only name themselves.",
    )


class DayFilter(DoctorFilter):
    """Query parameters that name a date of a doctor."""

    date = CalendarDate(help_text="The date, in the clinic's calendar.")
