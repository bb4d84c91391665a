"""Serializers for bookings and holds."""

from typing import Any

from django.utils.functional import cached_property
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from clinics.api.serializers import SpecialtyOutput
from clinics.models import ClinicSettings, Doctor
from clinics.selectors import clinic_settings, may_see_clinical
from scheduling.bookings.cancel import can_cancel
from scheduling.bookings.online_check_in import can_check_in
from scheduling.bookings.repeat import can_repeat
from scheduling.bookings.reschedule import can_reschedule
from scheduling.calendar.api_outputs import PlaceOutput, TimesOutput
from scheduling.models import Booking, VisitType
from tenants.base.clock import now


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


class AnswerOutput(serializers.Serializer[Any]):
    """A question that was asked with the booking, and its answer."""

    question = serializers.UUIDField()
    text = serializers.CharField()
    answer = serializers.CharField()


class BookedVisitOutput(serializers.ModelSerializer[VisitType]):
    """The visit type of a booking, with the link to a video call, how to prepare and what to bring."""

    class Meta:
        model = VisitType
        fields = ["id", "name", "mode", "video_link", "preparation", "bring", "price", "currency", "colour"]
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
                    "preparation": "Do not eat for eight hours before the visit.",
                    "bring": "Your list of medication.",
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
    patient = serializers.SerializerMethodField(help_text="Null for a hold without an account.")
    visit_type = BookedVisitOutput(allow_null=True)
    place = PlaceOutput(allow_null=True)
    held_until = serializers.DateTimeField(help_text="When the hold expires.")

    @extend_schema_field(BookedPatientOutput(allow_null=True))
    def get_patient(self, hold: Booking) -> dict[str, Any] | None:
        """The patient whose hold it is; None for a newcomer."""
        return None if hold.patient.is_newcomer else dict(BookedPatientOutput(hold.patient).data)


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
                    "preparation": "Do not eat for eight hours before the visit.",
                    "bring": "Your list of medication.",
                },
                "place": None,
                "room": None,
                "series": None,
                "overbooked": False,
                "reason": "Chest pain when climbing stairs.",
                "answers": [],
                "can_cancel": True,
                "can_reschedule": True,
                "can_repeat": True,
                "can_check_in": False,
                "attendance_confirmed_at": None,
                "created_at": "2026-11-20T14:02:11Z",
                "cancelled_at": None,
            },
        )
    ]
)
class BookingOutput(TimesOutput):
    """A booking. Needs the request as context."""

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
    answers = serializers.SerializerMethodField(help_text="Null if you may not see them.")
    can_cancel = serializers.SerializerMethodField(help_text="Whether the patient may cancel it now.")
    can_reschedule = serializers.SerializerMethodField(help_text="Whether the patient may reschedule it now.")
    can_repeat = serializers.SerializerMethodField(
        help_text="Whether the patient can book the same time on several more dates."
    )
    can_check_in = serializers.SerializerMethodField(help_text="Whether the patient may check in online now.")
    attendance_confirmed_at = serializers.DateTimeField(
        allow_null=True, help_text="When the patient confirmed that they will come at this time."
    )
    created_at = serializers.DateTimeField()
    cancelled_at = serializers.DateTimeField(allow_null=True)

    @cached_property
    def rules(self) -> ClinicSettings:
        """The clinic's booking rules, read once per list."""
        return clinic_settings()

    @cached_property
    def shows_answers(self) -> bool:
        """Whether the user may see the answers to intake questions, read once per list."""
        return may_see_clinical(self.context["request"].user)

    @extend_schema_field(AnswerOutput(many=True, allow_null=True))
    def get_answers(self, booking: Booking) -> list[Any] | None:
        """The answers to the visit type's questions, or None if the user may not see them."""
        return list(AnswerOutput(booking.answers, many=True).data) if self.shows_answers else None

    def get_can_cancel(self, booking: Booking) -> bool:
        """Whether the patient may cancel it now."""
        return can_cancel(booking, rules=self.rules, now=now())

    def get_can_reschedule(self, booking: Booking) -> bool:
        """Whether the patient may reschedule it now."""
        return can_reschedule(booking, rules=self.rules, now=now())

    def get_can_repeat(self, booking: Booking) -> bool:
        """Return whether it is an upcoming booking."""
        return can_repeat(booking, now=now())

    def get_can_check_in(self, booking: Booking) -> bool:
        """Whether the patient may check in online now."""
        return can_check_in(booking, rules=self.rules, now=now())
