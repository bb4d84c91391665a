"""`working-hours/` and `exceptions/`: when a doctor works."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ListSerializer
from rest_framework.views import APIView

from clinics.models import Doctor
from clinics.selectors import doctor_of
from scheduling.api.inputs import DayFilter, ExceptionField, HoursField, WhoseFilter
from scheduling.planning import Hours
from scheduling.selectors.hours import exceptions, working_hours
from scheduling.services.hours import remove_exception, set_exception, set_working_hours
from tenants.accounts.models import User
from tenants.accounts.permissions import IsDoctorOrAdmin, user_of
from tenants.base.clock import now
from tenants.base.errors import InvalidInput, NotFound
from tenants.base.requests import query_of, read


def doctor_meant(request: Request) -> Doctor:
    """Whose hours: a doctor's own; admins name one with `?doctor=`.

    :raises InvalidInput: an admin names none
    :raises NotFound: there is none, or a doctor names somebody else
    """
    user, wanted = user_of(request), read(WhoseFilter, query_of(request)).get("doctor")
    if user.role == User.Role.DOCTOR:
        own = doctor_of(user)
        if wanted not in (None, own.pk):
            raise NotFound
        return own
    if wanted is None:
        raise InvalidInput(errors={"doctor": [_("Say whose hours.")]})
    doctor: Doctor | None = Doctor.objects.filter(pk=wanted).first()
    if doctor is None:
        raise NotFound
    return doctor


class WorkingHoursView(APIView):
    """A doctor's week."""

    permission_classes = (IsDoctorOrAdmin,)

    @extend_schema(parameters=[WhoseFilter], responses=HoursField(many=True))
    def get(self, request: Request) -> Response:
        """The week, interval by interval."""
        return Response(HoursField(working_hours(doctor_meant(request)), many=True).data)

    @extend_schema(
        parameters=[WhoseFilter],
        request=HoursField(many=True),
        responses=HoursField(many=True),
    )
    def put(self, request: Request) -> Response:
        """Replace the week. Slots follow within seconds; booked ones stay."""
        doctor = doctor_meant(request)
        given: ListSerializer[Any] = ListSerializer(child=HoursField(), data=request.data, max_length=200)
        given.is_valid(raise_exception=True)
        week = [Hours(**item) for item in given.validated_data]
        set_working_hours(doctor=doctor, week=week, by=user_of(request), now=now())
        return Response(HoursField(working_hours(doctor), many=True).data)


class ExceptionsView(APIView):
    """Days that differ from the week."""

    permission_classes = (IsDoctorOrAdmin,)

    @extend_schema(parameters=[WhoseFilter], responses=ExceptionField(many=True))
    def get(self, request: Request) -> Response:
        """All dated days."""
        return Response(ExceptionField(exceptions(doctor_meant(request)), many=True).data)

    @extend_schema(
        parameters=[WhoseFilter],
        request=ExceptionField,
        responses=ExceptionField,
    )
    def put(self, request: Request) -> Response:
        """Say what holds on one day; no intervals close it."""
        doctor, given = doctor_meant(request), read(ExceptionField, request.data)
        intervals = [(opens, closes) for opens, closes in given.pop("intervals")]
        exception = set_exception(doctor=doctor, intervals=intervals, by=user_of(request), now=now(), **given)
        return Response(ExceptionField(exception).data)

    @extend_schema(parameters=[DayFilter], responses={200: None})
    def delete(self, request: Request) -> Response:
        """Let the week hold again on `?date=`."""
        doctor = doctor_meant(request)
        day = read(DayFilter, query_of(request))["date"]
        remove_exception(doctor=doctor, day=day, by=user_of(request), now=now())
        return Response(None)
