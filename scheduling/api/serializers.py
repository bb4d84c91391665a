"""Serializers of doctors, slots, holds and bookings in responses."""

from datetime import datetime
from typing import Any, Protocol

from django.utils.functional import cached_property
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
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
    """A doctor with the annotations of the search."""

    next_available: datetime | None


class ScheduledSlot(Protocol):
    """A slot with the bookings that `with_bookings` adds."""

    status: str
    taken_by: list[Booking]


class TimesOutput(serializers.Serializer[Any]):
    """A period in UTC and in local time."""

    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    time_zone = serializers.CharField()
    tz_label = serializers.CharField()
    local_date = serializers.DateField()
    local_time = serializers.CharField(help_text="HH:MM in the local time zone.")
    local_end_time = serializers.CharField()
    clock_pass = serializers.IntegerField(
        help_text="When clocks are set back, local times repeat: 1 for the first pass, 2 for the second. "
        "Otherwise 0."
    )

    def to_representation(self, instance: Slot | Booking) -> dict[str, Any]:
        """Add the local times to the fields of the row."""
        times = wall_fields(instance.starts_at, instance.ends_at, instance.place)
        shown = {name: self.fields[name].to_representation(value) for name, value in times.items()}
        rest = [field for field in self._readable_fields if field.field_name not in shown]
        for field in rest:
            value = field.get_attribute(instance)
            shown[str(field.field_name)] = None if value is None else field.to_representation(value)
        return shown


class SlotOutput(TimesOutput):
    """A slot, without its bookings."""

    id = serializers.UUIDField()
    place = serializers.UUIDField(source="place_id", allow_null=True)
    doctor = serializers.UUIDField(source="doctor_id")
    doctor_name = serializers.CharField(source="doctor.display_name")
    status = serializers.CharField()


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "An open slot",
            response_only=True,
            value={
                "starts_at": "2026-11-24T09:30:00Z",
                "ends_at": "2026-11-24T10:00:00Z",
                "time_zone": "Europe/London",
                "tz_label": "London time",
                "local_date": "2026-11-24",
                "local_time": "09:30",
                "local_end_time": "10:00",
                "clock_pass": 0,
                "id": "c2a7b6f0-93a5-4a0f-8a1c-3c1f3f6d1a07",
                "place": None,
                "doctor": "1f0a4f57-0b6c-4e55-8a63-52d3a3f1c805",
                "status": "free",
            },
        )
    ]
)
class OpenSlotOutput(TimesOutput):
    """An open slot of `available/`. With a visit type it lasts as long as the visit."""

    id = serializers.UUIDField()
    place = serializers.UUIDField(allow_null=True)
    doctor = serializers.UUIDField()
    doctor_name = serializers.CharField(
        required=False, help_text="Only with `any_doctor`, and in the alternatives to a booked slot."
    )
    status = serializers.CharField()


class LocalTimeOutput(serializers.Serializer[Any]):
    """A date and time in the clinic's time zone."""

    local_date = serializers.DateField()
    local_time = serializers.CharField()


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A cardiologist",
            response_only=True,
            value={
                "id": "1f0a4f57-0b6c-4e55-8a63-52d3a3f1c805",
                "title": "Dr",
                "name": "Amara Okafor",
                "display_name": "Dr Amara Okafor",
                "specialties": [
                    {
                        "id": "5c1f6a7e-9a38-4a58-9a62-3f0f5f1f4d02",
                        "code": "cardiology",
                        "name": "Cardiology",
                    }
                ],
                "bio": "",
                "years_of_experience": 12,
                "languages": ["en", "fr"],
                "accepting_new_patients": True,
                "next_available": "2026-11-24T09:30:00Z",
                "next_available_local": {"local_date": "2026-11-24", "local_time": "09:30"},
                "time_zone": "Europe/London",
                "tz_label": "London time",
            },
        )
    ]
)
class DoctorOutput(serializers.ModelSerializer[Doctor]):
    """A doctor in the search."""

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
        """The start of the next open slot in the clinic's time zone, or None."""
        if doctor.next_available is None:
            return None
        shown = local_time(doctor.next_available, current_clinic().zone)
        return {"local_date": shown.on, "local_time": shown.time}

    def get_time_zone(self, doctor: Doctor) -> str:
        """The clinic's time zone, an IANA name."""
        return current_clinic().time_zone

    def get_tz_label(self, doctor: Doctor) -> str:
        """The time zone, for people: "London time"."""
        return zone_label(current_clinic().time_zone)


