"""`appointments/time-off/` and `holidays/`: preview, add and revoke time off, and list holidays."""

import uuid
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.models import Doctor
from clinics.selectors import clinic_settings, get_doctor
from scheduling.calendar.api_fields import DoctorFilter
from scheduling.calendar.api_requests import find_doctor, requested_doctor
from scheduling.calendar.holidays import closed_days
from scheduling.calendar.local_times import clinic_day
from scheduling.models import TimeOff
from scheduling.models.time_off import TimeOffQuerySet
from scheduling.patients.access_log import record_patients_listed
from scheduling.time_off.alternatives import preview_time_off
from scheduling.time_off.api.serializers import (
    HolidayFilters,
    HolidayOutput,
    PreviewOutput,
    RevokeFilters,
    TimeOffAddedOutput,
    TimeOffDetailOutput,
    TimeOffInput,
    TimeOffOutput,
    TimeOffPeriod,
    TimeOffRevokedOutput,
    to_time_off_spec,
)
from scheduling.time_off.decisions import read_before_decisions
from scheduling.time_off.give import check_time_off, give_time_off
from scheduling.time_off.revoke import revoke_time_off
from scheduling.time_off.selectors import (
    effects_on_bookings,
    readable_time_off,
    revocable_time_off,
    time_off,
)
from tenants.accounts.models import User
from tenants.accounts.permissions import IsDoctorOrAdmin, MayReadOrChangeSchedules, signed_in_user
from tenants.base.clock import now
from tenants.base.errors import InvalidInput, NotFound
from tenants.base.operations import operation
from tenants.base.requests import query_params, validate

_DEFAULT_HOLIDAY_WINDOW = timedelta(days=365)
_MAX_HOLIDAY_WINDOW = timedelta(days=731)


def _requested_doctor_or_clinic(request: Request, data: dict[str, Any]) -> Doctor | None:
    """The doctor of the time off; None for the whole clinic, which only admins can choose.

    :raises InvalidInput: an admin did not send `doctor`
    :raises NotFound: the doctor does not exist, or a doctor names another doctor or the clinic
    """
    user = signed_in_user(request)
    if user.role == User.Role.DOCTOR:
        own_doctor = get_doctor(user)
        if data.get("doctor", own_doctor.pk) != own_doctor.pk:
            raise NotFound
        return own_doctor
    if "doctor" not in data:
        raise InvalidInput(errors={"doctor": [_("Choose a doctor, or send null for the whole clinic.")]})
    if data["doctor"] is None:
        return None
    return find_doctor(data["doctor"])


