"""The schedule as it goes out."""

from datetime import datetime
from typing import Any, Protocol

from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clinics.api.serializers import SpecialtyOutput
from clinics.models import ClinicSettings, Doctor
from clinics.selectors import clinic_settings
from scheduling.models import Booking, Place, Slot, VisitType
from scheduling.selectors.wall import wall_fields
from scheduling.services.cancelling import can_cancel
from scheduling.services.moving import can_reschedule
from tenants.base.clock import local_time, now, zone_label
from tenants.door import current_clinic


class FoundDoctor(Protocol):
    """A doctor as the search annotates them."""

    next_available: datetime | None


class ScheduledSlot(Protocol):
    """A slot as `schedule_of` reads it."""

    status: str
    taken_by: list[Booking]


class TimesOutput(serializers.Serializer[Any]):
    """A period in UTC and on the clinic's wall."""

    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    time_zone = serializers.CharField()
    tz_label = serializers.CharField()
    local_date = serializers.DateField()
    local_time = serializers.CharField(help_text="HH:MM on the clinic's wall.")
    local_end_time = serializers.CharField()
    clock_pass = serializers.IntegerField(
        help_text="Where clocks are set back and show a time twice: 1 the first time, 2 the second; else 0."
    )

    def to_representation(self, instance: Slot | Booking) -> dict[str, Any]:
        """Add the wall's fields to those of the row."""
        times = wall_fields(instance.starts_at, instance.ends_at, instance.place)
        shown = {name: self.fields[name].to_representation(value) for name, value in times.items()}
        rest = [field for field in self._readable_fields if field.field_name not in shown]
        for field in rest:
            value = field.get_attribute(instance)
            shown[str(field.field_name)] = None if value is None else field.to_representation(value)
        return shown


class SlotOutput(TimesOutput):
    """A slot as anyone sees it."""

    id = serializers.UUIDField()
    place = serializers.UUIDField(source="place_id", allow_null=True)
    doctor = serializers.UUIDField(source="doctor_id")
    doctor_name = serializers.CharField(source="doctor.display_name")
    status = serializers.CharField()


class OpenSlotOutput(TimesOutput):
    """An open slot, as `available/` lists it. For a visit type it lasts as long as the visit."""

    id = serializers.UUIDField()
    place = serializers.UUIDField(allow_null=True)
    doctor = serializers.UUIDField()
    doctor_name = serializers.CharField(
        required=False, help_text="Where it could be several: among alternatives, and for any doctor."
    )
    status = serializers.CharField()


class LocalTimeOutput(serializers.Serializer[Any]):
    """An instant on the clinic's wall."""

    local_date = serializers.DateField()
    local_time = serializers.CharField()


