"""`portal/outside-calendars/`: the calendars outside the clinic that block a doctor's time."""

import uuid
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.models import Doctor
from scheduling.calendar.api_fields import DoctorFilter
from scheduling.calendar.api_outputs import TimesOutput
from scheduling.calendar.api_requests import requested_doctor
from scheduling.models import OutsideCalendar
from scheduling.outside_calendars.errors import OutsideCalendarLimitReached, OutsideCalendarUnreadable
from scheduling.outside_calendars.refresh import INTERVAL
from scheduling.outside_calendars.selectors import MAX_COLLISIONS, calendars_of, collisions
from scheduling.outside_calendars.services import (
    MAX_CALENDARS,
    PREVIEW,
    add_calendar,
    refresh_now,
    remove_calendar,
    try_source,
    upcoming_count,
)
from scheduling.outside_calendars.sources import MAX_ADDRESS, checked_source
from scheduling.patients.access_log import record_patients_listed
from tenants.accounts.permissions import IsDoctorOrAdmin, signed_in_user
from tenants.accounts.rate_limits import count_request
from tenants.base.clock import now
from tenants.base.errors import NotFound
from tenants.base.fields import LineField, RefuseOtherFields
from tenants.base.operations import operation
from tenants.base.requests import validate

_MINUTE = timedelta(minutes=1)


class SourceInput(RefuseOtherFields, serializers.Serializer[Any]):
    """Where a calendar is."""

    address = LineField(
        max_length=MAX_ADDRESS,
        help_text="The https (or webcal) address of an iCalendar file, or of a CalDAV calendar.",
    )
    user_name = LineField(
        required=False,
        allow_blank=True,
        default="",
        max_length=200,
        help_text="For a CalDAV calendar: the user name. With it the calendar is read by CalDAV.",
    )
    password = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=200,
        trim_whitespace=False,
        help_text="For a CalDAV calendar: an app password.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse half of a login."""
        if attrs["password"] and not attrs["user_name"]:
            raise serializers.ValidationError({"user_name": [_("Enter the user name.")]})
        if attrs["user_name"] and not attrs["password"]:
            raise serializers.ValidationError({"password": [_("Enter the app password.")]})
        return attrs


class OutsideCalendarInput(SourceInput):
    """A calendar to add."""

    name = LineField(max_length=60, help_text="What the doctor calls it, such as “Family”.")