class TimeOffsView(ListAPIView[TimeOff]):
    """Current and future time off."""

    permission_classes = (MayReadOrChangeSchedules,)
    serializer_class = TimeOffOutput

    def get_queryset(self) -> QuerySet[TimeOff]:
        """The time off of one doctor and of the clinic; all time off if the front desk names no doctor."""
        is_doctor = signed_in_user(self.request).role == User.Role.DOCTOR
        all_doctors = not is_doctor and "doctor" not in query_params(self.request)
        return time_off(None if all_doctors else requested_doctor(self.request), now=now())

    @operation(summary="List time off", parameters=[DoctorFilter], errors=[NotFound])
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Current and future time off, soonest first.

        Doctors get their own and the whole clinic's (`doctor` is null), which they cannot change. The front
        desk gets all time off, or with `doctor` that of one doctor and the clinic.
        """
        return super().get(request, *args, **kwargs)

    @operation(
        summary="Add time off",
        request=TimeOffInput,
        responses={201: TimeOffAddedOutput},
        success=_("Time off added. Check what was done with the appointments in it."),
        errors=[NotFound],
    )
    def post(self, request: Request) -> Response:
        """Add time off, and keep, move or cancel the appointments in it.

        `from` is required; admins also have to send `doctor`. The times can no longer be booked. An
        appointment that cannot be moved or cancelled stays, with the reason in `refused`.
        """
        data = validate(TimeOffInput, request.data)
        doctor = _requested_doctor_or_clinic(request, data)
        read_before_decisions(data["bookings"], others=data["others"], doctor=doctor, now=now())
        result = give_time_off(
            doctor=doctor,
            spec=to_time_off_spec(data),
            note=data["note"],
            decisions=data["bookings"],
            others=data["others"],
            by=signed_in_user(request),
            now=now(),
        )
        record_patients_listed(
            patients=[outcome.booking.patient for outcome in result.outcomes], by=signed_in_user(request)
        )
        return Response(
            TimeOffAddedOutput(result, context={"request": request}).data, status=status.HTTP_201_CREATED
        )


class PreviewView(APIView):
    """Preview a time off."""

    permission_classes = (IsDoctorOrAdmin,)

    @operation(
        summary="Preview time off",
        request=TimeOffPeriod,
        responses=PreviewOutput,
        success=_("This is a preview. Nothing has been changed."),
        errors=[NotFound],
    )
    def post(self, request: Request) -> Response:
        """List the appointments in a time off, each with up to three alternatives. Changes nothing.

        Alternatives with the same doctor come first, the nearest of them at the top; then those with other
        doctors of the same specialty. The best alternative of an appointment is not listed for later
        appointments, so that every appointment can move to its best alternative.
        """
        data = validate(TimeOffPeriod, request.data)
        doctor, spec = _requested_doctor_or_clinic(request, data), to_time_off_spec(data)
        check_time_off(spec, now=now())
        affected = preview_time_off(doctor, spec, now=now())
        record_patients_listed(patients=[row.booking.patient for row in affected], by=signed_in_user(request))
        return Response(PreviewOutput({"bookings": affected}, context={"request": request}).data)


class TimeOffView(APIView):
    """One time off."""

    permission_classes = (MayReadOrChangeSchedules,)

    @operation(summary="Get time off", responses=TimeOffDetailOutput)
    def get(self, request: Request, time_off_id: uuid.UUID) -> Response:
        """The time off, and the appointments that it moved or cancelled, which `undo` would restore.

        Doctors get their own, the front desk that of any doctor.
        """
        found = _one_of(readable_time_off(signed_in_user(request)), time_off_id)
        effects = effects_on_bookings(found)
        patients = [effect.booking.patient for effect in effects]
        record_patients_listed(patients=patients, by=signed_in_user(request))
        body = {"time_off": found, "effects": effects}
        return Response(TimeOffDetailOutput(body, context={"request": request}).data)

    @operation(
        summary="Revoke time off",
        parameters=[RevokeFilters],
        responses={200: TimeOffRevokedOutput},
        success=_("Time off removed. The times can be booked again within seconds."),
    )
    def delete(self, request: Request, time_off_id: uuid.UUID) -> Response:
        """Remove the time off. Its times can be booked again within seconds.

        With `undo`, appointments that it moved are moved back, and those that it cancelled are booked again,
        if their old times are free and in the future. Otherwise `refused` has the reason.
        """
        undo = validate(RevokeFilters, query_params(request))["undo"]
        found = _one_of(revocable_time_off(signed_in_user(request)), time_off_id)
        reverted = revoke_time_off(time_off=found, revert=undo, by=signed_in_user(request), now=now())
        record_patients_listed(patients=[row.booking.patient for row in reverted], by=signed_in_user(request))
        return Response(TimeOffRevokedOutput({"bookings": reverted}, context={"request": request}).data)


def _one_of(rows: TimeOffQuerySet, time_off_id: uuid.UUID) -> TimeOff:
    """The time off with this id, if it is among `rows`.

    :raises NotFound: it is not
    """
    found: TimeOff | None = rows.filter(pk=time_off_id).first()
    if found is None:
        raise NotFound
    return found


class HolidaysView(APIView):
    """The clinic's holidays."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    public_data = True

    @operation(summary="List the holidays", parameters=[HolidayFilters], responses=HolidayOutput(many=True))
    def get(self, request: Request) -> Response:
        """The days on which the clinic is closed. A doctor's dated exception can override a holiday."""
        filters = validate(HolidayFilters, query_params(request))
        first = filters.get("from") or min(clinic_day(now()), filters.get("to") or clinic_day(now()))
        last = filters.get("to") or first + _DEFAULT_HOLIDAY_WINDOW
        if last < first:
            raise InvalidInput(
                errors={"to": [_("The last day is before the first day. Choose a later one.")]}
            )
        if last - first > _MAX_HOLIDAY_WINDOW:
            raise InvalidInput(errors={"to": [_("The period is too long. Choose at most two years.")]})
        closed = closed_days(clinic_settings(), first=first, last=last)
        days = [{"date": day, "name": name} for day, name in closed.items()]
        return Response(HolidayOutput(days, many=True).data)
