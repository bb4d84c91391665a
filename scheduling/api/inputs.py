"""Serializers of request bodies and query parameters of the schedule."""

import re
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from scheduling.models import Booking, DatedException, Slot
from scheduling.planning import LONGEST_SLOT, SHORTEST_SLOT, HoursRefused, Weeks, format_clock, parse_clock
from tenants.base.fields import Line, Paragraph

MOST_ANSWERS = 50


class NearDate(serializers.DateField):
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
class InstantOrWallTime(Instant):
    """A date and time with a UTC offset, or a naive `YYYY-MM-DDTHH:MM` in the clinic's time zone."""

    def to_internal_value(self, value: datetime | str) -> datetime:
        """Parse either form."""
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d", value, re.ASCII):
            with suppress(ValueError):
                local = datetime.strptime(value, "%Y-%m-%dT%H:%M")  # noqa: DTZ007  in the clinic's zone
                NearDate().to_internal_value(local.date())
                return local
        return super().to_internal_value(value)


@extend_schema_field({"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$", "example": "09:30"})
class Clock(serializers.Field[int, Any, str, Any]):
    """A local time `HH:MM`, up to `24:00`. The value is in minutes after midnight."""

    def to_internal_value(self, data: object) -> int:
        """Parse `HH:MM` to minutes after midnight."""
        try:
            return parse_clock(data if isinstance(data, str) else "")
        except HoursRefused as refused:
            raise serializers.ValidationError(_(refused.message) % refused.params) from refused

    def to_representation(self, value: int) -> str:
        """Format minutes after midnight as `HH:MM`."""
        return format_clock(value)


class DoctorFilters(serializers.Serializer[Any]):
    """Query parameters of the doctor search."""

    search = Line(
        required=False, allow_blank=True, max_length=100, help_text="Part of a doctor's name or specialty."
    )
    specialty = Line(required=False, allow_blank=True, max_length=40, help_text="Code or id of a specialty.")
    weekday = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=6,
        help_text="Only doctors with working hours on this weekday. 0 is Monday.",
    )
    available_on = NearDate(required=False, help_text="Only doctors with an open slot on this date.")
    visit_type = serializers.UUIDField(
        required=False, help_text="Only doctors who offer this visit type (its id)."
    )
    ordering = serializers.ChoiceField(
        required=False,
        choices=["name", "next_available"],
        help_text="The order: by name (the default), or by the start of the next open slot.",
    )


class PatientFilters(serializers.Serializer[Any]):
    """Query parameters of the patient search."""

    search = Line(
        required=False,
        allow_blank=True,
        max_length=100,
        help_text="Parts of a name, phone number or email address.",
    )


