"""Request bodies and filters of the schedule endpoints."""

from typing import Any

from rest_framework import serializers

from scheduling.calendar.api_fields import CalendarDate, Instant, LocalTimeField
from scheduling.clock.planning import LONGEST_SLOT, SHORTEST_SLOT
from scheduling.models import Slot
from tenants.base.fields import RefuseOtherFields

_DURING_TIME_OFF = (
    "True to offer the slot although the doctor or the clinic is away at that time. Without it, such a slot "
    "is refused with `during_time_off`."
)


class ScheduleFilters(serializers.Serializer[Any]):
    """Query parameters of a doctor's schedule."""

    status = serializers.ChoiceField(
        required=False,
        choices=["free", "blocked", "held", "booked", "removed"],
        help_text="Only slots with this status. Removed periods are listed only with `removed`.",
    )

    def get_fields(self) -> dict[str, Any]:
        """Add `from`, a Python keyword that cannot be declared as a field."""
        return {
            **super().get_fields(),
            "from": CalendarDate(required=False, help_text="The first day. Today by default."),
            "to": CalendarDate(required=False, help_text="The last day. By default the same as `from`."),
        }


class OneSlotInput(serializers.Serializer[Any]):
    """One slot, by start and end."""

    starts_at = Instant(help_text="The start, with a UTC offset.")
    ends_at = Instant(help_text="The end, with a UTC offset.")
    during_time_off = serializers.BooleanField(required=False, default=False, help_text=_DURING_TIME_OFF)


class SeveralSlotsInput(serializers.Serializer[Any]):
    """As many slots as fit into a part of a day."""

    date = CalendarDate(help_text="The day, in the clinic's calendar.")
    to = LocalTimeField(help_text="The local time at which the last slot ends at the latest.")
    slot_minutes = serializers.IntegerField(
        min_value=SHORTEST_SLOT, max_value=LONGEST_SLOT, help_text="The length of each slot in minutes."
    )
    during_time_off = serializers.BooleanField(required=False, default=False, help_text=_DURING_TIME_OFF)

    def get_fields(self) -> dict[str, Any]:
        """Add `from`, a Python keyword that cannot be declared as a field."""
        return {
            **super().get_fields(),
            "from": LocalTimeField(help_text="The local time at which the first slot starts."),
        }


class SlotInput(RefuseOtherFields, serializers.Serializer[Any]):
    """Start, end and status of a slot."""

    starts_at = Instant(help_text="The start, with a UTC offset.")
    ends_at = Instant(help_text="The end, with a UTC offset.")
    status = serializers.ChoiceField(
        choices=[Slot.Status.FREE, Slot.Status.BLOCKED],
        required=False,
        help_text="`free` if patients can book the slot, `blocked` if not.",
    )
    during_time_off = serializers.BooleanField(required=False, default=False, help_text=_DURING_TIME_OFF)
