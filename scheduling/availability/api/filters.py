"""Query parameters of doctor search and of the open-slots endpoint."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from scheduling.calendar.api_fields import CalendarDate
from tenants.base.fields import LineField


class DoctorFilters(serializers.Serializer[Any]):
    """Query parameters of the doctor search."""

    search = LineField(
        required=False, allow_blank=True, max_length=100, help_text="Part of a doctor's name or specialty."
    )
    specialty = LineField(
        required=False, allow_blank=True, max_length=40, help_text="Code or id of a specialty."
    )
    weekday = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=6,
        help_text="Only doctors with working hours on this weekday. 0 is Monday.",
    )
    available_on = CalendarDate(required=False, help_text="Only doctors with an open slot on this date.")
    visit_type = serializers.UUIDField(
        required=False, help_text="Only doctors who offer this visit type (its id)."
    )
    ordering = serializers.ChoiceField(
        required=False,
        choices=["name", "next_available"],
        help_text="The order: by name (the default), or by the start of the next open slot.",
    )


class AvailableFilters(serializers.Serializer[Any]):
    """Query parameters of the open slots. `from` and `to` are days of the clinic's calendar, inclusive."""

    doctor = serializers.UUIDField(required=False, help_text="Only slots of this doctor (an id).")
    specialty = LineField(
        required=False, max_length=40, help_text="Only slots of doctors of this specialty (code or id)."
    )
    visit_type = serializers.UUIDField(
        required=False,
        help_text="Only times at which a visit of this type fits (an id). `ends_at` is the visit's end.",
    )
    any_doctor = serializers.BooleanField(
        required=False,
        help_text="If true, list each time once, with the doctor who has the least booked time that day "
        "among those who accept new patients.",
    )
    moving = serializers.UUIDField(
        required=False,
        help_text="The times to which this booking (an id) can be moved, as if it were not there: it counts "
        "neither at its time nor in a limit. Only for those who may move it. Its visit type is the default.",
    )
    page = serializers.IntegerField(
        required=False, min_value=1, max_value=100_000, help_text="The page to return, from 1."
    )
    page_size = serializers.IntegerField(
        required=False,
        min_value=1,
        help_text="Slots per page, at most 100. Without `page` and `page_size`, up to 1,000 are returned.",
    )

    def get_fields(self) -> dict[str, Any]:
        """Add `from`, a Python keyword that cannot be declared as a field."""
        return {
            **super().get_fields(),
            "from": CalendarDate(required=False, help_text="The first day. Today by default."),
            "to": CalendarDate(
                required=False,
                help_text="The last day, at most 92 days after `from`. 30 days after `from` by default.",
            ),
        }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Check that the days are in order."""
        first, last = attrs.get("from"), attrs.get("to")
        if first and last and last < first:
            raise serializers.ValidationError(
                {"to": _("The last day is before the first day. Choose a later one.")}
            )
        return attrs
