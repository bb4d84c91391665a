"""What the schedule's addresses take."""

import re
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from scheduling.models import Booking, DatedException, Slot
from scheduling.planning import LONGEST_SLOT, SHORTEST_SLOT, HoursRefused, Weeks, format_clock, parse_clock
from tenants.base.fields import Line, Paragraph

MOST_ANSWERS = 50


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


@extend_schema_field({"type": "string", "example": "2026-11-24T09:30"})
class InstantOrWallTime(Instant):
    """An instant with its offset, or `YYYY-MM-DDTHH:MM` on the clinic's wall; the latter has no zone."""

    def to_internal_value(self, value: datetime | str) -> datetime:
        """Parse either."""
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d", value, re.ASCII):
            with suppress(ValueError):
                local = datetime.strptime(value, "%Y-%m-%dT%H:%M")  # noqa: DTZ007, of the clinic's wall
                NearDate().to_internal_value(local.date())
                return local
        return super().to_internal_value(value)


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
    visit_type = serializers.UUIDField(required=False, help_text="Offers such visits.")
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
    visit_type = serializers.UUIDField(
        required=False, help_text="Times at which such a visit fits, as long as it takes."
    )
    any_doctor = serializers.BooleanField(
        required=False,
        help_text="Each time once, with who has least to do that day, of those who take new patients.",
    )
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


class ExplainFilters(serializers.Serializer[Any]):
    """About which time of which doctor somebody asks."""

    doctor = serializers.UUIDField()
    at = InstantOrWallTime()
    visit_type = serializers.UUIDField(required=False)


class AnswersField(serializers.DictField):
    """Answers to the questions of a visit type, by the question's id."""

    child = Paragraph(allow_blank=True)

    def to_internal_value(self, data: Any) -> dict[str, str]:
        """Refuse more answers than anybody asks."""
        answers: dict[str, str] = super().to_internal_value(data)
        if len(answers) > MOST_ANSWERS:
            raise serializers.ValidationError(_("These are too many answers."))
        return answers


class BookingInput(serializers.Serializer[Any]):
    """Which slot, what for, and why. Who is at the desk says for which patient, others where it is not they.

    With `hold`, a time that is held becomes the booking; `slot` and `visit_type` are those of the hold then.
    Where the clinic names its visits and `visit_type` is not given, it is the first that is for everybody.
    Instead of a slot `starts_at` with a `specialty` or a `visit_type` gets the doctor who has least to do.
    """

    slot = serializers.UUIDField(required=False)
    hold = serializers.UUIDField(required=False)
    starts_at = Instant(required=False)
    specialty = Line(required=False, max_length=40)
    visit_type = serializers.UUIDField(required=False, allow_null=True, default=None)
    reason = Paragraph(required=False, allow_blank=True, default="")
    answers = AnswersField(required=False, default=dict)
    patient = serializers.UUIDField(required=False)
    overbook = serializers.BooleanField(
        required=False,
        default=False,
        help_text="In addition to what takes the slot; for the clinic's people.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One way of saying when, and only one."""
        if sum(name in attrs for name in ("slot", "hold", "starts_at")) != 1:
            raise serializers.ValidationError({"slot": _("Say which slot.")})
        return attrs


class HoldInput(serializers.Serializer[Any]):
    """Which slot to hold, and for what."""

    slot = serializers.UUIDField()
    visit_type = serializers.UUIDField(required=False, allow_null=True, default=None)
    patient = serializers.UUIDField(required=False)


class RescheduleInput(serializers.Serializer[Any]):
    """To which slot a booking moves, and why."""

    slot = serializers.UUIDField()
    reason = Paragraph(required=False, allow_blank=True, default="")


class CancelInput(serializers.Serializer[Any]):
    """Why a booking is cancelled."""

    reason = Paragraph(required=False, allow_blank=True, default="")


class WaitlistInput(serializers.Serializer[Any]):
    """For which time somebody waits: with a doctor or in a specialty, between two of the clinic's days."""

    doctor = serializers.UUIDField(required=False)
    specialty = Line(required=False, max_length=40, help_text="Its code or id.")
    visit_type = serializers.UUIDField(required=False, allow_null=True, default=None)
    to = NearDate()
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6),
        min_length=1,
        max_length=7,
        required=False,
        help_text="0 is Monday. Every day when not given.",
    )
    patient = serializers.UUIDField(required=False)

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of Python's."""
        return {**super().get_fields(), "from": NearDate()}


class AcceptInput(serializers.Serializer[Any]):
    """Why the patient comes, and what the visit type asks."""

    reason = Paragraph(required=False, allow_blank=True, default="")
    answers = AnswersField(required=False, default=dict)


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


@extend_schema_field({"type": "string", "enum": ["every", "A", "B"]})
class WeeksField(serializers.ChoiceField):
    """In which weeks: `every`, or the alternating `A` and `B`. Monday 1 January 2024 began an A week."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=["every", "A", "B"], **options)

    def to_internal_value(self, data: Any) -> Any:
        """As the planner reads it."""
        return Weeks[super().to_internal_value(data).upper()]

    def to_representation(self, value: Any) -> str:
        """In a word."""
        return "every" if value == Weeks.EVERY else Weeks(value).name


class HoursField(serializers.Serializer[Any]):
    """One interval of a week."""

    weekday = serializers.IntegerField(min_value=0, max_value=6, help_text="0 is Monday.")
    opens = Clock()
    closes = Clock()
    slot_minutes = serializers.IntegerField(min_value=SHORTEST_SLOT, max_value=LONGEST_SLOT)
    valid_from = NearDate(required=False, allow_null=True, default=None)
    valid_until = NearDate(required=False, allow_null=True, default=None)
    weeks = WeeksField(required=False, default=Weeks.EVERY)
    place = serializers.UUIDField(
        source="place_id", required=False, allow_null=True, default=None, help_text="None: the clinic's own."
    )


class ExceptionField(serializers.Serializer[Any]):
    """One dated day: its intervals, or none where it is closed."""

    date = NearDate(source="day")
    intervals = serializers.ListField(
        child=serializers.ListField(child=Clock(), min_length=2, max_length=2), max_length=48
    )
    slot_minutes = serializers.IntegerField(min_value=SHORTEST_SLOT, max_value=LONGEST_SLOT, required=False)
    place = serializers.UUIDField(required=False, allow_null=True, default=None)

    def to_representation(self, instance: DatedException) -> dict[str, Any]:
        """A stored exception in the same form."""
        return {
            "date": instance.day.isoformat(),
            "intervals": [[format_clock(i.opens), format_clock(i.closes)] for i in instance.intervals.all()],
            "slot_minutes": instance.slot_minutes,
            "place": instance.place_id and str(instance.place_id),
        }


class WhoseFilter(serializers.Serializer[Any]):
    """Whose hours: admins say it, a doctor's are their own."""

    doctor = serializers.UUIDField(required=False)


class DayFilter(WhoseFilter):
    """Which dated day."""

    date = NearDate()
