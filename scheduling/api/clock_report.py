"""`appointments/clock-report/`: what clock changes and new zone data do to appointments."""

from datetime import timedelta
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.selectors import doctor_of
from scheduling.api.serializers import TimesOutput
from scheduling.selectors.clock_report import ReportedChange, clock_report
from tenants.accounts.models import User
from tenants.accounts.permissions import IsStaff, user_of
from tenants.base.clock import now


class ReportedTimeOutput(TimesOutput):
    """A slot or an appointment, without its patient."""

    id = serializers.UUIDField()
    doctor = serializers.UUIDField(source="doctor_id")
    doctor_name = serializers.CharField(source="doctor.display_name")
    place = serializers.UUIDField(source="place_id", allow_null=True)


class MovedSeriesOutput(serializers.Serializer[Any]):
    """Recurring visits on both sides of a change."""

    series = serializers.UUIDField()
    doctor = serializers.UUIDField()
    doctor_name = serializers.CharField()
    local_time = serializers.CharField()
    before = serializers.UUIDField(help_text="The last appointment before the change.")
    after = serializers.UUIDField(help_text="The first after it.")
    shift_minutes = serializers.IntegerField(help_text="By how much longer the time between the two is.")


class ReportedChangeOutput(serializers.Serializer[Any]):
    """A change of a clock."""

    instant = serializers.DateTimeField(source="change.instant")
    time_zone = serializers.CharField(source="zone")
    places = serializers.ListField(
        child=serializers.UUIDField(allow_null=True), help_text="None: the clinic's own address."
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
        """Before the change."""
        return reported.change.before // timedelta(minutes=1)

    def get_offset_after(self, reported: ReportedChange) -> int:
        """From it on."""
        return reported.change.after // timedelta(minutes=1)


class MovedBookingOutput(serializers.Serializer[Any]):
    """An appointment that the clock will show at another time than its patient was told."""

    booking = serializers.UUIDField()
    doctor = serializers.UUIDField()
    doctor_name = serializers.CharField()
    starts_at = serializers.DateTimeField()
    time_zone = serializers.CharField(source="zone")
    local_date = serializers.DateField(source="on")
    told = serializers.CharField()
    shown = serializers.CharField()


class ClockReportOutput(serializers.Serializer[Any]):
    """All of it, soonest first."""

    until = serializers.DateField()
    changes = ReportedChangeOutput(many=True)
    moved = MovedBookingOutput(many=True)
    unfitting = ReportedTimeOutput(many=True, help_text="Booked slots outside the hours.")


class ClockReportView(APIView):
    """What the clocks do."""

    permission_classes = (IsStaff,)

    @extend_schema(responses=ClockReportOutput)
    def get(self, request: Request) -> Response:
        """Coming clock changes with what lies beside them, and appointments that new zone data has moved.

        Doctors read of their own, who is at the desk of all.
        """
        user = user_of(request)
        doctor = doctor_of(user) if user.role == User.Role.DOCTOR else None
        return Response(ClockReportOutput(clock_report(doctor=doctor, now=now())).data)