class AvailableFilters(serializers.Serializer[Any]):
    """Query parameters of the open slots. `from` and `to` are days of the clinic's calendar, inclusive."""

    doctor = serializers.UUIDField(required=False, help_text="Only slots of this doctor (an id).")
    specialty = Line(
        required=False, max_length=40, help_text="Only slots of doctors of this specialty (code or id)."
    )
    visit_type = serializers.UUIDField(
        required=False,
        help_text="Only times at which a visit of this type fits (an id). `ends_at` is the visit's end.",
    )
    any_doctor = serializers.BooleanField(
        required=False,
        help_text="If true, list each time once, with the doctor who has the fewest bookings that day among "
        "those who accept new patients.",
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
            "from": NearDate(required=False, help_text="The first day. Today by default."),
            "to": NearDate(
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


class ExplainFilters(serializers.Serializer[Any]):
    """Query parameters of `explain/`."""

    doctor = serializers.UUIDField(help_text="The doctor's id.")
    at = InstantOrWallTime(
        help_text="The start time: with a UTC offset, or `YYYY-MM-DDTHH:MM` in the clinic's time zone."
    )
    visit_type = serializers.UUIDField(
        required=False, help_text="The visit type's id, to check whether such a visit can start then."
    )


class AnswersField(serializers.DictField):
    """Answers to the questions of a visit type: question id -> answer."""

    child = Paragraph(allow_blank=True)

    def to_internal_value(self, data: Any) -> dict[str, str]:
        """Limit the number of answers."""
        answers: dict[str, str] = super().to_internal_value(data)
        if len(answers) > MOST_ANSWERS:
            raise serializers.ValidationError(_("There are too many answers. Send at most 50."))
        return answers


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Book a slot",
            request_only=True,
            value={
                "slot": "c2a7b6f0-93a5-4a0f-8a1c-3c1f3f6d1a07",
                "visit_type": "b8b2d3d6-4f0f-4a3e-8a55-8e0d5cf0e403",
                "reason": "Chest pain when climbing stairs.",
            },
        ),
        OpenApiExample(
            "Book a hold",
            request_only=True,
            value={"hold": "9b1f6f0c-6f59-4a5b-9d67-0a6b5f0d8c12", "reason": "Annual check-up."},
        ),
        OpenApiExample(
            "Book a time with any doctor of a specialty",
            request_only=True,
            value={"starts_at": "2026-11-24T09:30:00Z", "specialty": "cardiology"},
        ),
    ]
)
class BookingInput(serializers.Serializer[Any]):
    """A booking. Exactly one of `slot`, `hold` and `starts_at` is required."""

    slot = serializers.UUIDField(required=False, help_text="Id of the slot to book.")
    hold = serializers.UUIDField(
        required=False,
        help_text="Id of a hold of the patient to turn into the booking. Slot and visit type are the hold's.",
    )
    starts_at = Instant(
        required=False,
        help_text="Start time to book with the available doctor who has the fewest bookings that day.",
    )
    specialty = Line(
        required=False,
        max_length=40,
        help_text="With `starts_at`: only doctors of this specialty (code or id).",
    )
    visit_type = serializers.UUIDField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Id of the visit type. For patients, the clinic's default applies if it is not sent.",
    )
    reason = Paragraph(
        required=False, allow_blank=True, default="", help_text="The reason for the visit, for the doctor."
    )
    answers = AnswersField(
        required=False,
        default=dict,
        help_text="Answers to the questions of the visit type: question id -> answer.",
    )
    patient = serializers.UUIDField(
        required=False,
        help_text="Id of the patient. Required for staff. Patients send it to book for a dependant.",
    )
    overbook = serializers.BooleanField(
        required=False,
        default=False,
        help_text="For staff, with `slot`: book even if another booking has the slot.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Check that the time is given in exactly one way."""
        if sum(name in attrs for name in ("slot", "hold", "starts_at")) != 1:
            raise serializers.ValidationError(
                {"slot": _("Choose a time: send exactly one of slot, hold and starts_at.")}
            )
        return attrs


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Hold a slot",
            request_only=True,
            value={
                "slot": "c2a7b6f0-93a5-4a0f-8a1c-3c1f3f6d1a07",
                "visit_type": "b8b2d3d6-4f0f-4a3e-8a55-8e0d5cf0e403",
            },
        )
    ]
)
class HoldInput(serializers.Serializer[Any]):
    """A slot to hold."""

    slot = serializers.UUIDField(help_text="Id of the slot to hold.")
    visit_type = serializers.UUIDField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Id of the visit type. The clinic's default applies if it is not sent.",
    )
    patient = serializers.UUIDField(
        required=False, help_text="Id of the dependant to hold the slot for, if it is not for the user."
    )


class RescheduleInput(serializers.Serializer[Any]):
    """The new slot of a booking."""

    slot = serializers.UUIDField(help_text="Id of the new slot, with the same doctor or another.")
    reason = Paragraph(
        required=False, allow_blank=True, default="", help_text="The reason for the change, for the others."
    )


@extend_schema_serializer(
    examples=[
        OpenApiExample("With a reason", request_only=True, value={"reason": "I have recovered, thank you."})
    ]
)
class CancelInput(serializers.Serializer[Any]):
    """The reason for a cancellation."""

    reason = Paragraph(
        required=False,
        allow_blank=True,
        default="",
        help_text="The reason for the cancellation, for the others.",
    )


class WaitlistInput(serializers.Serializer[Any]):
    """A waiting-list entry. Exactly one of `doctor` and `specialty` is required."""

    doctor = serializers.UUIDField(required=False, help_text="Id of the doctor to wait for.")
    specialty = Line(
        required=False, max_length=40, help_text="Code or id of the specialty to wait for, with any doctor."
    )
    visit_type = serializers.UUIDField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Id of the visit type. The clinic's default applies if it is not sent.",
    )
    to = NearDate(help_text="The last day that suits the patient, in the clinic's calendar.")
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6),
        min_length=1,
        max_length=7,
        required=False,
        help_text="The weekdays that suit the patient. 0 is Monday. Every weekday by default.",
    )
    patient = serializers.UUIDField(
        required=False, help_text="Id of the dependant who waits, if it is not the user."
    )

    def get_fields(self) -> dict[str, Any]:
        """Add `from`, a Python keyword that cannot be declared as a field."""
        first = NearDate(help_text="The first day that suits the patient, in the clinic's calendar.")
        return {**super().get_fields(), "from": first}


class AcceptInput(serializers.Serializer[Any]):
    """The details of the booking that an offer becomes."""

    reason = Paragraph(
        required=False, allow_blank=True, default="", help_text="The reason for the visit, for the doctor."
    )
    answers = AnswersField(
        required=False,
        default=dict,
        help_text="Answers to the questions of the visit type: question id -> answer.",
    )


