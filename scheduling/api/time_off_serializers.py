"""Time off, as it comes in and goes out."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from scheduling.api.inputs import Clock, NearDate
from scheduling.api.serializers import BookingOutput, SlotOutput
from scheduling.models import TimeOff
from scheduling.models.time_off import every_day
from scheduling.planning import MIDNIGHT
from scheduling.selectors.instead import Hit, Instead, Why
from scheduling.services.time_off import Action, Decision, Done, Outcome
from scheduling.services.undoing import Back, Undone
from tenants.base.errors import DomainError
from tenants.base.fields import Line
from tenants.door import current_clinic

MOST_DECISIONS = 1000


class TimeOffPeriod(serializers.Serializer[Any]):
    """When somebody is off: on the weekdays from one day to another what the clinic's clock shows as off."""

    doctor = serializers.UUIDField(
        required=False,
        allow_null=True,
        help_text="Whose; a doctor's own where not given. Admins have to say, null is the whole clinic.",
    )
    opens = Clock(required=False, default=0)
    closes = Clock(required=False, default=MIDNIGHT)
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6),
        required=False,
        default=every_day,
        max_length=7,
        help_text="0 is Monday. All when not given.",
    )

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of Python's."""
        last = NearDate(required=False, allow_null=True, default=None, help_text="None: without end.")
        return {**super().get_fields(), "from": NearDate(), "to": last}


class ActionField(serializers.ChoiceField):
    """What is to become of a booking."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=[action.value for action in Action], **options)

    def to_internal_value(self, data: Any) -> Any:
        """As the service reads it."""
        return Action(super().to_internal_value(data))


class DecisionInput(serializers.Serializer[Any]):
    """What is to become of one booking."""

    booking = serializers.UUIDField()
    action = ActionField()
    slot = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="Where it moves; its best alternative."
    )


class TimeOffInput(TimeOffPeriod):
    """Time off to give, and what is to become of the bookings in it."""

    note = Line(
        required=False,
        allow_blank=True,
        default="",
        max_length=120,
        help_text="What for. Whose appointment is moved or cancelled reads it.",
    )
    bookings = serializers.ListField(
        child=DecisionInput(), required=False, default=list, max_length=MOST_DECISIONS
    )
    others = ActionField(
        required=False, default=Action.KEEP, help_text="What is to become of bookings that are not named."
    )

    def validate_bookings(self, given: list[dict[str, Any]]) -> dict[uuid.UUID, Decision]:
        """By booking; of two decisions on one the last holds."""
        return {each["booking"]: Decision(each["action"], each["slot"]) for each in given}


class TimeOffOutput(serializers.ModelSerializer[TimeOff]):
    """Time off as it was given."""

    doctor = serializers.UUIDField(source="doctor_id", allow_null=True, help_text="None: the whole clinic's.")
    opens = Clock()
    closes = Clock()
    time_zone = serializers.SerializerMethodField()

    class Meta:
        model = TimeOff
        fields = ["id", "doctor", "opens", "closes", "weekdays", "note", "time_zone", "created_at"]
        read_only_fields = fields

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of Python's."""
        days = {
            "from": serializers.DateField(source="first_on"),
            "to": serializers.DateField(source="last_on", allow_null=True),
        }
        return {**super().get_fields(), **days}

    def get_time_zone(self, time_off: TimeOff) -> str:
        """Of the clock that it goes by."""
        return current_clinic().time_zone


class RefusalOutput(serializers.Serializer[Any]):
    """Why it was not done."""

    code = serializers.CharField()
    message = serializers.CharField()

    def to_representation(self, instance: DomainError) -> dict[str, Any]:
        """For programs, and for a person."""
        return {"code": instance.code, "message": instance.in_words}


class InsteadOutput(SlotOutput):
    """A slot to move to. It ends as the slot does; the visit may be shorter, or take those after it."""

    why = serializers.ChoiceField(choices=[why.value for why in Why])


class HitOutput(serializers.Serializer[Any]):
    """A booking that would be hit."""

    booking = BookingOutput()
    alternatives = serializers.SerializerMethodField(
        help_text="Best first; null where so many bookings are hit that none were looked for."
    )

    @extend_schema_field(InsteadOutput(many=True, allow_null=True))
    def get_alternatives(self, hit: Hit) -> list[dict[str, Any]] | None:
        """The slots, each with why it comes where it does."""
        return None if hit.alternatives is None else [_shown(each) for each in hit.alternatives]


def _shown(instead: Instead) -> dict[str, Any]:
    return {**SlotOutput(instead.slot).data, "why": instead.why.value}


class PreviewOutput(serializers.Serializer[Any]):
    """What a time off would do."""

    bookings = HitOutput(many=True)


class OutcomeOutput(serializers.Serializer[Outcome]):
    """What became of a booking that a time off hit."""

    booking = BookingOutput()
    done = serializers.ChoiceField(choices=[done.value for done in Done])
    old_starts_at = serializers.DateTimeField(help_text="When it began before.")
    refused = RefusalOutput(allow_null=True, help_text="Why what was asked for was not done.")


class GivenOutput(serializers.Serializer[Any]):
    """A time off, and what became of the bookings in it."""

    time_off = TimeOffOutput()
    bookings = OutcomeOutput(many=True, source="outcomes")


class BackOutput(serializers.Serializer[Undone]):
    """What became of a booking that a time off had hit."""

    booking = BookingOutput()
    done = serializers.ChoiceField(choices=[back.value for back in Back])
    instead_of = serializers.UUIDField(
        allow_null=True, help_text="The cancelled booking that this new one repeats."
    )
    refused = RefusalOutput(allow_null=True, help_text="Why it was left as it is.")


class UndoneOutput(serializers.Serializer[Any]):
    """What became of the bookings that a time off had hit, where that was to be undone."""

    bookings = BackOutput(many=True)


class TakeBackFilters(serializers.Serializer[Any]):
    """How a time off is taken back."""

    undo = serializers.BooleanField(
        required=False, default=False, help_text="Move back and book again what it moved and cancelled."
    )


class HolidayFilters(serializers.Serializer[Any]):
    """Which days; the coming year's when not given."""

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of Python's."""
        return {"from": NearDate(required=False), "to": NearDate(required=False)}


class HolidayOutput(serializers.Serializer[Any]):
    """A day on which the clinic is closed."""

    date = serializers.DateField()
    name = serializers.CharField()
