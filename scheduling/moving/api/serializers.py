"""Serializers of moves by staff."""

from typing import Any

from rest_framework import serializers

from scheduling.bookings.api.outputs import BookedDoctorOutput, BookedPatientOutput
from scheduling.calendar.api_fields import InstantOrLocalTime
from scheduling.calendar.api_outputs import PlaceOutput, TimesOutput
from scheduling.models import Booking
from tenants.base.fields import MAILED_TEXT, LineField


class _TimeInput(serializers.Serializer[Any]):
    """The start and length of a visit."""

    starts_at = InstantOrLocalTime(
        help_text="The start: with a UTC offset, or `YYYY-MM-DDTHH:MM` in the time zone of the place."
    )
    clock_pass = serializers.ChoiceField(
        choices=[1, 2],
        required=False,
        default=1,
        help_text="Which of the two, if a local time occurs twice because the clocks go back.",
    )
    minutes = serializers.IntegerField(
        required=False,
        min_value=5,
        max_value=480,
        help_text="How long the visit lasts. By default as long as it does now, or as its visit type says.",
    )


class MoveInput(_TimeInput):
    """Where to move a visit, and how long it lasts. The present start changes only the length."""

    doctor = serializers.UUIDField(required=False, help_text="The doctor's id. By default the same doctor.")
    place = serializers.UUIDField(
        required=False,
        allow_null=True,
        help_text="The place's id; null: the clinic's own address. By default where the doctor works then.",
    )
    version = serializers.IntegerField(
        min_value=0, help_text="The booking's `version` that the move is based on."
    )
    overbook = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Book a time that is taken in addition, and beyond the doctor's limits.",
    )
    outside_hours = serializers.BooleanField(
        required=False, default=False, help_text="Whether a time outside the doctor's hours is confirmed."
    )
    note = LineField(
        required=False,
        allow_blank=True,
        default="",
        max_length=200,
        help_text="A message to the patient. " + MAILED_TEXT,
    )


class UndoMoveInput(serializers.Serializer[Any]):
    """The move to undo."""

    version = serializers.IntegerField(min_value=0, help_text="The `version` that the move gave the booking.")


class MovableVisitTypeOutput(serializers.Serializer[Any]):
    """The visit type of a visit."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    duration_minutes = serializers.IntegerField(allow_null=True)


class MovableVisitOutput(TimesOutput):
    """A visit with what a move needs."""

    id = serializers.UUIDField()
    version = serializers.IntegerField(help_text="Send it with a move. It is raised by each change.")
    status = serializers.ChoiceField(choices=Booking.Status.choices)
    doctor = BookedDoctorOutput()
    patient = BookedPatientOutput()
    visit_type = MovableVisitTypeOutput(allow_null=True)
    place = PlaceOutput(allow_null=True, help_text="Null for the clinic's own address.")
    room = serializers.CharField(source="room.name", default=None, allow_null=True)
    overbooked = serializers.BooleanField()
    undo_until = serializers.DateTimeField(
        allow_null=True,
        help_text="Until when the last move can be undone. No message is sent before. Null if it cannot.",
    )


class WhyNotFilters(_TimeInput):
    """Query parameters of `why-not/`."""

    doctor = serializers.UUIDField(help_text="The doctor's id.")
    visit_type = serializers.UUIDField(required=False, help_text="The visit type's id, for a new visit.")
    moving = serializers.UUIDField(required=False, help_text="The id of the visit that is moved.")
    place = serializers.UUIDField(
        required=False, help_text="The place's id. By default where the doctor works then."
    )


class ObstacleOutput(serializers.Serializer[Any]):
    """Something that is in the way of a visit."""

    rule = serializers.CharField(help_text="The rule's name, for programs.")
    words = serializers.CharField(help_text="The explanation, for people.")
    confirm = serializers.ChoiceField(
        choices=["outside_hours", "overbook", "never"],
        help_text="The field of a move that confirms the time all the same; `never`: it is not possible.",
    )


class OverlappingVisitOutput(TimesOutput):
    """A visit that the time would overlap. Needs the ids of the visits that may be named as context."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=Booking.Status.choices)
    patient = serializers.SerializerMethodField(
        help_text="The patient's name; empty for a hold, or if you may not see it."
    )
    visit_type = serializers.CharField(source="visit_type.name", default="")

    def get_patient(self, booking: Booking) -> str:
        """The patient's name, if the user may see it."""
        return booking.patient.full_name if booking.pk in self.context["named"] else ""


class WhyNotOutput(TimesOutput):
    """A time with everything that is in the way of a visit. A time that can be used has neither."""

    place = PlaceOutput(allow_null=True, help_text="Where the visit would be. Null: the clinic's address.")
    obstacles = ObstacleOutput(many=True)
    overlaps = OverlappingVisitOutput(
        many=True, help_text="The doctor's visits that it would overlap. `overbook` books it in addition."
    )
