"""`time-off/` and `holidays/`: when nobody is seen."""

import uuid
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.models import Doctor
from clinics.selectors import clinic_settings, doctor_of
from scheduling.api.hours import doctor_meant
from scheduling.api.inputs import WhoseFilter
from scheduling.api.time_off_serializers import (
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
from scheduling.models import TimeOff
from scheduling.selectors.holidays import closed_days
from scheduling.selectors.instead import preview_of
from scheduling.selectors.time_off import time_off, time_off_kept_by
from scheduling.selectors.wall import clinic_day
from scheduling.services.reading import patients_listed
from scheduling.services.time_off import check_time_off, give_time_off
from scheduling.services.undoing import take_back
from scheduling.time_off import Off
from tenants.accounts.models import User
from tenants.accounts.permissions import IsDoctorOrAdmin, user_of
from tenants.base.clock import now
from tenants.base.errors import InvalidInput, NotFound
from tenants.base.requests import query_of, read

USUAL_HOLIDAYS = timedelta(days=365)
LONGEST_HOLIDAYS = timedelta(days=731)


def whose(request: Request, given: dict[str, Any]) -> Doctor | None:
    """For whom the time off is: a doctor's own; admins name a doctor, or nobody for the whole clinic.

    :raises InvalidInput: an admin does not say
    :raises NotFound: there is no such doctor, or a doctor names somebody else, or the clinic
    """
    user = user_of(request)
    if user.role == User.Role.DOCTOR:
        own = doctor_of(user)
        if given.get("doctor", own.pk) != own.pk:
            raise NotFound
        return own
    if "doctor" not in given:
        raise InvalidInput(errors={"doctor": [_("Say whose time off it is; null is the whole clinic's.")]})
    if given["doctor"] is None:
        return None
    doctor: Doctor | None = Doctor.objects.filter(pk=given["doctor"]).first()
    if doctor is None:
        raise NotFound
    return doctor


def off_in(given: dict[str, Any]) -> Off:
    """The time off that was asked for, as the planner reads it."""
    return Off(
        first=given["from"],
        last=given["to"],
        opens=given["opens"],
        closes=given["closes"],
        weekdays=frozenset(given["weekdays"]),
    )


class TimeOffsView(ListAPIView[TimeOff]):
    """Time off that is not over."""

    permission_classes = (IsDoctorOrAdmin,)
    serializer_class = TimeOffOutput

    def get_queryset(self) -> QuerySet[TimeOff]:
        """A doctor's own with the whole clinic's; for admins everybody's where they name no doctor."""
        everybody = user_of(self.request).role == User.Role.ADMIN and "doctor" not in query_of(self.request)
        return time_off(None if everybody else doctor_meant(self.request), now=now())

    @extend_schema(parameters=[WhoseFilter])
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Soonest first. What has no doctor is the whole clinic's, which a doctor can only read."""
        return super().get(request, *args, **kwargs)

    @extend_schema(request=TimeOffInput, responses={201: GivenOutput})
    def post(self, request: Request) -> Response:
        """Give time off, and say what becomes of each appointment in it. Nobody can book there from now on.

        What cannot be moved or cancelled stays, and the answer says why.
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
    """What a time off would do."""

    permission_classes = (IsDoctorOrAdmin,)

    @extend_schema(request=TimeOffPeriod, responses=PreviewOutput)
    def post(self, request: Request) -> Response:
        """The appointments in it by start, each with up to three times to have instead. Changes nothing.

        Times with the same doctor come first, the nearest before the others; then times with others of the
        same specialty. The first of each is not shown for the appointments after it, so all can be taken.
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

    @extend_schema(parameters=[TakeBackFilters], responses={200: UndoneOutput})
    def delete(self, request: Request, time_off_id: uuid.UUID) -> Response:
        """Take it back: its times are open again within seconds.

        With `undo`, appointments it moved go back and those it cancelled are booked again, as far as their
        old times are free and still to come. The answer has them, and says why where one is left as it is.
        """
        undo = read(TakeBackFilters, query_of(request))["undo"]
        found = time_off_kept_by(user_of(request)).filter(pk=time_off_id).first()
        if found is None:
            raise NotFound
        undone = take_back(time_off=found, undo=undo, by=user_of(request), now=now())
        patients_listed(patients=[each.booking.patient for each in undone], by=user_of(request))
        return Response(UndoneOutput({"bookings": undone}).data)


class HolidaysView(APIView):
    """The days on which the clinic is closed."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(parameters=[HolidayFilters], responses=HolidayOutput(many=True))
    def get(self, request: Request) -> Response:
        """Its holidays by day, each with its name. A doctor's dated day may say otherwise."""
        wanted = read(HolidayFilters, query_of(request))
        first = wanted.get("from") or min(clinic_day(now()), wanted.get("to") or clinic_day(now()))
        last = wanted.get("to") or first + USUAL_HOLIDAYS
        if last < first:
            raise InvalidInput(errors={"to": [_("The last day is before the first.")]})
        if last - first > LONGEST_HOLIDAYS:
            raise InvalidInput(errors={"to": [_("Ask for at most two years.")]})
        closed = closed_days(clinic_settings(), first=first, last=last)
        days = [{"date": day, "name": name} for day, name in closed.items()]
        return Response(HolidayOutput(days, many=True).data)
