"""What the schedule's addresses take."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from scheduling.models import Booking, DatedException, Slot
from scheduling.planning import LONGEST_SLOT, SHORTEST_SLOT, HoursRefused, format_clock, parse_clock
from tenants.base.fields import Line, Paragraph


class NearDate(serializers.DateField):
    """A day on which something could be booked; others would only break the calendar's arithmetic."""

    def to_internal_value(self, value: date | str) -> date:
        """Parse, within the years in which instants exist on both sides."""
        day: date = super().to_internal_value(value)
        if not date(1970, 1, 2) <= day <= date(2999, 12, 31):
            raise serializers.ValidationError(_("This day is out of range."))
        return day


class Instant(serializers.DateTimeField):
    """An instant with its offset; without one it would mean another instant to every reader."""

    def enforce_timezone(self, value: datetime) -> datetime:
        """Refuse a wall-clock time without an offset."""
        if value.tzinfo is None:
            raise serializers.ValidationError(_("Write the offset too, such as 2026-11-24T09:30:00Z."))
        if not date(1970, 1, 2) <= value.date() <= date(2999, 12, 31):
            raise serializers.ValidationError(_("This day is out of range."))
        return super().enforce_timezone(value)


@extend_schema_field({"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$", "example": "09:30"})
class Clock(serializers.Field[int, Any, str, Any]):
    """A time on the clinic's wall, `HH:MM`, up to `24:00`; minutes after midnight inside."""

    def to_internal_value(self, data: object) -> int:
        """Minutes after midnight."""
        try:
            return parse_clock(data if isinstance(data, str) else "")
        except HoursRefused as refused:
            raise serializers.ValidationError(_(refused.message) % refused.params) from refused

    def to_representation(self, value: int) -> str:
        """As a clock shows it."""
        return format_clock(value)


class DoctorFilters(serializers.Serializer[Any]):
    """How doctors are looked for."""

    search = Line(required=False, allow_blank=True, max_length=100, help_text="Part of a name or specialty.")
    specialty = Line(required=False, allow_blank=True, max_length=40, help_text="Its code or id.")
    weekday = serializers.IntegerField(required=False, min_value=0, max_value=6, help_text="0 is Monday.")
    available_on = NearDate(required=False, help_text="Has an open slot on that day.")
    ordering = serializers.ChoiceField(required=False, choices=["name", "next_available"])


class PatientFilters(serializers.Serializer[Any]):
    """How patients are looked for."""

    search = Line(
        required=False, allow_blank=True, max_length=100, help_text="Parts of name, telephone or e-mail."
    )


class AvailableFilters(serializers.Serializer[Any]):
    """Which open slots are wanted. `from` and `to` are the clinic's own days, both included."""

    doctor = serializers.UUIDField(required=False)
    specialty = Line(required=False, max_length=40)
    page = serializers.IntegerField(required=False, min_value=1, max_value=100_000)
    page_size = serializers.IntegerField(
        required=False, min_value=1, help_text="At most 100; not given, 1,000."
    )

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of Python's, so the two days are named here."""
        return {
            **super().get_fields(),
            "from": NearDate(required=False, help_text="Today when not given."),
            "to": NearDate(required=False, help_text="30 days later when not given; at most 92 days later."),
        }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The right way round."""
        first, last = attrs.get("from"), attrs.get("to")
        if first and last and last < first:
            raise serializers.ValidationError({"to": _("The last day is before the first.")})
        return attrs


class BookingInput(serializers.Serializer[Any]):
    """Which slot, and why. Admins and receptionists say for which patient, others where it is not they."""

    slot = serializers.UUIDField()
    reason = Paragraph(required=False, allow_blank=True, default="")
    patient = serializers.UUIDField(required=False)


class CancelInput(serializers.Serializer[Any]):
    """Why a booking is cancelled."""

    reason = Paragraph(required=False, allow_blank=True, default="")


class MyBookingsFilters(serializers.Serializer[Any]):
    """Which of one's bookings."""

    when = serializers.ChoiceField(required=False, choices=["upcoming", "past"])
    status = serializers.ChoiceField(required=False, choices=Booking.Status.choices)


class ScheduleFilters(serializers.Serializer[Any]):
    """Which days of a schedule; today when not given."""

    status = serializers.ChoiceField(required=False, choices=["free", "blocked", "booked"])

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of Python's."""
        return {**super().get_fields(), "from": NearDate(required=False), "to": NearDate(required=False)}


class OneSlotInput(serializers.Serializer[Any]):
    """One slot by its instants."""

    starts_at = Instant()
    ends_at = Instant()


class SeveralSlotsInput(serializers.Serializer[Any]):
    """The slots that fit into a part of a day."""

    date = NearDate()
    to = Clock()
    slot_minutes = serializers.IntegerField(min_value=SHORTEST_SLOT, max_value=LONGEST_SLOT)

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of Python's."""
        return {**super().get_fields(), "from": Clock()}


class SlotInput(serializers.Serializer[Any]):
    """A slot's period, and whether it is offered."""

    starts_at = Instant()
    ends_at = Instant()
    status = serializers.ChoiceField(choices=[Slot.Status.FREE, Slot.Status.BLOCKED], required=False)


class HoursField(serializers.Serializer[Any]):
    """One interval of a week."""

    weekday = serializers.IntegerField(min_value=0, max_value=6, help_text="0 is Monday.")
    opens = Clock()
    closes = Clock()
    slot_minutes = serializers.IntegerField(min_value=SHORTEST_SLOT, max_value=LONGEST_SLOT)
    valid_from = NearDate(required=False, allow_null=True, default=None)
    valid_until = NearDate(required=False, allow_null=True, default=None)


class ExceptionField(serializers.Serializer[Any]):
    """One dated day: its intervals, or none where it is closed."""

    date = NearDate(source="day")
    intervals = serializers.ListField(
        child=serializers.ListField(child=Clock(), min_length=2, max_length=2), max_length=48
    )
    slot_minutes = serializers.IntegerField(min_value=SHORTEST_SLOT, max_value=LONGEST_SLOT, required=False)

    def to_representation(self, instance: DatedException) -> dict[str, Any]:
        """A stored exception in the same form."""
        return {
            "date": instance.day.isoformat(),
            "intervals": [[format_clock(i.opens), format_clock(i.closes)] for i in instance.intervals.all()],
            "slot_minutes": instance.slot_minutes,
        }


class WhoseFilter(serializers.Serializer[Any]):
    """Whose hours: admins say it, a doctor's are their own."""

    doctor = serializers.UUIDField(required=False)


class DayFilter(WhoseFilter):
    """Which dated day."""

    date = NearDate()
