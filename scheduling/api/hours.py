"""`working-hours/` and `exceptions/`: when a doctor works."""

import re
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ListSerializer
from rest_framework.views import APIView

from clinics.models import Doctor
from clinics.selectors import doctor_of
from scheduling.api.inputs import DayFilter, ExceptionField, HoursField, WhoseFilter
from scheduling.errors import HoursChanged
from scheduling.planning import Hours
from scheduling.selectors.hours import exceptions, working_hours
from scheduling.services.hours import remove_exception, set_exception, set_working_hours
from tenants.accounts.models import User
from tenants.accounts.permissions import IsDoctorOrAdmin, user_of
from tenants.base.clock import now
from tenants.base.errors import InvalidInput, NotFound
from tenants.base.requests import query_of, read

IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag of the hours this change was made on: where they have changed since, 409.",
)


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


def version_of(request: Request) -> int | None:
    """The version of the hours that a change was made on, as `If-Match` says it (RFC 9110, section 13.1.1).

    :return: None where the change is to be made on whatever there is
    :raises HoursChanged: it names something that never was a version
    """
    told = request.headers.get("If-Match", "*").strip()
    if told == "*":
        return None
    if not re.fullmatch(r'"[0-9]{1,9}"', told):
        raise HoursChanged
    return int(told.strip('"'))


def with_version(doctor: Doctor, body: Any) -> Response:
    """The answer, with the version of the doctor's hours as its ETag.

    The version was read before the hours: where they changed in between, it is too old, and a change made on
    it is refused.
    """
    return Response(body, headers={"ETag": f'"{doctor.schedule_version}"'})


class WorkingHoursView(APIView):
    """A doctor's week."""

    permission_classes = (IsDoctorOrAdmin,)

    @extend_schema(parameters=[WhoseFilter], responses=HoursField(many=True))
    def get(self, request: Request) -> Response:
        """The week, interval by interval. Its ETag names the version of the doctor's hours."""
        doctor = doctor_meant(request)
        return with_version(doctor, HoursField(working_hours(doctor), many=True).data)

    @extend_schema(
        parameters=[WhoseFilter, IF_MATCH],
        request=HoursField(many=True),
        responses=HoursField(many=True),
    )
    def put(self, request: Request) -> Response:
        """Replace the week. Slots follow within seconds; booked ones stay.

        With `If-Match`, only if nobody has changed the doctor's hours since that version: else 409.
        """
        doctor = doctor_meant(request)
        given: ListSerializer[Any] = ListSerializer(child=HoursField(), data=request.data, max_length=200)
        given.is_valid(raise_exception=True)
        week = [Hours(place=item.pop("place_id"), **item) for item in given.validated_data]
        set_working_hours(
            doctor=doctor, week=week, version=version_of(request), by=user_of(request), now=now()
        )
        return with_version(doctor, HoursField(working_hours(doctor), many=True).data)


class ExceptionsView(APIView):
    """Days that differ from the week."""

    permission_classes = (IsDoctorOrAdmin,)

    @extend_schema(parameters=[WhoseFilter], responses=ExceptionField(many=True))
    def get(self, request: Request) -> Response:
        """All dated days. The ETag names the version of the doctor's hours."""
        doctor = doctor_meant(request)
        return with_version(doctor, ExceptionField(exceptions(doctor), many=True).data)

    @extend_schema(
        parameters=[WhoseFilter, IF_MATCH],
        request=ExceptionField,
        responses=ExceptionField,
    )
    def put(self, request: Request) -> Response:
        """Say what holds on one day; no intervals close it."""
        doctor, given = doctor_meant(request), read(ExceptionField, request.data)
        intervals = [(opens, closes) for opens, closes in given.pop("intervals")]
        exception = set_exception(
            doctor=doctor,
            intervals=intervals,
            version=version_of(request),
            by=user_of(request),
            now=now(),
            **given,
        )
        return with_version(doctor, ExceptionField(exception).data)

    @extend_schema(parameters=[DayFilter, IF_MATCH], responses={200: None})
    def delete(self, request: Request) -> Response:
        """Let the week hold again on `?date=`."""
        doctor = doctor_meant(request)
        day = read(DayFilter, query_of(request))["date"]
        version = version_of(request)
        remove_exception(doctor=doctor, day=day, version=version, by=user_of(request), now=now())
        return with_version(doctor, None)
