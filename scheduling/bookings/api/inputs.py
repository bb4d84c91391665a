"""Request bodies and filters of the booking endpoints."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from scheduling.calendar.api_fields import Instant
from scheduling.models import Booking
from scheduling.visit_types.api_fields import AnswersField
from tenants.accounts.models import User
from tenants.base.errors import InvalidInput
from tenants.base.fields import MAILED_TEXT, LineField, ParagraphField


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
        help_text="Start time to book with the available doctor who has the least booked time that day.",
    )
    specialty = LineField(
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
    reason = ParagraphField(
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
    withdraw_offer = serializers.BooleanField(
        required=False,
        default=False,
        help_text="For staff, with `slot`: withdraw the waiting-list offer that reserves the time.",
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
        required=False,
        help_text="Id of the patient. Required for staff. Patients send it to hold a slot for a dependant.",
    )


class RescheduleInput(serializers.Serializer[Any]):
    """The new slot of a booking, and the new visit type if it changes."""

    slot = serializers.UUIDField(help_text="Id of the new slot, with the same doctor or another.")
    visit_type = serializers.UUIDField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Id of the new visit type. Without it, the booking keeps its own.",
    )
    answers = AnswersField(
        required=False,
        help_text="Answers to the questions of the visit type: question id -> answer. Without them, the "
        "booking keeps its own, unless the visit type changes.",
    )
    reason = ParagraphField(
        required=False,
        allow_blank=True,
        default="",
        help_text="The reason for the change, for the others. " + MAILED_TEXT,
    )


@extend_schema_serializer(
    examples=[
        OpenApiExample("With a reason", request_only=True, value={"reason": "I have recovered, thank you."})
    ]
)
class StepInput(serializers.Serializer[Any]):
    """What a change by staff is based on."""

    version = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=0,
        help_text="The booking's `version` that you have seen. If its time, doctor, place or visit type was "
        "changed since, the answer is 409 `booking_changed`.",
    )


class CancelInput(StepInput):
    """The reason for a cancellation."""

    reason = ParagraphField(
        required=False,
        allow_blank=True,
        default="",
        help_text="The reason for the cancellation, for the others. " + MAILED_TEXT,
    )
    private_reason = ParagraphField(
        required=False,
        allow_blank=True,
        default="",
        help_text="A reason that only staff can write and read. It is in no message.",
    )


def refuse_private_reason(data: dict[str, Any], *, by: User) -> None:
    """Refuse a reason for staff only, if a patient sends one.

    :raises InvalidInput: `by` is a patient
    """
    if data["private_reason"] and by.role == User.Role.PATIENT:
        raise InvalidInput(errors={"private_reason": [_("Only staff can write private reasons.")]})


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