class DoctorOutput(serializers.ModelSerializer[Doctor]):
    """A doctor as patients find them."""

    specialties = SpecialtyOutput(many=True)
    next_available = serializers.DateTimeField(allow_null=True, help_text="The start of the next open slot.")
    next_available_local = serializers.SerializerMethodField()
    time_zone = serializers.SerializerMethodField()
    tz_label = serializers.SerializerMethodField()

    class Meta:
        model = Doctor
        fields = [
            "id", "title", "name", "display_name", "specialties", "bio", "years_of_experience", "languages",
            "accepting_new_patients", "next_available", "next_available_local", "time_zone", "tz_label",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(LocalTimeOutput(allow_null=True))
    def get_next_available_local(self, doctor: FoundDoctor) -> dict[str, Any] | None:
        """The same on the clinic's wall."""
        if doctor.next_available is None:
            return None
        shown = local_time(doctor.next_available, current_clinic().zone)
        return {"local_date": shown.on, "local_time": shown.time}

    def get_time_zone(self, doctor: Doctor) -> str:
        """The clinic's zone, an IANA name."""
        return current_clinic().time_zone

    def get_tz_label(self, doctor: Doctor) -> str:
        """The zone in words."""
        return zone_label(current_clinic().time_zone)


class BookedDoctorOutput(serializers.ModelSerializer[Doctor]):
    """With whom a booking is."""

    specialties = SpecialtyOutput(many=True)

    class Meta:
        model = Doctor
        fields = ["id", "display_name", "specialties"]
        read_only_fields = fields


class BookedPatientOutput(serializers.Serializer[Any]):
    """For whom a booking is."""

    id = serializers.UUIDField()
    name = serializers.CharField(source="full_name")


class PlaceOutput(serializers.ModelSerializer[Place]):
    """Where a visit takes place."""

    class Meta:
        model = Place
        fields = ["id", "name", "address", "phone", "time_zone"]
        read_only_fields = fields


class AnswerOutput(serializers.Serializer[Any]):
    """What was asked when the visit was booked, and answered."""

    question = serializers.UUIDField()
    text = serializers.CharField()
    answer = serializers.CharField()


class BookedVisitOutput(serializers.ModelSerializer[VisitType]):
    """What a booking is for, with the way to a video call."""

    class Meta:
        model = VisitType
        fields = ["id", "name", "mode", "video_link", "price", "currency", "colour"]
        read_only_fields = fields


class HoldOutput(TimesOutput):
    """A time that is held."""

    id = serializers.UUIDField()
    slot = serializers.UUIDField(source="slot_id", allow_null=True)
    doctor = BookedDoctorOutput()
    patient = BookedPatientOutput()
    visit_type = BookedVisitOutput(allow_null=True)
    place = PlaceOutput(allow_null=True)
    held_until = serializers.DateTimeField()


class BookingOutput(TimesOutput):
    """A booking, as its patient, its doctor and the clinic see it."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=Booking.Status.choices)
    slot = serializers.UUIDField(source="slot_id", allow_null=True)
    doctor = BookedDoctorOutput()
    patient = BookedPatientOutput()
    visit_type = BookedVisitOutput(allow_null=True)
    place = PlaceOutput(allow_null=True, help_text="None: the clinic's own address.")
    room = serializers.CharField(source="room.name", default=None, allow_null=True)
    series = serializers.UUIDField(source="series_id", allow_null=True)
    overbooked = serializers.BooleanField(help_text="Whether it is in addition to another booking.")
    reason = serializers.CharField()
    answers = AnswerOutput(many=True)
    can_cancel = serializers.SerializerMethodField(help_text="Whether the patient may cancel it now.")
    can_reschedule = serializers.SerializerMethodField(help_text="Whether the patient may move it now.")
    created_at = serializers.DateTimeField()
    cancelled_at = serializers.DateTimeField(allow_null=True)

    @cached_property
    def rules(self) -> ClinicSettings:
        """The clinic's rules, read once for a whole list."""
        return clinic_settings()

    def get_can_cancel(self, booking: Booking) -> bool:
        """Whether the patient may cancel it now."""
        return can_cancel(booking, rules=self.rules, now=now())

    def get_can_reschedule(self, booking: Booking) -> bool:
        """Whether the patient may move it now."""
        return can_reschedule(booking, rules=self.rules, now=now())


class ScheduledPatientOutput(BookedPatientOutput):
    """Whom a doctor sees next."""

    phone = serializers.CharField()


class ScheduledBookingOutput(serializers.Serializer[Any]):
    """What a doctor sees of the booking in a slot."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=Booking.Status.choices)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    reason = serializers.CharField()
    answers = AnswerOutput(many=True)
    visit_type = BookedVisitOutput(allow_null=True)
    room = serializers.CharField(source="room.name", default=None, allow_null=True)
    overbooked = serializers.BooleanField()
    patient = ScheduledPatientOutput()


class ScheduledSlotOutput(TimesOutput):
    """A slot as its doctor sees it."""

    id = serializers.UUIDField()
    status = serializers.SerializerMethodField(help_text="free, blocked or booked")
    fits_hours = serializers.BooleanField()
    place = serializers.UUIDField(source="place_id", allow_null=True)
    booking = serializers.SerializerMethodField()
    others = serializers.SerializerMethodField(help_text="Whatever else takes part of it.")

    def get_status(self, slot: ScheduledSlot) -> str:
        """Booked, whatever else it is, once somebody has it."""
        return "booked" if slot.taken_by else str(slot.status)

    @extend_schema_field(ScheduledBookingOutput(allow_null=True))
    def get_booking(self, slot: ScheduledSlot) -> dict[str, Any] | None:
        """The booking that takes it."""
        return ScheduledBookingOutput(slot.taken_by[0]).data if slot.taken_by else None

    @extend_schema_field(ScheduledBookingOutput(many=True))
    def get_others(self, slot: ScheduledSlot) -> list[dict[str, Any]]:
        """Whatever else takes some part of it."""
        return list(ScheduledBookingOutput(slot.taken_by[1:], many=True).data)
