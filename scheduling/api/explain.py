"""`appointments/explain/`: why a time cannot be booked."""

from datetime import UTC, datetime
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.models import Doctor, Patient
from scheduling.api.inputs import ExplainFilters
from scheduling.clock_changes import instants_of, which_pass
from scheduling.selectors.availability import get_visit_type
from scheduling.selectors.explaining import Explanation, explanation
from scheduling.selectors.reasons import Reason, clock_skipped
from tenants.accounts.models import User
from tenants.base.clock import local_time, now, zone_label
from tenants.base.errors import NotFound
from tenants.base.requests import query_of, read
from tenants.door import current_clinic


class ReasonOutput(serializers.Serializer[Any]):
    """A rule that removes a time. `details` is there for the clinic's people."""

    rule = serializers.CharField()
    words = serializers.CharField()
    details = serializers.DictField(required=False)


class ExplainedTimeOutput(serializers.Serializer[Any]):
    """One instant, and every rule that removes it: none where it is open."""

    starts_at = serializers.DateTimeField(allow_null=True, help_text="None where the clock skips the time.")
    local_date = serializers.DateField()
    local_time = serializers.CharField()
    clock_pass = serializers.IntegerField()
    open = serializers.BooleanField()
    slot = serializers.UUIDField(allow_null=True)
    rules = ReasonOutput(many=True)


class ExplainOutput(serializers.Serializer[Any]):
    """What was asked about: two instants where the clock shows the time twice."""

    doctor = serializers.UUIDField()
    time_zone = serializers.CharField()
    tz_label = serializers.CharField()
    times = ExplainedTimeOutput(many=True)


EXAMPLE = OpenApiExample(
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
    """Why not."""

    permission_classes = (AllowAny,)

    @extend_schema(parameters=[ExplainFilters], responses=ExplainOutput, examples=[EXAMPLE])
    def get(self, request: Request) -> Response:
        """Which rules keep a visit from starting at `at`.

        `at` is an instant with its offset, or `YYYY-MM-DDTHH:MM` on the clinic's wall. A signed-in patient
        hears of their own bookings and limits too, the clinic's people of details.
        """
        wanted = read(ExplainFilters, query_of(request))
        doctor, visit_type = Doctor.objects.filter(pk=wanted["doctor"]).first(), wanted.get("visit_type")
        if doctor is None:
            raise NotFound
        user, meant = request.user if isinstance(request.user, User) else None, get_visit_type(visit_type)
        patient = Patient.objects.filter(user=user).first() if user else None
        told = sees_details(user, doctor)
        times = [
            as_told(explanation(doctor, at, visit_type=meant, patient=patient, now=now()), told)
            for at in instants(wanted["at"])
        ]
        zone = current_clinic().time_zone
        return Response(
            {
                "doctor": str(doctor.pk),
                "time_zone": zone,
                "tz_label": zone_label(zone),
                "times": times or [skipped(wanted["at"], told)],
            }
        )


def sees_details(user: User | None, doctor: Doctor) -> bool:
    """Whether they keep this doctor's schedule, or all."""
    return user is not None and (user.is_at_the_desk or doctor.user_id == user.pk)


def instants(at: datetime) -> list[datetime]:
    """The instants meant: that one or, of a time on the wall, those at which the clock shows it."""
    if at.tzinfo is not None:
        return [at]
    return instants_of(at.date(), at.hour * 60 + at.minute, current_clinic().zone)


def as_told(explained: Explanation, details: bool) -> dict[str, Any]:
    """An instant and its rules, as far as they are for the one who asks."""
    zone, at = current_clinic().zone, explained.starts_at
    wall = local_time(at, zone)
    return {
        "starts_at": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "local_date": wall.on.isoformat(),
        "local_time": wall.time,
        "clock_pass": which_pass(at, zone),
        "open": explained.is_open,
        "slot": explained.slot and str(explained.slot.pk) if explained.is_open or details else None,
        "rules": rules_told(explained.reasons, details),
    }


def skipped(local: datetime, details: bool) -> dict[str, Any]:
    """A time that the clinic's clock does not show on that day."""
    return {
        "starts_at": None,
        "local_date": local.date().isoformat(),
        "local_time": f"{local:%H:%M}",
        "clock_pass": 0,
        "open": False,
        "slot": None,
        "rules": rules_told([clock_skipped(local)], details),
    }


def rules_told(reasons: list[Reason], details: bool) -> list[dict[str, Any]]:
    """The rules for the one who asks, each once."""
    if details:
        return [{"rule": each.rule, "words": each.words, "details": each.details} for each in reasons]
    told = {(each.rule, each.words): each for each in (reason.for_anybody() for reason in reasons)}
    return [{"rule": each.rule, "words": each.words} for each in told.values()]
