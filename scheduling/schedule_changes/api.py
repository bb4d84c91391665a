"""`appointments/working-hours/`, `exceptions/` and `users/doctors/{id}/deactivate/`: changes of a schedule.

A change can be previewed with the bookings it affects, and made with a decision about each of them.
"""

import re
import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ListSerializer
from rest_framework.views import APIView

from clinics.models import Doctor
from scheduling.calendar.api_fields import DayFilter, DoctorFilter
from scheduling.calendar.api_requests import find_doctor, requested_doctor
from scheduling.clock.planning import Hours
from scheduling.errors import HoursChanged
from scheduling.hours.api_fields import ExceptionField, HoursField
from scheduling.hours.checks import check_new_week
from scheduling.hours.selectors import exceptions, working_hours
from scheduling.hours.services import (
    planner_errors_as_field_errors,
    remove_exception,
    set_exception,
    set_working_hours,
)
from scheduling.patients.access_log import record_patients_listed
from scheduling.schedule_changes.api_serializers import (
    MAX_INTERVALS,
    DecisionsInput,
    ExceptionChangedOutput,
    ExceptionChangeInput,
    ExceptionPreviewInput,
    OutcomesOutput,
    WeekChangedOutput,
    WeekChangeInput,
    to_decisions,
    to_exception_change,
    to_week,
)
from scheduling.schedule_changes.selectors import Closing, closing_of_doctor, closing_of_week, preview_closing
from scheduling.schedule_changes.services import (
    Decisions,
    change_exception,
    change_week,
    check_change,
    closing_of_change,
    deactivate_doctor,
)
from scheduling.time_off.api.serializers import PreviewOutput
from scheduling.time_off.decisions import Outcome, read_before_decisions
from tenants.accounts.models import User
from tenants.accounts.permissions import (
    IsAdmin,
    IsDoctorOrAdmin,
    MayReadOrChangeSchedules,
    signed_in_user,
)
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


_PREVIEWED = _("This is a preview. Nothing has been changed.")


class WorkingHoursView(APIView):
    """A doctor's weekly working hours."""

    permission_classes = (MayReadOrChangeSchedules,)

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

        To see first which appointments lie outside the new hours, and to move or cancel them, use `preview/`
        and `POST`.

        Send `If-Match` to make the change only if nobody has changed the hours since that version.
        """
        doctor = requested_doctor(request)
        set_working_hours(
            doctor=doctor,
            week=_requested_week(request),
            version=_requested_version(request),
            by=signed_in_user(request),
            now=now(),
        )
        return _response_with_version(doctor, HoursField(working_hours(doctor), many=True).data)

    @operation(
        summary="Change the working hours and the appointments outside them",
        parameters=[DoctorFilter, _IF_MATCH],
        request=WeekChangeInput,
        responses=WeekChangedOutput,
        success=_("Working hours saved. Check what was done with the appointments outside them."),
        errors=[HoursChanged, NotFound],
    )
    def post(self, request: Request) -> Response:
        """Replace the weekly working hours, and keep, move or cancel the appointments outside the new ones.

        An appointment that cannot be moved or cancelled stays, with the reason in `refused`.
        """
        doctor, by = requested_doctor(request), signed_in_user(request)
        data = validate(WeekChangeInput, request.data)
        outcomes = change_week(
            doctor=doctor,
            week=to_week(data["hours"]),
            decisions=_requested_decisions(data, doctor=doctor),
            version=_requested_version(request),
            by=by,
            now=now(),
        )
        _record_listed(outcomes, by)
        doctor.refresh_from_db(fields=["schedule_version"])
        body = WeekChangedOutput(
            {"hours": working_hours(doctor), "bookings": outcomes}, context={"request": request}
        ).data
        return _response_with_version(doctor, body)


class WorkingHoursPreviewView(APIView):
    """Preview new weekly hours."""

    permission_classes = (IsDoctorOrAdmin,)

    @operation(
        summary="Preview the working hours",
        parameters=[DoctorFilter],
        request=HoursField(many=True),
        responses=PreviewOutput,
        success=_PREVIEWED,
        errors=[NotFound],
    )
    def post(self, request: Request) -> Response:
        """List the appointments outside the new weekly hours, with up to three alternatives. Changes nothing.

        Appointments outside the old hours as well, and those in slots added by hand, are not listed.
        The alternatives are as in the preview of time off.
        """
        doctor, week = requested_doctor(request), _requested_week(request)
        with planner_errors_as_field_errors("hours"):
            check_new_week(doctor, week, now=now())
        return _preview_response(closing_of_week(doctor, week, now=now()), request)


class ExceptionsView(APIView):
    """Dates on which a doctor's hours differ from the week."""

    permission_classes = (MayReadOrChangeSchedules,)

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

    @operation(
        summary="Change the hours of one date and the appointments outside them",
        parameters=[DoctorFilter, _IF_MATCH],
        request=ExceptionChangeInput,
        responses=ExceptionChangedOutput,
        success=_("Hours of this date saved. Check what was done with the appointments outside them."),
        errors=[HoursChanged, NotFound],
    )
    def post(self, request: Request) -> Response:
        """Set or remove the hours of one date, and keep, move or cancel the appointments outside them.

        With `intervals` null the exception is removed, so that the weekly hours apply again.
        """
        doctor, by = requested_doctor(request), signed_in_user(request)
        data = validate(ExceptionChangeInput, request.data)
        outcomes = change_exception(
            doctor=doctor,
            change=to_exception_change(data),
            decisions=_requested_decisions(data, doctor=doctor),
            version=_requested_version(request),
            by=by,
            now=now(),
        )
        _record_listed(outcomes, by)
        doctor.refresh_from_db(fields=["schedule_version"])
        stored = exceptions(doctor).filter(day=data["day"]).first()
        body = ExceptionChangedOutput(
            {"exception": stored, "bookings": outcomes}, context={"request": request}
        ).data
        return _response_with_version(doctor, body)


