"""`appointments/clock-report/`: the effect of clock changes and new time zone data on appointments."""

from datetime import timedelta
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.selectors import get_doctor
from scheduling.calendar.api_outputs import TimesOutput
from scheduling.clock_report.selectors import ReportedChange, clock_report
from tenants.accounts.models import User
from tenants.accounts.permissions import IsStaff, signed_in_user
from tenants.base.clock import now
from tenants.base.operations import operation


class ReportedTimeOutput(TimesOutput):
    """A slot or booking, without its patient."""

    id = serializers.UUIDField()
    doctor = serializers.UUIDField(source="doctor_id")
    doctor_name = serializers.CharField(source="doctor.display_name")
    place = serializers.UUIDField(source="place_id", allow_null=True)


class MovedSeriesOutput(serializers.Serializer[Any]):
    """A series with visits before and after a clock change."""

    series = serializers.UUIDField()
    doctor = serializers.UUIDField()
    doctor_name = serializers.CharField()
    local_time = serializers.CharField()
    before = serializers.UUIDField(help_text="Id of the last booking before the change.")
    after = serializers.UUIDField(help_text="Id of the first booking after the change.")
    shift_minutes = serializers.IntegerField(
        help_text="How many minutes longer the interval between the two is because of the change."
    )


class ReportedChangeOutput(serializers.Serializer[Any]):
    """A clock change."""

    instant = serializers.DateTimeField(source="change.instant")
    time_zone = serializers.CharField(source="zone")
    places = serializers.ListField(
        child=serializers.UUIDField(allow_null=True), help_text="Null for the clinic's own address."
    )
    local_date = serializers.DateField(source="on")
    offset_before = serializers.SerializerMethodField(help_text="Minutes from UTC.")
    offset_after = serializers.SerializerMethodField()
    skipped = serializers.ListField(child=serializers.CharField(), allow_null=True)
    doubled = serializers.ListField(child=serializers.CharField(), allow_null=True)
    slots = ReportedTimeOutput(many=True)
    bookings = ReportedTimeOutput(many=True)
    series = MovedSeriesOutput(many=True)

    def get_offset_before(self, reported: ReportedChange) -> int:
        """Minutes from UTC before the change."""
        return reported.change.before // timedelta(minutes=1)

    def get_offset_after(self, reported: ReportedChange) -> int:
        """Minutes from UTC after the change."""
        return reported.change.after // timedelta(minutes=1)


class MovedBookingOutput(serializers.Serializer[Any]):
    """A booking whose local time differs from the one its patient was given, because of new zone data."""

    booking = serializers.UUIDField()
    doctor = serializers.UUIDField()
    doctor_name = serializers.CharField()
    starts_at = serializers.DateTimeField()
    time_zone = serializers.CharField(source="zone")
    local_date = serializers.DateField(source="on")
    told = serializers.CharField()
    shown = serializers.CharField()


class ClockReportOutput(serializers.Serializer[Any]):
    """Clock changes and affected bookings, soonest first."""

    until = serializers.DateField()
    changes = ReportedChangeOutput(many=True)
    moved = MovedBookingOutput(many=True)
    unfitting = ReportedTimeOutput(many=True, help_text="Booked slots outside the working hours.")


class ClockReportView(APIView):
    """Clock changes and their effects."""

    permission_classes = (IsStaff,)

    @operation(summary="Get the clock-change report", responses=ClockReportOutput)
    def get(self, request: Request) -> Response:
        """Upcoming clock changes with the slots and bookings near them.

        Also lists bookings that new time zone data has moved to another local time, and booked slots outside
        the working hours. Doctors see their own schedule, admins and receptionists see all.
        """
        user = signed_in_user(request)
        doctor = get_doctor(user) if user.role == User.Role.DOCTOR else None
        return Response(ClockReportOutput(clock_report(doctor=doctor, now=now())).data)
