"""Serializers of time off and holidays."""

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from scheduling.availability.api.outputs import SlotOutput
from scheduling.bookings.api.outputs import BookingOutput
from scheduling.calendar.api_fields import CalendarDate, LocalTimeField
from scheduling.calendar.api_outputs import LocalTimeOutput
from scheduling.clock.planning import MIDNIGHT
from scheduling.clock.time_off import TimeOffSpec
from scheduling.models import TimeOff, TimeOffEffect
from scheduling.models.time_off import every_day
from scheduling.time_off.alternatives import AffectedBooking, Alternative, AlternativeKind
from scheduling.time_off.decisions import Action, AppliedAction, Decision, Outcome
from scheduling.time_off.revoke import RevertedBooking, RevertResult
from tenants.base.clock import local_time
from tenants.base.errors import DomainError
from tenants.base.fields import MAILED_TEXT, LineField
from tenants.current import current_clinic

_MAX_DECISIONS = 1000


class TimeOffPeriod(serializers.Serializer[Any]):
    """The dates, weekdays and local times of a time off."""

    doctor = serializers.UUIDField(
        required=False,
        allow_null=True,
        help_text="The doctor's id; null for the whole clinic. Required for admins, optional for doctors.",
    )
    opens = LocalTimeField(
        required=False, default=0, help_text="The local time at which it starts each day. 00:00 by default."
    )
    closes = LocalTimeField(
        required=False,
        default=MIDNIGHT,
        help_text="The local time at which it ends each day. 24:00 by default.",
    )
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6),
        required=False,
        default=every_day,
        max_length=7,
        help_text="The weekdays. 0 is Monday. Every weekday by default.",
    )

    def get_fields(self) -> dict[str, Any]:
        """Add `from`, a Python keyword that cannot be declared as a field."""
        first = CalendarDate(help_text="The first day.")
        last = CalendarDate(
            required=False, allow_null=True, default=None, help_text="The last day. Null for no end."
        )
        return {**super().get_fields(), "from": first, "to": last}


def to_time_off_spec(data: dict[str, Any]) -> TimeOffSpec:
    """The period in validated data, for the planner."""
    return TimeOffSpec(
        first=data["from"],
        last=data["to"],
        opens=data["opens"],
        closes=data["closes"],
        weekdays=frozenset(data["weekdays"]),
    )


class ActionField(serializers.ChoiceField):
    """What to do with a booking: `keep`, `move` or `cancel`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=[action.value for action in Action], **options)

    def to_internal_value(self, data: Any) -> Any:
        """Parse the action to the service's enum."""
        return Action(super().to_internal_value(data))


class DecisionInput(serializers.Serializer[Any]):
    """What to do with one booking."""

    booking = serializers.UUIDField(help_text="Id of the booking.")
    action = ActionField(help_text="What to do with it: `keep`, `move` or `cancel`.")
    slot = serializers.UUIDField(
        required=False,
        allow_null=True,
        default=None,
        help_text="With `move`: id of the new slot. By default the booking's best alternative.",
    )


class TimeOffInput(TimeOffPeriod):
    """A new time off, and what to do with the bookings in it."""

    note = LineField(
        required=False,
        allow_blank=True,
        default="",
        max_length=120,
        help_text="The reason, for patients whose appointment is moved or cancelled. " + MAILED_TEXT,
    )
    bookings = serializers.ListField(
        child=DecisionInput(),
        required=False,
        default=list,
        max_length=_MAX_DECISIONS,
        help_text="What to do with each booking that the preview lists.",
    )
    others = ActionField(
        required=False,
        default=Action.KEEP,
        help_text="What to do with bookings that are not in `bookings`. `keep` by default.",
    )

    def validate_bookings(self, decisions: list[dict[str, Any]]) -> dict[uuid.UUID, Decision]:
        """Map the decisions by booking id. The last decision on a booking wins."""
        return {row["booking"]: Decision(row["action"], row["slot"]) for row in decisions}


class TimeOffOutput(serializers.ModelSerializer[TimeOff]):
    """A time off."""

    doctor = serializers.UUIDField(
        source="doctor_id", allow_null=True, help_text="Null for the whole clinic."
    )
    opens = LocalTimeField()
    closes = LocalTimeField()
    time_zone = serializers.SerializerMethodField()

    class Meta:
        model = TimeOff
        fields = ["id", "doctor", "opens", "closes", "weekdays", "note", "time_zone", "created_at"]
        read_only_fields = fields

    def get_fields(self) -> dict[str, Any]:
        """Add `from`, a Python keyword that cannot be declared as a field."""
        days = {
            "from": serializers.DateField(source="first_on"),
            "to": serializers.DateField(source="last_on", allow_null=True),
        }
        return {**super().get_fields(), **days}

    def get_time_zone(self, time_off: TimeOff) -> str:
        """The clinic's time zone, an IANA name. At a place in another zone, the times are local to it."""
        return current_clinic().time_zone


