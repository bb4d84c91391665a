"""Query parameters of the doctor search, and of the endpoints of open slots."""

import uuid
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from clinics.models import Doctor
from scheduling.availability.conditions import MAIN_ADDRESS, PARTS_OF_DAY, Conditions
from scheduling.calendar.api_fields import CalendarDate, LocalTimeField
from tenants.base.fields import LineField

_MAX_DOCTORS = 12


def parse_weekdays(value: str) -> tuple[int, ...]:
    """Return the weekdays of a list separated by commas, in order.

    :raises ValidationError: the text is no such list
    """
    days = value.split(",")
    if not set(days) <= set("0123456"):
        raise serializers.ValidationError(_("Send weekdays from 0 to 6, separated by commas."))
    return tuple(sorted(map(int, set(days))))


class ConditionFilters(serializers.Serializer[Any]):
    """Query parameters that doctors and times share."""

    specialty = LineField(
        required=False,
        allow_blank=True,
        max_length=40,
        help_text="Only doctors of this specialty (code or id).",
    )
    language = LineField(
        required=False,
        max_length=35,
        help_text="Only doctors who speak this language (a BCP 47 tag). `pt` also finds `pt-BR`.",
    )
    sex = serializers.ChoiceField(
        required=False, choices=Doctor.Sex.values, help_text="Only doctors who state this sex."
    )
    place = LineField(
        required=False,
        max_length=40,
        help_text="Only at this place (an id), or `main` for the clinic's own address.",
    )
    part_of_day = serializers.ChoiceField(
        required=False,
        choices=list(PARTS_OF_DAY),
        help_text="Only before 12:00, from 12:00 to 17:00, or later, in the local time of the place.",
    )

    def validate_place(self, value: str) -> str:
        """Check that it is an id or `main`."""
        if value == MAIN_ADDRESS:
            return value
        try:
            return str(uuid.UUID(value))
        except ValueError as error:
            raise serializers.ValidationError(_("Send the id of a place, or main.")) from error


class DoctorFilters(ConditionFilters):
    """Query parameters of the doctor search."""

    search = LineField(
        required=False, allow_blank=True, max_length=100, help_text="Part of a doctor's name or specialty."
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
    accepting_new_patients = serializers.BooleanField(
        required=False, help_text="If true, only doctors who accept new patients."
    )
    ordering = serializers.ChoiceField(
        required=False,
        choices=["name", "next_available"],
        help_text="The order: by name (the default), or by the start of the next open slot.",
    )


class TimeFilters(ConditionFilters):
    """Query parameters of open slots. `from` and `to` are days of the clinic's calendar, inclusive."""

    doctor = serializers.UUIDField(required=False, help_text="Only slots of this doctor (an id).")
    doctors = LineField(
        required=False,
        max_length=40 * _MAX_DOCTORS,
        help_text=f"Only slots of these doctors: at most {_MAX_DOCTORS} ids, separated by commas.",
    )
    weekday = LineField(
        required=False,
        max_length=20,
        help_text="Only these weekdays, separated by commas. 0 is Monday: `0,2`.",
    )
    after = LocalTimeField(
        required=False, help_text="Only times that start at this local time or later: `17:00`."
    )
    before = LocalTimeField(
        required=False, help_text="Only times that start before this local time: `09:30`."
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

    def validate_weekday(self, value: str) -> tuple[int, ...]:
        """Parse the weekdays."""
        return parse_weekdays(value)

    def validate_doctors(self, value: str) -> tuple[uuid.UUID, ...]:
        """Parse the ids."""
        try:
            doctors = sorted({uuid.UUID(text) for text in value.split(",")})
        except ValueError as error:
            raise serializers.ValidationError(_("Send ids, separated by commas.")) from error
        if len(doctors) > _MAX_DOCTORS:
            raise serializers.ValidationError(_("Send fewer ids."))
        return tuple(doctors)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Check that the days are in order."""
        first, last = attrs.get("from"), attrs.get("to")
        if first and last and last < first:
            raise serializers.ValidationError(
                {"to": _("The last day is before the first day. Choose a later one.")}
            )
        return attrs


class AvailableFilters(TimeFilters):
    """Query parameters of the list of open slots."""

    page = serializers.IntegerField(
        required=False, min_value=1, max_value=100_000, help_text="The page to return, from 1."
    )
    page_size = serializers.IntegerField(
        required=False,
        min_value=1,
        help_text="Slots per page, at most 100. Without `page` and `page_size`, up to 1,000 are returned.",
    )


def conditions_of(filters: dict[str, Any]) -> Conditions:
    """Return the conditions of validated `TimeFilters`."""
    names = ("doctor", "specialty", "language", "sex", "place", "part_of_day", "after", "before")
    return Conditions(
        **{name: filters.get(name) for name in names},
        doctors=filters.get("doctors", ()),
        weekdays=frozenset(filters.get("weekday", ())),
    )
