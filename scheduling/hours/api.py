"""`appointments/working-hours/` and `exceptions/`: a doctor's weekly hours and dated exceptions."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ListSerializer
from rest_framework.views import APIView

from clinics.models import Doctor
from scheduling.calendar.api_fields import DayFilter, DoctorFilter
from scheduling.calendar.api_requests import requested_doctor
from scheduling.clock.planning import Hours
from scheduling.errors import HoursChanged
from scheduling.hours.api_fields import ExceptionField, HoursField
from scheduling.hours.selectors import exceptions, working_hours
from scheduling.hours.services import remove_exception, set_exception, set_working_hours
from tenants.accounts.permissions import IsDoctorOrAdmin, signed_in_user
from tenants.base.clock import now
from tenants.base.errors import NotFound
from tenants.base.operations import operation
from tenants.base.requests import query_params, validate

_IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag of the hours that the change is based on. If they have changed since, the response "
    "is 409 `hours_changed`.",
)


def _requested_version(request: Request) -> int | None:
    """The version in the `If-Match` header (RFC 9110, section 13.1.1).

    :return: None if the header is missing or `*`: the change applies to any version
    :raises HoursChanged: the header is not a version
    """
    header = request.headers.get("If-Match", "*").strip()
    if header == "*":
        return None
    if not re.fullmatch(r'"[0-9]{1,9}"', header):
        raise HoursChanged
    return int(header.strip('"'))


def _response_with_version(doctor: Doctor, body: Any) -> Response:
    """The response with the version of the doctor's hours as its ETag.

    The version was read before the hours. If they changed in between, the ETag is outdated, and a change that
    is based on it is refused.
    """
    return Response(body, headers={"ETag": f'"{doctor.schedule_version}"'})


class WorkingHoursView(APIView):
    """A doctor's weekly working hours."""

    permission_classes = (IsDoctorOrAdmin,)

    @operation(
        summary="Get the working hours",
        parameters=[DoctorFilter],
        responses=HoursField(many=True),
        errors=[NotFound],
    )
    def get(self, request: Request) -> Response:
        """The doctor's weekly working hours. The ETag is the version of the doctor's hours."""
        doctor = requested_doctor(request)
        return _response_with_version(doctor, HoursField(working_hours(doctor), many=True).data)

    @operation(
        summary="Replace the working hours",
        parameters=[DoctorFilter, _IF_MATCH],
        request=HoursField(many=True),
        responses=HoursField(many=True),
        success=_("Working hours saved. The slots are updated within seconds."),
        errors=[HoursChanged, NotFound],
    )
    def put(self, request: Request) -> Response:
        """Replace the weekly working hours. The slots are updated within seconds; booked slots stay.

        Send `If-Match` to make the change only if nobody has changed the hours since that version.
        """
        doctor = requested_doctor(request)
        serializer: ListSerializer[Any] = ListSerializer(
            child=HoursField(), data=request.data, max_length=200
        )
        serializer.is_valid(raise_exception=True)
        week = [Hours(place=item.pop("place_id"), **item) for item in serializer.validated_data]
        set_working_hours(
            doctor=doctor,
            week=week,
            version=_requested_version(request),
            by=signed_in_user(request),
            now=now(),
        )
        return _response_with_version(doctor, HoursField(working_hours(doctor), many=True).data)


class ExceptionsView(APIView):
    """Dates on which a doctor's hours differ from the week."""

    permission_classes = (IsDoctorOrAdmin,)

    @operation(
        summary="List the exceptions",
        parameters=[DoctorFilter],
        responses=ExceptionField(many=True),
        errors=[NotFound],
    )
    def get(self, request: Request) -> Response:
        """The dates on which the doctor's hours differ from the week. The ETag is their version."""
        doctor = requested_doctor(request)
        return _response_with_version(doctor, ExceptionField(exceptions(doctor), many=True).data)

    @operation(
        summary="Set the hours of one date",
        parameters=[DoctorFilter, _IF_MATCH],
        request=ExceptionField,
        responses=ExceptionField,
        success=_("Hours of this date saved. The slots are updated within seconds."),
        errors=[HoursChanged, NotFound],
    )
    def put(self, request: Request) -> Response:
        """Set opening hours for one date. An empty list of intervals closes the day."""
        doctor, data = requested_doctor(request), validate(ExceptionField, request.data)
        intervals = [(opens, closes) for opens, closes in data.pop("intervals")]
        exception = set_exception(
            doctor=doctor,
            intervals=intervals,
            version=_requested_version(request),
            by=signed_in_user(request),
            now=now(),
            **data,
        )
        return _response_with_version(doctor, ExceptionField(exception).data)

    @operation(
        summary="Remove the hours of one date",
        parameters=[DayFilter, _IF_MATCH],
        responses={200: None},
        success=_("The weekly hours apply to this date again."),
        errors=[HoursChanged, NotFound],
    )
    def delete(self, request: Request) -> Response:
        """Remove the exception of `date`, so that the weekly hours apply again. `date` is required."""
        doctor = requested_doctor(request)
        day = validate(DayFilter, query_params(request))["date"]
        version = _requested_version(request)
        remove_exception(doctor=doctor, day=day, version=version, by=signed_in_user(request), now=now())
        return _response_with_version(doctor, None)