class OutsideCalendarOutput(serializers.ModelSerializer[OutsideCalendar]):
    """An outside calendar. Its address and password are never shown again."""

    state = serializers.SerializerMethodField(
        help_text="`ok`, or `failing` while it cannot be read. Then the busy times that were read last count."
    )
    age_minutes = serializers.SerializerMethodField(help_text="How old the copy is.")
    problem = serializers.CharField(help_text="Why the last attempt failed, for programs; else empty.")
    problem_text = serializers.SerializerMethodField(help_text="Why the last attempt failed, for people.")
    busy_count = serializers.IntegerField(help_text="The busy times in the next two weeks.")

    class Meta:
        model = OutsideCalendar
        fields = [
            "id", "name", "kind", "host", "state", "read_at", "age_minutes", "failing_since", "problem",
            "problem_text", "busy_count", "created_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field({"type": "string", "enum": ["ok", "failing"]})
    def get_state(self, calendar: OutsideCalendar) -> str:
        """Whether the last attempt to read it failed."""
        return "failing" if calendar.problem else "ok"

    def get_age_minutes(self, calendar: OutsideCalendar) -> int | None:
        """The whole minutes since it was read."""
        return None if calendar.read_at is None else max(0, (now() - calendar.read_at) // _MINUTE)

    def get_problem_text(self, calendar: OutsideCalendar) -> str:
        """The problem in the reader's language; empty if there is none."""
        return str(calendar.get_problem_display()) if calendar.problem else ""


class CollisionOutput(TimesOutput):
    """An appointment at a time when the doctor is busy elsewhere."""

    id = serializers.UUIDField()
    patient_name = serializers.CharField(source="patient.full_name")


class OutsideCalendarsOutput(serializers.Serializer[Any]):
    """The outside calendars of a doctor."""

    doctor = serializers.UUIDField()
    calendars = OutsideCalendarOutput(many=True)
    max_calendars = serializers.IntegerField()
    refresh_minutes = serializers.IntegerField(help_text="How often they are read.")
    collisions = CollisionOutput(
        many=True,
        help_text="Upcoming appointments at times when the doctor is busy elsewhere, soonest first.",
    )


@extend_schema_serializer(
    examples=[OpenApiExample("A calendar", response_only=True, value={"busy_count": 12})]
)
class OutsideCalendarTestOutput(serializers.Serializer[Any]):
    """What was found at an address."""

    busy_count = serializers.IntegerField(help_text="The busy times in the next two weeks.")


def _tested_message(data: dict[str, Any]) -> str:
    count = data["busy_count"]
    return ngettext(
        "The calendar can be read. It has %(count)d busy time in the next two weeks.",
        "The calendar can be read. It has %(count)d busy times in the next two weeks.",
        count,
    ) % {"count": count}


def _count_read(request: Request) -> None:
    """Count a request that makes us read a calendar.

    :raises TooManyRequests: the account has made too many of them in this minute
    """
    user = signed_in_user(request)
    count_request("outside calendars by account", address=str(user.pk), now=now())


def _found_calendar(request: Request, calendar_id: uuid.UUID) -> OutsideCalendar:
    """A calendar of the signed-in doctor; for admins, of any doctor.

    :raises NotFound: there is none with that id
    """
    user = signed_in_user(request)
    calendars = OutsideCalendar.objects.select_related("doctor").filter(pk=calendar_id)
    found: OutsideCalendar | None = (
        calendars if user.is_front_desk else calendars.filter(doctor__user=user)
    ).first()
    if found is None:
        raise NotFound
    return found


def _listed(request: Request, doctor: Doctor) -> dict[str, Any]:
    colliding = list(collisions(doctor, now=now()).select_related("patient", "place")[:MAX_COLLISIONS])
    record_patients_listed(patients=[booking.patient for booking in colliding], by=signed_in_user(request))
    listed = {
        "doctor": doctor.pk,
        "calendars": calendars_of(doctor, until=now() + PREVIEW, now=now()),
        "max_calendars": MAX_CALENDARS,
        "refresh_minutes": INTERVAL // _MINUTE,
        "collisions": colliding,
    }
    return dict(OutsideCalendarsOutput(listed).data)


class OutsideCalendarsView(APIView):
    """A doctor's outside calendars."""

    permission_classes = (IsDoctorOrAdmin,)

    @operation(
        summary="List outside calendars",
        parameters=[DoctorFilter],
        responses=OutsideCalendarsOutput,
        errors=[NotFound],
    )
    def get(self, request: Request) -> Response:
        """The calendars outside the clinic whose busy times block the doctor's time, and how old they are.

        Admins name the doctor with `doctor`. Appointments that collide with a busy time are listed, but not
        changed. At most 50 are listed.
        """
        return Response(_listed(request, requested_doctor(request)))

    @operation(
        summary="Add an outside calendar",
        parameters=[DoctorFilter],
        request=OutsideCalendarInput,
        responses={201: OutsideCalendarsOutput},
        success=_("Calendar added. Its busy times can no longer be booked."),
        errors=[NotFound, OutsideCalendarUnreadable, OutsideCalendarLimitReached],
    )
    def post(self, request: Request) -> Response:
        """Read a calendar and add it. Only the busy times are stored, without titles.

        Events that are cancelled, or marked as free, do not count. Whole days last from midnight to midnight
        where the doctor works. The calendar is read every 15 minutes, and before a booking if the copy is
        older than ten minutes.
        """
        data = validate(OutsideCalendarInput, request.data)
        doctor, name = requested_doctor(request), data.pop("name")
        source = checked_source(**data)
        _count_read(request)
        add_calendar(doctor=doctor, name=name, source=source, by=signed_in_user(request), now=now())
        return Response(_listed(request, doctor), status=status.HTTP_201_CREATED)


class TestOutsideCalendarView(APIView):
    """Test an address."""

    permission_classes = (IsDoctorOrAdmin,)

    @operation(
        summary="Test an outside calendar",
        parameters=[DoctorFilter],
        request=SourceInput,
        responses=OutsideCalendarTestOutput,
        success=_tested_message,
        errors=[NotFound, OutsideCalendarUnreadable],
    )
    def post(self, request: Request) -> Response:
        """Read a calendar without adding it, and count its busy times."""
        data, doctor = validate(SourceInput, request.data), requested_doctor(request)
        source = checked_source(**data)
        _count_read(request)
        _request, reading = try_source(source, doctor=doctor, now=now())
        return Response(OutsideCalendarTestOutput({"busy_count": upcoming_count(reading, now=now())}).data)


class OutsideCalendarView(APIView):
    """One outside calendar."""

    permission_classes = (IsDoctorOrAdmin,)

    @operation(
        summary="Remove an outside calendar",
        responses={200: OutsideCalendarsOutput},
        success=_("Calendar removed. Its busy times can be booked again."),
    )
    def delete(self, request: Request, calendar_id: uuid.UUID) -> Response:
        """Remove the calendar and its busy times."""
        calendar = _found_calendar(request, calendar_id)
        remove_calendar(calendar=calendar, by=signed_in_user(request), now=now())
        return Response(_listed(request, calendar.doctor))


class RefreshOutsideCalendarView(APIView):
    """Read an outside calendar now."""

    permission_classes = (IsDoctorOrAdmin,)

    @operation(
        summary="Refresh an outside calendar",
        request=None,
        responses=OutsideCalendarsOutput,
        errors=[OutsideCalendarUnreadable],
        success=_("Calendar read."),
    )
    def post(self, request: Request, calendar_id: uuid.UUID) -> Response:
        """Read the calendar now. If that fails, the busy times that were read last stay."""
        calendar = _found_calendar(request, calendar_id)
        _count_read(request)
        refresh_now(calendar, now=now())
        calendar.refresh_from_db()
        if calendar.problem:
            raise OutsideCalendarUnreadable(
                {"problem": calendar.problem}, errors={"calendar": [calendar.get_problem_display()]}
            )
        return Response(_listed(request, calendar.doctor))
