"""Serializers of the staff portal's calendar, and of a booking in every list of the portal."""

from typing import Any

from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clinics.models import Doctor
from scheduling.bookings.api.outputs import BookedPatientOutput, BookedVisitOutput
from scheduling.calendar.api_outputs import PlaceOutput, TimesOutput
from scheduling.models import Booking
from tenants.accounts.models import User
from tenants.phone_numbers import ReadablePhoneField

_MINUTE = "Real minutes since the day began at the clinic; negative before it."


class SharedRowOutput(serializers.ModelSerializer[Any]):
    """Serialises a row once, although many bookings of a list refer to it."""

    def to_representation(self, instance: Any) -> Any:
        """Return the output of an earlier booking with the same row, if there is one."""
        if instance.pk not in self._outputs:
            self._outputs[instance.pk] = super().to_representation(instance)
        return self._outputs[instance.pk]

    @cached_property
    def _outputs(self) -> dict[Any, Any]:
        return {}


class PortalDoctorOutput(SharedRowOutput):
    """The doctor of a booking or of a column."""

    class Meta:
        model = Doctor
        fields = ["id", "display_name", "is_active"]
        read_only_fields = fields


class PortalVisitTypeOutput(SharedRowOutput, BookedVisitOutput):
    """The visit type of a booking."""

    class Meta(BookedVisitOutput.Meta):
        pass


class PortalPlaceOutput(SharedRowOutput, PlaceOutput):
    """The place of a booking."""

    class Meta(PlaceOutput.Meta):
        pass


class PortalPatientOutput(BookedPatientOutput):
    """The patient of a booking, as staff see them in lists."""

    date_of_birth = serializers.DateField(allow_null=True)
    phone = serializers.CharField(help_text="E.164.")
    phone_display = ReadablePhoneField(source="phone")
    email_problem = serializers.ChoiceField(
        source="user.email_problem",
        default="",
        choices=["", *User.EmailProblem.values],
        help_text="Why emails to the patient are held: they are returned, or reported as spam.",
    )


class PortalBookingOutput(TimesOutput):
    """A booking in the portal's calendar and lists. Its query is made by `portal_bookings`.

    A hold (`HELD`) says neither who holds the time nor why.
    """

    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=Booking.Status.choices)
    slot = serializers.UUIDField(source="slot_id", allow_null=True)
    doctor = PortalDoctorOutput()
    patient = serializers.SerializerMethodField(help_text="Null for a hold.")
    visit_type = PortalVisitTypeOutput(allow_null=True)
    place = PortalPlaceOutput(allow_null=True, help_text="Null for the clinic's own address.")
    room = serializers.CharField(source="room.name", default=None, allow_null=True)
    series = serializers.UUIDField(source="series_id", allow_null=True)
    overbooked = serializers.BooleanField(
        help_text="Whether staff booked it although another booking had the time."
    )
    busy_from = serializers.DateTimeField(allow_null=True, help_text="The start of the buffer before it.")
    busy_until = serializers.DateTimeField(allow_null=True, help_text="The end of the buffer after it.")
    reason = serializers.SerializerMethodField(help_text="Empty for a hold.")
    held_until = serializers.SerializerMethodField(help_text="When a hold ends; null for a booking.")
    attendance_confirmed_at = serializers.DateTimeField(
        allow_null=True, help_text="When the patient confirmed that they will come at this time."
    )
    arrived_at = serializers.DateTimeField(
        allow_null=True, help_text="When the patient was checked in; null if they have not arrived."
    )
    cancelled_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField(help_text="Raised when the time, doctor, place or visit type changes.")

    @extend_schema_field(PortalPatientOutput(allow_null=True))
    def get_patient(self, booking: Booking) -> dict[str, Any] | None:
        """The patient, or None for a hold."""
        return None if booking.only_held else self._patient_output.to_representation(booking.patient)

    @cached_property
    def _patient_output(self) -> PortalPatientOutput:
        """One serializer for all patients of a list: to make one takes longer than to use it."""
        return PortalPatientOutput()

    def get_reason(self, booking: Booking) -> str:
        """The reason for the visit, or nothing for a hold."""
        return "" if booking.only_held else booking.reason

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_held_until(self, booking: Booking) -> str | None:
        """The end of a hold."""
        if booking.status != Booking.Status.HELD or booking.held_until is None:
            return None
        return serializers.DateTimeField().to_representation(booking.held_until)


class PlacedOutput(TimesOutput):
    """A period of a day, with its position."""

    minute = serializers.IntegerField(help_text=_MINUTE)
    end_minute = serializers.IntegerField(help_text=_MINUTE)
    place = serializers.UUIDField(
        source="place.pk", default=None, allow_null=True, help_text="Null for the clinic's own address."
    )


class PlacedSlotOutput(PlacedOutput):
    """A slot."""

    id = serializers.UUIDField()


class FreePeriodOutput(PlacedOutput):
    """Free time: slots that follow each other."""

    slots = PlacedSlotOutput(many=True)


class PlacedTimeOffOutput(PlacedOutput):
    """Time off on one day."""

    id = serializers.UUIDField()
    note = serializers.CharField(help_text="The reason; may be empty.")
    everybody = serializers.BooleanField(help_text="Whether it closes the whole clinic.")


class PlacedVisitOutput(serializers.Serializer[Any]):
    """A booking or a hold, with its position. Its buffers lie between `busy_minute` and `minute`."""

    minute = serializers.IntegerField(help_text=_MINUTE)
    end_minute = serializers.IntegerField(help_text=_MINUTE)
    busy_minute = serializers.IntegerField(help_text=_MINUTE)
    busy_end_minute = serializers.IntegerField(help_text=_MINUTE)
    booking = PortalBookingOutput()


class DoctorDayOutput(serializers.Serializer[Any]):
    """A day of a doctor."""

    date = serializers.DateField()
    hours = PlacedOutput(many=True)
    visits = PlacedVisitOutput(many=True)
    free = FreePeriodOutput(many=True)
    blocked = PlacedSlotOutput(many=True)
    elsewhere = PlacedOutput(many=True, help_text="When the doctor is busy in a calendar outside the clinic.")
    time_off = PlacedTimeOffOutput(many=True)


class DoctorColumnOutput(serializers.Serializer[Any]):
    """The days of a doctor."""

    doctor = PortalDoctorOutput()
    days = DoctorDayOutput(many=True)


class MarkOutput(serializers.Serializer[Any]):
    """A full hour on the clinic's clock. A doubled hour has two with the same local time."""

    minute = serializers.IntegerField(help_text=_MINUTE)
    local_time = serializers.CharField(help_text="HH:MM.")
    clock_pass = serializers.IntegerField()


class ClockChangeOutput(serializers.Serializer[Any]):
    """A clock change on a day."""

    at = serializers.DateTimeField()
    minute = serializers.IntegerField(help_text=_MINUTE)
    forward_minutes = serializers.IntegerField(help_text="Negative if the clocks go back.")


class CalendarDayOutput(serializers.Serializer[Any]):
    """A day of the clinic."""

    date = serializers.DateField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    minutes = serializers.IntegerField(help_text="1380 or 1500 if the clocks change by an hour, else 1440.")
    holiday = serializers.CharField(allow_null=True, help_text="The name of a holiday; it may be empty.")
    clock_change = ClockChangeOutput(allow_null=True)
    marks = MarkOutput(many=True)


class CalendarOutput(serializers.Serializer[Any]):
    """The calendar of some doctors."""

    time_zone = serializers.CharField()
    tz_label = serializers.CharField()
    days = CalendarDayOutput(many=True)
    doctors = DoctorColumnOutput(many=True)