class RefusalOutput(serializers.Serializer[Any]):
    """The reason why an action was refused."""

    code = serializers.CharField()
    message = serializers.CharField()

    def to_representation(self, instance: DomainError) -> dict[str, Any]:
        """The error's code and message."""
        return {"code": instance.code, "message": instance.message_with_details}


class AlternativeOutput(SlotOutput):
    """A slot to move to. The visit may be shorter than the slot, or also need the slots after it."""

    why = serializers.ChoiceField(choices=[kind.value for kind in AlternativeKind])


class AffectedBookingOutput(serializers.Serializer[Any]):
    """A booking in the time off."""

    booking = BookingOutput()
    alternatives = serializers.SerializerMethodField(
        help_text="Alternatives, best first. Null if there are too many bookings to look for alternatives."
    )

    @extend_schema_field(AlternativeOutput(many=True, allow_null=True))
    def get_alternatives(self, affected: AffectedBooking) -> list[dict[str, Any]] | None:
        """The alternative slots, each with the reason for its rank."""
        if affected.alternatives is None:
            return None
        return [_serialise_alternative(alternative) for alternative in affected.alternatives]


def _serialise_alternative(alternative: Alternative) -> dict[str, Any]:
    return {**SlotOutput(alternative.slot).data, "why": alternative.why.value}


class PreviewOutput(serializers.Serializer[Any]):
    """The bookings that a time off would affect."""

    bookings = AffectedBookingOutput(many=True)


class OutcomeOutput(serializers.Serializer[Outcome]):
    """What was done with a booking in a time off."""

    booking = BookingOutput()
    done = serializers.ChoiceField(choices=[action.value for action in AppliedAction])
    old_starts_at = serializers.DateTimeField(help_text="The start before the time off was added.")
    refused = RefusalOutput(allow_null=True, help_text="Why the requested action was not possible.")


class TimeOffAddedOutput(serializers.Serializer[Any]):
    """A time off, and what was done with the bookings in it."""

    time_off = TimeOffOutput()
    bookings = OutcomeOutput(many=True, source="outcomes")


class EffectOutput(serializers.Serializer[TimeOffEffect]):
    """A booking that a time off moved or cancelled."""

    booking = BookingOutput()
    done = serializers.ChoiceField(choices=TimeOffEffect.Done.choices)
    old_starts_at = serializers.DateTimeField(help_text="The start before the time off was given.")
    old_local = serializers.SerializerMethodField(help_text="The same, in the clinic's time zone.")

    @extend_schema_field(LocalTimeOutput)
    def get_old_local(self, effect: TimeOffEffect) -> dict[str, Any]:
        """The local date and time before the time off was added."""
        old = local_time(effect.old_starts_at, current_clinic().zone)
        return {"local_date": old.on.isoformat(), "local_time": old.time}


class TimeOffDetailOutput(serializers.Serializer[Any]):
    """A time off, and the bookings that it moved or cancelled."""

    time_off = TimeOffOutput()
    effects = EffectOutput(many=True)


class RestoredBookingOutput(serializers.Serializer[RevertedBooking]):
    """What was done with a booking when a time off was revoked."""

    booking = BookingOutput()
    done = serializers.ChoiceField(choices=[result.value for result in RevertResult])
    instead_of = serializers.UUIDField(
        allow_null=True, help_text="The cancelled booking that this new booking replaces."
    )
    refused = RefusalOutput(allow_null=True, help_text="Why the booking was left as it is.")


class TimeOffRevokedOutput(serializers.Serializer[Any]):
    """What was done with the bookings when a time off was revoked."""

    bookings = RestoredBookingOutput(many=True)


class RevokeFilters(serializers.Serializer[Any]):
    """Query parameter of the revocation of a time off."""

    undo = serializers.BooleanField(
        required=False,
        default=False,
        help_text="If true, restore the bookings that the time off moved or cancelled.",
    )


class HolidayFilters(serializers.Serializer[Any]):
    """Query parameters of the holidays."""

    def get_fields(self) -> dict[str, Any]:
        """Add `from`, a Python keyword that cannot be declared as a field."""
        return {
            "from": CalendarDate(required=False, help_text="The first day. Today by default."),
            "to": CalendarDate(
                required=False,
                help_text="The last day, at most two years after `from`. One year after `from` by default.",
            ),
        }


class HolidayOutput(serializers.Serializer[Any]):
    """A day on which the clinic is closed."""

    date = serializers.DateField()
    name = serializers.CharField()
