"""Serializers for doctors, slots and open slots."""

from datetime import datetime
from typing import Any, Protocol

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from clinics.api.serializers import PhotoField, SpecialtyOutput
from clinics.models import Doctor
from scheduling.calendar.api_outputs import LocalTimeOutput, TimesOutput
from tenants.base.clock import local_time, time_zone_label
from tenants.current import current_clinic


class FoundDoctor(Protocol):
    """A doctor with the annotation of the doctor search."""

    next_available: datetime | None


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
                "qualification": "MBBS, MRCP",
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
                "sex": "female",
                "photo": None,
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
    sex = serializers.CharField(help_text="`female`, `male`, or empty if the doctor does not state it.")
    photo = PhotoField()
    next_available = serializers.DateTimeField(allow_null=True, help_text="The start of the next open slot.")
    next_available_local = serializers.SerializerMethodField()
    time_zone = serializers.SerializerMethodField()
    tz_label = serializers.SerializerMethodField()

    class Meta:
        model = Doctor
        fields = [
            "id", "title", "name", "display_name", "qualification", "specialties", "bio",
            "years_of_experience", "languages", "sex", "photo", "accepting_new_patients", "next_available",
            "next_available_local", "time_zone", "tz_label",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(LocalTimeOutput(allow_null=True))
    def get_next_available_local(self, doctor: FoundDoctor) -> dict[str, Any] | None:
        """The start of the next open slot in the clinic's time zone, or None."""
        if doctor.next_available is None:
            return None
        local = local_time(doctor.next_available, current_clinic().zone)
        return {"local_date": local.on, "local_time": local.time}

    def get_time_zone(self, doctor: Doctor) -> str:
        """The clinic's time zone, an IANA name."""
        return current_clinic().time_zone

    def get_tz_label(self, doctor: Doctor) -> str:
        """The time zone, for people: "London time"."""
        return time_zone_label(current_clinic().time_zone)