class BookedDoctorOutput(serializers.ModelSerializer[Doctor]):
    """The doctor of a booking."""

    specialties = SpecialtyOutput(many=True)

    class Meta:
        model = Doctor
        fields = ["id", "display_name", "specialties"]
        read_only_fields = fields


class BookedPatientOutput(serializers.Serializer[Any]):
    """The patient of a booking."""

    id = serializers.UUIDField()
    name = serializers.CharField(source="full_name")


class PlaceOutput(serializers.ModelSerializer[Place]):
    """The place of a visit."""

    class Meta:
        model = Place
        fields = ["id", "name", "address", "phone", "time_zone"]
        read_only_fields = fields


class AnswerOutput(serializers.Serializer[Any]):
    """A question that was asked with the booking, and its answer."""

    question = serializers.UUIDField()
    text = serializers.CharField()
    answer = serializers.CharField()


class BookedVisitOutput(serializers.ModelSerializer[VisitType]):
    """The visit type of a booking, with the link to a video call."""

    class Meta:
        model = VisitType
        fields = ["id", "name", "mode", "video_link", "price", "currency", "colour"]
        read_only_fields = fields


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A hold",
            response_only=True,
            value={
                "starts_at": "2026-11-24T09:30:00Z",
                "ends_at": "2026-11-24T10:00:00Z",
                "time_zone": "Europe/London",
                "tz_label": "London time",
                "local_date": "2026-11-24",
                "local_time": "09:30",
                "local_end_time": "10:00",
                "clock_pass": 0,
                "id": "9b1f6f0c-6f59-4a5b-9d67-0a6b5f0d8c12",
                "slot": "c2a7b6f0-93a5-4a0f-8a1c-3c1f3f6d1a07",
                "doctor": {
                    "id": "1f0a4f57-0b6c-4e55-8a63-52d3a3f1c805",
                    "display_name": "Dr Amara Okafor",
                    "specialties": [
                        {
                            "id": "5c1f6a7e-9a38-4a58-9a62-3f0f5f1f4d02",
                            "code": "cardiology",
                            "name": "Cardiology",
                        }
                    ],
                },
                "patient": {"id": "e0f3f6f4-9f5d-4f0c-b7ff-1f2f9a0b3c06", "name": "Sam Fisher"},
                "visit_type": {
                    "id": "b8b2d3d6-4f0f-4a3e-8a55-8e0d5cf0e403",
                    "name": "Check-up",
                    "mode": "in_person",
                    "video_link": "",
                    "price": "80.00",
                    "currency": "GBP",
                    "colour": "#0b5c8a",
                },
                "place": None,
                "held_until": "2026-11-20T14:10:00Z",
            },
        )
    ]
)
class HoldOutput(TimesOutput):
    """A hold: a slot that is reserved for a few minutes."""

    id = serializers.UUIDField()
    slot = serializers.UUIDField(source="slot_id", allow_null=True)
    doctor = BookedDoctorOutput()
    patient = BookedPatientOutput()
    visit_type = BookedVisitOutput(allow_null=True)
    place = PlaceOutput(allow_null=True)
    held_until = serializers.DateTimeField(help_text="When the hold expires.")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A confirmed booking",
            response_only=True,
            value={
                "starts_at": "2026-11-24T09:30:00Z",
                "ends_at": "2026-11-24T10:00:00Z",
                "time_zone": "Europe/London",
                "tz_label": "London time",
                "local_date": "2026-11-24",
                "local_time": "09:30",
                "local_end_time": "10:00",
                "clock_pass": 0,
                "id": "4c8d2a1e-7f0b-4d6c-9a3e-5b2f1d0c7e08",
                "status": "CONFIRMED",
                "slot": "c2a7b6f0-93a5-4a0f-8a1c-3c1f3f6d1a07",
                "doctor": {
                    "id": "1f0a4f57-0b6c-4e55-8a63-52d3a3f1c805",
                    "display_name": "Dr Amara Okafor",
                    "specialties": [
                        {
                            "id": "5c1f6a7e-9a38-4a58-9a62-3f0f5f1f4d02",
                            "code": "cardiology",
                            "name": "Cardiology",
                        }
                    ],
                },
                "patient": {"id": "e0f3f6f4-9f5d-4f0c-b7ff-1f2f9a0b3c06", "name": "Sam Fisher"},
                "visit_type": {
                    "id": "b8b2d3d6-4f0f-4a3e-8a55-8e0d5cf0e403",
                    "name": "Check-up",
                    "mode": "in_person",
                    "video_link": "",
                    "price": "80.00",
                    "currency": "GBP",
                    "colour": "#0b5c8a",
                },
                "place": None,
                "room": None,
                "series": None,
                "overbooked": False,
                "reason": "Chest pain when climbing stairs.",
                "answers": [],
                "can_cancel": True,
                "can_reschedule": True,
                "created_at": "2026-11-20T14:02:11Z",
                "cancelled_at": None,
            },
        )
    ]
)
class BookingOutput(TimesOutput):
    """A booking."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=Booking.Status.choices)
    slot = serializers.UUIDField(source="slot_id", allow_null=True)
    doctor = BookedDoctorOutput()
    patient = BookedPatientOutput()
    visit_type = BookedVisitOutput(allow_null=True)
    place = PlaceOutput(allow_null=True, help_text="Null for the clinic's own address.")
    room = serializers.CharField(source="room.name", default=None, allow_null=True)
    series = serializers.UUIDField(source="series_id", allow_null=True)
    overbooked = serializers.BooleanField(
        help_text="Whether staff booked it although another booking had the slot."
    )
    reason = serializers.CharField()
    answers = AnswerOutput(many=True)
    can_cancel = serializers.SerializerMethodField(help_text="Whether the patient may cancel it now.")
    can_reschedule = serializers.SerializerMethodField(help_text="Whether the patient may reschedule it now.")
    created_at = serializers.DateTimeField()
    cancelled_at = serializers.DateTimeField(allow_null=True)

    @cached_property
    def rules(self) -> ClinicSettings:
        """The clinic's booking rules, read once per list."""
        return clinic_settings()

    def get_can_cancel(self, booking: Booking) -> bool:
        """Whether the patient may cancel it now."""
        return can_cancel(booking, rules=self.rules, now=now())

    def get_can_reschedule(self, booking: Booking) -> bool:
        """Whether the patient may reschedule it now."""
        return can_reschedule(booking, rules=self.rules, now=now())