class MyBookingsFilters(serializers.Serializer[Any]):
    """Query parameters of the user's bookings."""

    when = serializers.ChoiceField(
        required=False,
        choices=["upcoming", "past"],
        help_text="Only upcoming bookings, soonest first, or only past ones. Without it, all, latest first.",
    )
    status = serializers.ChoiceField(
        required=False, choices=Booking.Status.choices, help_text="Only bookings with this status."
    )


class ScheduleFilters(serializers.Serializer[Any]):
    """Query parameters of a doctor's schedule."""

    status = serializers.ChoiceField(
        required=False, choices=["free", "blocked", "booked"], help_text="Only slots with this status."
    )

    def get_fields(self) -> dict[str, Any]:
        """Add `from`, a Python keyword that cannot be declared as a field."""
        return {
            **super().get_fields(),
            "from": NearDate(required=False, help_text="The first day. Today by default."),
            "to": NearDate(required=False, help_text="The last day. By default the same as `from`."),
        }


class OneSlotInput(serializers.Serializer[Any]):
    """One slot, by start and end."""

    starts_at = Instant(help_text="The start, with a UTC offset.")
    ends_at = Instant(help_text="The end, with a UTC offset.")


class SeveralSlotsInput(serializers.Serializer[Any]):
    """As many slots as fit into a part of a day."""

    date = NearDate(help_text="The day, in the clinic's calendar.")
    to = Clock(help_text="The local time at which the last slot ends at the latest.")
    slot_minutes = serializers.IntegerField(
        min_value=SHORTEST_SLOT, max_value=LONGEST_SLOT, help_text="The length of each slot in minutes."
    )

    def get_fields(self) -> dict[str, Any]:
        """Add `from`, a Python keyword that cannot be declared as a field."""
        return {
            **super().get_fields(),
            "from": Clock(help_text="The local time at which the first slot starts."),
        }


class SlotInput(serializers.Serializer[Any]):
    """Start, end and status of a slot."""

    starts_at = Instant(help_text="The start, with a UTC offset.")
    ends_at = Instant(help_text="The end, with a UTC offset.")
    status = serializers.ChoiceField(
        choices=[Slot.Status.FREE, Slot.Status.BLOCKED],
        required=False,
        help_text="`free` if patients can book the slot, `blocked` if not.",
    )


@extend_schema_field({"type": "string", "enum": ["every", "A", "B"]})
class WeeksField(serializers.ChoiceField):
    """The weeks: `every`, or the alternating `A` and `B`. The week of Monday 1 January 2024 is an A week."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=["every", "A", "B"], **options)

    def to_internal_value(self, data: Any) -> Any:
        """Parse to the planner's enum."""
        return Weeks[super().to_internal_value(data).upper()]

    def to_representation(self, value: Any) -> str:
        """Format the planner's enum."""
        return "every" if value == Weeks.EVERY else Weeks(value).name


class HoursField(serializers.Serializer[Any]):
    """One interval of the weekly working hours."""

    weekday = serializers.IntegerField(min_value=0, max_value=6, help_text="The weekday. 0 is Monday.")
    opens = Clock(help_text="The local time at which the interval starts.")
    closes = Clock(help_text="The local time at which the interval ends.")
    slot_minutes = serializers.IntegerField(
        min_value=SHORTEST_SLOT, max_value=LONGEST_SLOT, help_text="The length of each slot in minutes."
    )
    valid_from = NearDate(
        required=False,
        allow_null=True,
        default=None,
        help_text="The first day on which the interval applies. Null for no limit.",
    )
    valid_until = NearDate(
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


class ExceptionField(serializers.Serializer[Any]):
    """The opening hours of one date. An empty list of intervals closes the day."""

    date = NearDate(source="day", help_text="The date, in the clinic's calendar.")
    intervals = serializers.ListField(
        child=serializers.ListField(child=Clock(), min_length=2, max_length=2),
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
        """A stored exception in the same format."""
        return {
            "date": instance.day.isoformat(),
            "intervals": [[format_clock(i.opens), format_clock(i.closes)] for i in instance.intervals.all()],
            "slot_minutes": instance.slot_minutes,
            "place": instance.place_id and str(instance.place_id),
        }


class WhoseFilter(serializers.Serializer[Any]):
    """Query parameter that names the doctor."""

    doctor = serializers.UUIDField(
        required=False, help_text="The doctor's id. Required for admins; doctors can only name themselves."
    )


class DayFilter(WhoseFilter):
    """Query parameters that name a date of a doctor."""

    date = NearDate(help_text="The date, in the clinic's calendar.")