class ExceptionPreviewView(APIView):
    """Preview new hours of one date."""

    permission_classes = (IsDoctorOrAdmin,)

    @operation(
        summary="Preview the hours of one date",
        parameters=[DoctorFilter],
        request=ExceptionPreviewInput,
        responses=PreviewOutput,
        success=_PREVIEWED,
        errors=[NotFound],
    )
    def post(self, request: Request) -> Response:
        """List the appointments outside the new hours of one date, with alternatives. Changes nothing.

        With `intervals` null the exception of the date would be removed.
        """
        doctor, data = requested_doctor(request), validate(ExceptionPreviewInput, request.data)
        change = to_exception_change(data)
        check_change(doctor, change)
        return _preview_response(closing_of_change(doctor, change, now=now()), request)


class DeactivateDoctorPreviewView(APIView):
    """Preview the deactivation of a doctor."""

    permission_classes = (IsAdmin,)

    @operation(
        summary="Preview a doctor's deactivation",
        request=None,
        responses=PreviewOutput,
        success=_PREVIEWED,
        errors=[NotFound],
    )
    def post(self, request: Request, doctor_id: uuid.UUID) -> Response:
        """List the doctor's upcoming appointments, each with alternatives. Changes nothing."""
        return _preview_response(closing_of_doctor(find_doctor(doctor_id), now=now()), request)


class DeactivateDoctorView(APIView):
    """Stop bookings with a doctor."""

    permission_classes = (IsAdmin,)

    @operation(
        summary="Deactivate a doctor",
        request=DecisionsInput,
        responses=OutcomesOutput,
        success=_("This doctor can no longer be booked. Check what was done with the appointments."),
        errors=[NotFound],
    )
    def post(self, request: Request, doctor_id: uuid.UUID) -> Response:
        """Stop bookings with the doctor, and keep, move or cancel the upcoming appointments.

        Slots, hours and the doctor's account stay. The doctor can be activated again in the admin.
        """
        by, data = signed_in_user(request), validate(DecisionsInput, request.data or {})
        doctor = find_doctor(doctor_id)
        decisions = _requested_decisions(data, doctor=doctor)
        outcomes = deactivate_doctor(doctor=doctor, decisions=decisions, by=by, now=now())
        _record_listed(outcomes, by)
        return Response(OutcomesOutput({"bookings": outcomes}, context={"request": request}).data)


def _requested_week(request: Request) -> list[Hours]:
    """The weekly hours in a request whose body is the list of their intervals."""
    serializer: ListSerializer[Any] = ListSerializer(
        child=HoursField(), data=request.data, max_length=MAX_INTERVALS
    )
    serializer.is_valid(raise_exception=True)
    return to_week(serializer.validated_data)


def _preview_response(closing: Closing, request: Request) -> Response:
    """The affected bookings. Their patients are written to the access log."""
    affected = preview_closing(closing, now=now())
    record_patients_listed(patients=[row.booking.patient for row in affected], by=signed_in_user(request))
    return Response(PreviewOutput({"bookings": affected}, context={"request": request}).data)


def _requested_decisions(data: dict[str, Any], *, doctor: Doctor) -> Decisions:
    """The decisions in validated data. Stale outside calendars are read before them."""
    decisions = to_decisions(data)
    read_before_decisions(decisions.bookings, others=decisions.others, doctor=doctor, now=now())
    return decisions


def _record_listed(outcomes: list[Outcome], by: User) -> None:
    record_patients_listed(patients=[outcome.booking.patient for outcome in outcomes], by=by)