class ScheduledPatientOutput(BookedPatientOutput):
    """The patient of a booking in a doctor's schedule."""

    phone = serializers.CharField()


class ScheduledBookingOutput(serializers.Serializer[Any]):
    """A booking in a doctor's schedule."""

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
    """A slot in a doctor's schedule."""

    id = serializers.UUIDField()
    status = serializers.SerializerMethodField(help_text="`free`, `blocked` or `booked`.")
    fits_hours = serializers.BooleanField()
    place = serializers.UUIDField(source="place_id", allow_null=True)
    booking = serializers.SerializerMethodField()
    others = serializers.SerializerMethodField(help_text="Further bookings that overlap the slot.")

    def get_status(self, slot: ScheduledSlot) -> str:
        """`booked` if there is a booking, else the status of the slot."""
        return "booked" if slot.taken_by else str(slot.status)

    @extend_schema_field(ScheduledBookingOutput(allow_null=True))
    def get_booking(self, slot: ScheduledSlot) -> dict[str, Any] | None:
        """The first booking in the slot, or None."""
        return ScheduledBookingOutput(slot.taken_by[0]).data if slot.taken_by else None

    @extend_schema_field(ScheduledBookingOutput(many=True))
    def get_others(self, slot: ScheduledSlot) -> list[dict[str, Any]]:
        """Further bookings that overlap the slot."""
        return list(ScheduledBookingOutput(slot.taken_by[1:], many=True).data)
