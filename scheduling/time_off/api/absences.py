"""`portal/absences/`: the front desk records that a doctor is away, with a preview."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from scheduling.bookings.api.idempotency import IDEMPOTENCY_KEY, idempotency_key
from scheduling.bookings.idempotency import run_idempotently
from scheduling.calendar.api_fields import CalendarDate
from scheduling.calendar.api_requests import find_doctor
from scheduling.errors import IdempotencyKeyReused
from scheduling.patients.access_log import record_patients_listed
from scheduling.time_off.absences import check_absence, record_absence
from scheduling.time_off.alternatives import preview_time_off
from scheduling.time_off.api.serializers import (
    PreviewOutput,
    TimeOffAddedOutput,
    TimeOffInput,
    TimeOffPeriod,
    to_time_off_spec,
)
from scheduling.time_off.decisions import read_before_decisions
from scheduling.time_off.errors import AbsenceTooLong
from scheduling.time_off.give import check_time_off
from tenants.accounts.permissions import IsFrontDesk, signed_in_user
from tenants.base.clock import now
from tenants.base.errors import NotFound
from tenants.base.operations import operation
from tenants.base.requests import validate


class _AbsenceFields(serializers.Serializer[Any]):
    """The fields that an absence requires."""

    doctor = serializers.UUIDField(help_text="The doctor's id.")

    def get_fields(self) -> dict[str, Any]:
        """Require the last day: an absence has an end."""
        return {**super().get_fields(), "to": CalendarDate(help_text="The last day.")}


class AbsencePeriod(_AbsenceFields, TimeOffPeriod):
    """The days and local times at which a doctor is away."""


class AbsenceInput(_AbsenceFields, TimeOffInput):
    """An absence, and what to do with the bookings in it."""


class AbsencesView(APIView):
    """Absences of doctors."""

    permission_classes = (IsFrontDesk,)

    @operation(
        summary="Record an absence",
        parameters=[IDEMPOTENCY_KEY],
        request=AbsenceInput,
        responses={201: TimeOffAddedOutput},
        success=_("Absence recorded. Check what was done with the appointments in it."),
        errors=[NotFound, AbsenceTooLong, IdempotencyKeyReused],
    )
    def post(self, request: Request) -> Response:
        """Record that a doctor is away, and keep, move or cancel the appointments in that time.

        The times can no longer be booked. Receptionists can record at most seven days that begin within a
        week; admins have no limit. An appointment that cannot be moved or cancelled stays; `refused` has the
        reason.
        """
        data, user = validate(AbsenceInput, request.data), signed_in_user(request)
        doctor = find_doctor(data["doctor"])

        def record() -> dict[str, Any]:
            result = record_absence(
                doctor=doctor,
                spec=to_time_off_spec(data),
                note=data["note"],
                decisions=data["bookings"],
                others=data["others"],
                by=user,
                now=now(),
            )
            patients = [outcome.booking.patient for outcome in result.outcomes]
            record_patients_listed(patients=patients, by=user)
            return dict(TimeOffAddedOutput(result, context={"request": request}).data)

        read_before_decisions(data["bookings"], others=data["others"], doctor=doctor, now=now())
        decisions = {str(booking): str(decision) for booking, decision in data["bookings"].items()}
        answer = run_idempotently(
            record,
            user=user,
            key=idempotency_key(request),
            request={**data, "bookings": decisions, "absence": True},
            now=now(),
        )
        return Response(answer, status=status.HTTP_201_CREATED)


class AbsencePreviewView(APIView):
    """Preview an absence."""

    permission_classes = (IsFrontDesk,)

    @operation(
        summary="Preview an absence",
        request=AbsencePeriod,
        responses=PreviewOutput,
        success=_("This is a preview. Nothing has been changed."),
        errors=[NotFound, AbsenceTooLong],
    )
    def post(self, request: Request) -> Response:
        """List the appointments in an absence, each with up to three alternatives. Changes nothing."""
        data, user = validate(AbsencePeriod, request.data), signed_in_user(request)
        doctor, spec = find_doctor(data["doctor"]), to_time_off_spec(data)
        check_absence(spec, by=user, now=now())
        check_time_off(spec, now=now())
        affected = preview_time_off(doctor, spec, now=now())
        record_patients_listed(patients=[row.booking.patient for row in affected], by=user)
        return Response(PreviewOutput({"bookings": affected}, context={"request": request}).data)
