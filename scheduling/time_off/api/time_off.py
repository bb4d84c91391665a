"""`appointments/time-off/` and `holidays/`."""

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
from clinics.selectors import clinic_settings, doctor_of
from scheduling.calendar.api_fields import WhoseFilter
from scheduling.calendar.api_requests import doctor_meant
from scheduling.calendar.holidays import closed_days
from scheduling.calendar.local_times import clinic_day
from scheduling.clock.time_off import Off
from scheduling.models import TimeOff
from scheduling.patients.access_log import patients_listed
from scheduling.time_off.alternatives import preview_of
from scheduling.time_off.api.serializers import (
    GivenOutput,
    HolidayFilters,
    HolidayOutput,
    PreviewOutput,
    TakeBackFilters,
    TimeOffInput,
    TimeOffOutput,
    TimeOffPeriod,
    UndoneOutput,
)
from scheduling.time_off.give import check_time_off, give_time_off
from scheduling.time_off.revoke import take_back
from scheduling.time_off.selectors import time_off, time_off_kept_by
from tenants.accounts.models import User
from tenants.accounts.permissions import IsDoctorOrAdmin, user_of
from tenants.base.clock import now
from tenants.base.errors import InvalidInput, NotFound
from tenants.base.operations import operation
from tenants.base.requests import query_of, read

USUAL_HOLIDAYS = timedelta(days=365)
LONGEST_HOLIDAYS = timedelta(days=731)


def whose(request: Request, given: dict[str, Any]) -> Doctor | None:
    """The doctor of the time off; None for the whole clinic, which only admins can choose.

    :raises InvalidInput: an admin did not send `doctor`
    :raises NotFound: the doctor does not exist, or a doctor names another doctor or the clinic
    """
    user = user_of(request)
    if user.role == User.Role.DOCTOR:
        own = doctor_of(user)
        if given.get("doctor", own.pk) != own.pk:
            raise NotFound
        return own
    if "doctor" not in given:
        raise InvalidInput(errors={"doctor": [_("Choose a doctor, or send null for the whole clinic.")]})
    if given["doctor"] is None:
        return None
    doctor: Doctor | None = Doctor.objects.filter(pk=given["doctor"]).first()
    if doctor is None:
        raise NotFound
    return doctor


def off_in(given: dict[str, Any]) -> Off:
    """The requested period in the planner's format."""
    return Off(
        first=given["from"],
        last=given["to"],
        opens=given["opens"],
        closes=given["closes"],
        weekdays=frozenset(given["weekdays"]),
    )


class TimeOffsView(ListAPIView[TimeOff]):
    """Current and future time off."""

    permission_classes = (IsDoctorOrAdmin,)
    serializer_class = TimeOffOutput

    def get_queryset(self) -> QuerySet[TimeOff]:
        """The time off of one doctor and of the whole clinic; for admins who name no doctor, all of it."""
        everybody = user_of(self.request).role == User.Role.ADMIN and "doctor" not in query_of(self.request)
        return time_off(None if everybody else doctor_meant(self.request), now=now())

    @operation(summary="List time off", parameters=[WhoseFilter], errors=[NotFound])
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Current and future time off, soonest first.

        Doctors get their own and the whole clinic's (`doctor` is null), which they cannot change. Admins get
        all, or with `doctor` those of one doctor.
        """
        return super().get(request, *args, **kwargs)

    @operation(
        summary="Add time off",
        request=TimeOffInput,
        responses={201: GivenOutput},
        success=_("Time off added. Check what was done with the appointments in it."),
        errors=[NotFound],
    )
    def post(self, request: Request) -> Response:
        """Add time off, and keep, move or cancel the appointments in it.

        `from` is required; admins also have to send `doctor`. The times can no longer be booked. An
        appointment that cannot be moved or cancelled stays, with the reason in `refused`.
        """
        given = read(TimeOffInput, request.data)
        done = give_time_off(
            doctor=whose(request, given),
            off=off_in(given),
            note=given["note"],
            decisions=given["bookings"],
            others=given["others"],
            by=user_of(request),
            now=now(),
        )
        patients_listed(patients=[outcome.booking.patient for outcome in done.outcomes], by=user_of(request))
        return Response(GivenOutput(done).data, status=status.HTTP_201_CREATED)


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
        given = read(TimeOffPeriod, request.data)
        doctor, off = whose(request, given), off_in(given)
        check_time_off(off, now=now())
        hits = preview_of(doctor, off, now=now())
        patients_listed(patients=[hit.booking.patient for hit in hits], by=user_of(request))
        return Response(PreviewOutput({"bookings": hits}).data)


class TimeOffView(APIView):
    """One time off."""

    permission_classes = (IsDoctorOrAdmin,)

    @operation(
        summary="Revoke time off",
        parameters=[TakeBackFilters],
        responses={200: UndoneOutput},
        success=_("Time off removed. The times can be booked again within seconds."),
    )
    def delete(self, request: Request, time_off_id: uuid.UUID) -> Response:
        """Remove the time off. Its times can be booked again within seconds.

        With `undo`, appointments that it moved are moved back, and those that it cancelled are booked again,
        if their old times are free and in the future. Otherwise `refused` has the reason.
        """
        undo = read(TakeBackFilters, query_of(request))["undo"]
        found = time_off_kept_by(user_of(request)).filter(pk=time_off_id).first()
        if found is None:
            raise NotFound
        undone = take_back(time_off=found, undo=undo, by=user_of(request), now=now())
        patients_listed(patients=[each.booking.patient for each in undone], by=user_of(request))
        return Response(UndoneOutput({"bookings": undone}).data)


class HolidaysView(APIView):
    """The clinic's holidays."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @operation(summary="List the holidays", parameters=[HolidayFilters], responses=HolidayOutput(many=True))
    def get(self, request: Request) -> Response:
        """The days on which the clinic is closed. A doctor's dated exception can override a holiday."""
        wanted = read(HolidayFilters, query_of(request))
        first = wanted.get("from") or min(clinic_day(now()), wanted.get("to") or clinic_day(now()))
        last = wanted.get("to") or first + USUAL_HOLIDAYS
        if last < first:
            raise InvalidInput(
                errors={"to": [_("The last day is before the first day. Choose a later one.")]}
            )
        if last - first > LONGEST_HOLIDAYS:
            raise InvalidInput(errors={"to": [_("The period is too long. Choose at most two years.")]})
        closed = closed_days(clinic_settings(), first=first, last=last)
        days = [{"date": day, "name": name} for day, name in closed.items()]
        return Response(HolidayOutput(days, many=True).data)
