"""Serializers for slots as their doctor sees them."""

from typing import Any, Protocol

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from scheduling.bookings.api.outputs import AnswerOutput, BookedPatientOutput, BookedVisitOutput
from scheduling.calendar.api_outputs import TimesOutput
from scheduling.models import Booking, Slot
from tenants.accounts.models import User
from tenants.phone_numbers import ReadablePhoneField


class ScheduledSlot(Protocol):
    """A slot with the bookings that `with_bookings` adds."""

    status: str
    taken_by: list[Booking]


class ScheduledPatientOutput(BookedPatientOutput):
    """The patient of a booking in a doctor's schedule."""

    phone = serializers.CharField(help_text="E.164.")
    phone_display = ReadablePhoneField(source="phone")
    email_problem = serializers.ChoiceField(
        source="user.email_problem",
        default="",
        choices=["", *User.EmailProblem.values],
        help_text="Why emails to the patient are held: they are returned, or reported as spam.",
    )


class ScheduledBookingOutput(serializers.Serializer[Any]):
    """A booking or a hold in a doctor's schedule. A hold (`HELD`) does not say who holds the time."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=Booking.Status.choices)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    reason = serializers.CharField()
    answers = AnswerOutput(many=True)
    visit_type = BookedVisitOutput(allow_null=True)
    room = serializers.CharField(source="room.name", default=None, allow_null=True)
    overbooked = serializers.BooleanField()
    attendance_confirmed_at = serializers.DateTimeField(
        allow_null=True, help_text="When the patient confirmed that they will come at this time."
    )
    patient = serializers.SerializerMethodField(help_text="Null for a hold.")

    @extend_schema_field(ScheduledPatientOutput(allow_null=True))
    def get_patient(self, booking: Booking) -> dict[str, Any] | None:
        """The patient, or None for a hold."""
        return None if booking.only_held else ScheduledPatientOutput(booking.patient).data


class ScheduledSlotOutput(TimesOutput):
    """A slot in a doctor's schedule."""

    id = serializers.UUIDField()
    status = serializers.SerializerMethodField(help_text="`free`, `blocked`, `held`, `booked` or `removed`.")
    fits_hours = serializers.BooleanField()
    place = serializers.UUIDField(source="place_id", allow_null=True)
    booking = serializers.SerializerMethodField()
    others = serializers.SerializerMethodField(help_text="Further bookings that overlap the slot.")

    def get_status(self, slot: ScheduledSlot) -> str:
        """`removed` for a removed period, `booked`, `held` if only held, else the status of the slot."""
        if slot.status == Slot.Status.WITHDRAWN:
            return "removed"
        if not slot.taken_by:
            return str(slot.status)
        return "held" if slot.taken_by[0].only_held else "booked"

    @extend_schema_field(ScheduledBookingOutput(allow_null=True))
    def get_booking(self, slot: ScheduledSlot) -> dict[str, Any] | None:
        """The first booking in the slot, else the first hold, or None."""
        return ScheduledBookingOutput(slot.taken_by[0]).data if slot.taken_by else None

    @extend_schema_field(ScheduledBookingOutput(many=True))
    def get_others(self, slot: ScheduledSlot) -> list[dict[str, Any]]:
        """Further bookings that overlap the slot."""
        return list(ScheduledBookingOutput(slot.taken_by[1:], many=True).data)
