"""`appointments/explain/`: why a time cannot be booked."""

from datetime import UTC, datetime
from typing import Any

from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.models import Doctor, Patient
from scheduling.availability.open_slots import get_visit_type
from scheduling.calendar.api_fields import InstantOrLocalTime
from scheduling.clock.clock_changes import clock_pass, instants_at
from scheduling.explain.reasons import Reason, skipped_time_reason
from scheduling.explain.rules import Explanation, explanation
from tenants.accounts.models import User
from tenants.base.clock import local_time, now, time_zone_label
from tenants.base.errors import NotFound
from tenants.base.operations import operation
from tenants.base.requests import query_params, validate
from tenants.current import current_clinic


class ExplainFilters(serializers.Serializer[Any]):
    """Query parameters of `explain/`."""

    doctor = serializers.UUIDField(help_text="The doctor's id.")
    at = InstantOrLocalTime(
        help_text="The start time: with a UTC offset, or `YYYY-MM-DDTHH:MM` in the clinic's time zone."
    )
    visit_type = serializers.UUIDField(
        required=False, help_text="The visit type's id, to check whether such a visit can start then."
    )


class ReasonOutput(serializers.Serializer[Any]):
    """A rule that makes a time unavailable."""

    rule = serializers.CharField(help_text="The rule's name, for programs.")
    words = serializers.CharField(help_text="The explanation, for people.")
    details = serializers.DictField(required=False, help_text="Details of the rule. Only staff get them.")


class ExplainedTimeOutput(serializers.Serializer[Any]):
    """One time with every rule that makes it unavailable. An open time has none."""

    starts_at = serializers.DateTimeField(
        allow_null=True, help_text="Null if the clock change skips this local time."
    )
    local_date = serializers.DateField()
    local_time = serializers.CharField()
    clock_pass = serializers.IntegerField()
    open = serializers.BooleanField()
    slot = serializers.UUIDField(allow_null=True)
    rules = ReasonOutput(many=True)


class ExplainOutput(serializers.Serializer[Any]):
    """The explained times. There are two if the local time occurs twice because of a clock change."""

    doctor = serializers.UUIDField()
    time_zone = serializers.CharField()
    tz_label = serializers.CharField()
    times = ExplainedTimeOutput(many=True)


_EXAMPLE = OpenApiExample(
    "Outside the hours",
    value={
        "doctor": "0197f3c8-5d0e-7c3a-9d0e-2f1f6c3b8a11",
        "time_zone": "Europe/London",
        "tz_label": "London time",
        "times": [
            {
                "starts_at": "2026-03-02T18:00:00Z",
                "local_date": "2026-03-02",
                "local_time": "18:00",
                "clock_pass": 0,
                "open": False,
                "slot": None,
                "rules": [
                    {
                        "rule": "outside_hours",
                        "words": "This is outside the doctor's hours. "
                        "On Monday 2 March 2026 they are 09:00-12:00.",
                    }
                ],
            }
        ],
    },
    response_only=True,
)


class ExplainView(APIView):
    """Explain why a time cannot be booked."""

    permission_classes = (AllowAny,)
    public_data = True
    rate_limit = "explanations by address"

    @operation(
        summary="Explain why a time cannot be booked",
        parameters=[ExplainFilters],
        responses=ExplainOutput,
        examples=[_EXAMPLE],
        errors=[NotFound],
    )
    def get(self, request: Request) -> Response:
        """List the rules that prevent a visit with the doctor from starting at a time.

        `doctor` and `at` are required. `at` is a time with a UTC offset, or `YYYY-MM-DDTHH:MM` in the
        clinic's time zone. Signed-in patients also see the rules about their own bookings and limits. Staff
        also get `details`.
        """
        filters = validate(ExplainFilters, query_params(request))
        doctor = Doctor.objects.filter(pk=filters["doctor"]).first()
        if doctor is None:
            raise NotFound
        visit_type = get_visit_type(filters.get("visit_type"))
        user = request.user if isinstance(request.user, User) else None
        patient = Patient.objects.filter(user=user).first() if user else None
        details = _may_see_details(user, doctor)
        times = [
            _serialise_time(
                explanation(doctor, at, visit_type=visit_type, patient=patient, now=now()), details
            )
            for at in _instants(filters["at"])
        ]
        zone = current_clinic().time_zone
        return Response(
            {
                "doctor": str(doctor.pk),
                "time_zone": zone,
                "tz_label": time_zone_label(zone),
                "times": times or [_serialise_skipped_time(filters["at"], details)],
            }
        )


def _may_see_details(user: User | None, doctor: Doctor) -> bool:
    """Whether the user sees the details: the doctor themselves, admins and receptionists."""
    return user is not None and (user.is_front_desk or doctor.user_id == user.pk)


def _instants(at: datetime) -> list[datetime]:
    """The instant `at`. Without a UTC offset, the instants of that local time: none, one or two."""
    if at.tzinfo is not None:
        return [at]
    return instants_at(at.date(), at.hour * 60 + at.minute, current_clinic().zone)


def _serialise_time(explained: Explanation, details: bool) -> dict[str, Any]:
    """An explained time for the response. `details` says whether to include the details for staff."""
    zone, at = current_clinic().zone, explained.starts_at
    local = local_time(at, zone)
    return {
        "starts_at": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "local_date": local.on.isoformat(),
        "local_time": local.time,
        "clock_pass": clock_pass(at, zone),
        "open": explained.is_open,
        "slot": explained.slot and str(explained.slot.pk) if explained.is_open or details else None,
        "rules": _serialise_rules(explained.reasons, details),
    }


def _serialise_skipped_time(local: datetime, details: bool) -> dict[str, Any]:
    """The response for a local time that the clock change skips."""
    return {
        "starts_at": None,
        "local_date": local.date().isoformat(),
        "local_time": f"{local:%H:%M}",
        "clock_pass": 0,
        "open": False,
        "slot": None,
        "rules": _serialise_rules([skipped_time_reason(local)], details),
    }


def _serialise_rules(reasons: list[Reason], details: bool) -> list[dict[str, Any]]:
    """The rules for the response. Without details, no rule is repeated."""
    if details:
        return [
            {"rule": reason.rule, "words": reason.message, "details": reason.details} for reason in reasons
        ]
    public = {(shown.rule, shown.message): shown for shown in (reason.for_public() for reason in reasons)}
    return [{"rule": reason.rule, "words": reason.message} for reason in public.values()]
