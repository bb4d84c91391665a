"""Serializers for weekly working hours and dated exceptions."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from scheduling.calendar.api_fields import CalendarDate, LocalTimeField
from scheduling.clock.planning import LONGEST_SLOT, SHORTEST_SLOT, Weeks, format_clock
from scheduling.models import DatedException
from tenants.base.fields import RefuseOtherFields


@extend_schema_field({"type": "string", "enum": ["every", "A", "B"]})
class WeeksField(serializers.ChoiceField):
    """The weeks: `every`, or the alternating `A` and `B`. The week of Monday 1 January 2024 is an A week."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=["every", "A", "B"], **options)

    def to_internal_value(self, data: Any) -> Any:
        """Parse the weeks to the planner's enum."""
        return Weeks[super().to_internal_value(data).upper()]

    def to_representation(self, value: Any) -> str:
        """Format a value of the planner's enum."""
        return "every" if value == Weeks.EVERY else Weeks(value).name


class HoursField(RefuseOtherFields, serializers.Serializer[Any]):
    """One interval of the weekly working hours."""

    weekday = serializers.IntegerField(min_value=0, max_value=6, help_text="The weekday. 0 is Monday.")
    opens = LocalTimeField(help_text="The local time at which the interval starts.")
    closes = LocalTimeField(help_text="The local time at which the interval ends.")
    slot_minutes = serializers.IntegerField(
        min_value=SHORTEST_SLOT, max_value=LONGEST_SLOT, help_text="The length of each slot in minutes."
    )
    valid_from = CalendarDate(
        required=False,
        allow_null=True,
        default=None,
        help_text="The first day on which the interval applies. Null for no limit.",
    )
    valid_until = CalendarDate(
        required=False,
        allow_null=True,
        default=None,
        help_text="The last day on which the interval applies. Null for no limit.",
    )
    weeks = WeeksField(
        required=False,
        default=Weeks.EVERY,
        help_text="The weeks in which it applies: `every`, or alternating `A` and `B` weeks. The week of "
        "Monday 1 January 2024 is an A week.",
    )
    place = serializers.UUIDField(
        source="place_id",
        required=False,
        allow_null=True,
        default=None,
        help_text="Id of the place. Null for the clinic's own address.",
    )


class ExceptionField(RefuseOtherFields, serializers.Serializer[Any]):
    """The opening hours of one date. An empty list of intervals closes the day."""

    date = CalendarDate(source="day", help_text="The date, in the clinic's calendar.")
    intervals = serializers.ListField(
        child=serializers.ListField(child=LocalTimeField(), min_length=2, max_length=2),
        max_length=48,
        help_text="Pairs of local times `[opens, closes]`. An empty list closes the day.",
    )
    slot_minutes = serializers.IntegerField(
        min_value=SHORTEST_SLOT,
        max_value=LONGEST_SLOT,
        required=False,
        help_text="The length of each slot in minutes. By default that of the weekly hours.",
    )
    place = serializers.UUIDField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Id of the place. Null for the clinic's own address.",
    )

    def to_representation(self, instance: DatedException) -> dict[str, Any]:
        """Format a stored exception like the input."""
        return {
            "date": instance.day.isoformat(),
            "intervals": [[format_clock(i.opens), format_clock(i.closes)] for i in instance.intervals.all()],
            "slot_minutes": instance.slot_minutes,
            "place": instance.place_id and str(instance.place_id),
        }
