"""`portal/dashboard/`: what staff have to see to besides the visits of the day."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.models import Doctor
from scheduling.calendar.local_times import clinic_day
from scheduling.models import Slot
from scheduling.patients.access_log import record_patients_listed_hourly
from scheduling.staff_home.api.outputs import DashboardOutput, board_row
from scheduling.staff_home.selectors import (
    clock_changes_ahead,
    coming_time_off,
    requests_to_confirm,
    unfilled_slots,
    waiting_entries,
)
from tenants.accounts.models import User
from tenants.accounts.permissions import IsStaff, signed_in_user
from tenants.base.clock import now
from tenants.base.operations import operation

_MAX_REQUESTS = 20
_MAX_TIMES = 8


class DashboardView(APIView):
    """The requests, open times and announcements of the portal's first page."""

    permission_classes = (IsStaff,)

    @operation(summary="Get the dashboard", responses=DashboardOutput)
    def get(self, request: Request) -> Response:
        """Bookings that await approval, times that nobody has booked, coming time off and clock changes.

        For doctors, their own; for admins and receptionists, those of all doctors. `doctor` is null for a
        doctor's account without a doctor record, which an admin has to add.
        """
        user, moment = signed_in_user(request), now()
        doctor = Doctor.objects.filter(user=user).first()
        has_a_view = doctor is not None or user.role != User.Role.DOCTOR
        pending = requests_to_confirm(user, now=moment)
        first = list(pending[:_MAX_REQUESTS])
        record_patients_listed_hourly(patients=[booking.patient for booking in first], by=user, now=moment)
        body = {
            "date": clinic_day(moment),
            "doctor": doctor,
            "requests_count": pending.count(),
            "requests": [],
            "unfilled": _unfilled_days(doctor, has_a_view=has_a_view, now=moment),
            "time_off": coming_time_off(doctor, now=moment) if has_a_view else [],
            "clock_changes": [
                {
                    "local_date": change.instant.astimezone(ZoneInfo(zone)).date(),
                    "time_zone": zone,
                    "shift_minutes": (change.after - change.before) // timedelta(minutes=1),
                }
                for zone, change in clock_changes_ahead(now=moment)
            ],
            "waiting_list": waiting_entries(doctor, now=moment) if has_a_view else 0,
        }
        return Response(DashboardOutput(body).data | {"requests": [board_row(booking) for booking in first]})


def _unfilled_days(doctor: Doctor | None, *, has_a_view: bool, now: datetime) -> list[dict[str, Any]]:
    """Today and tomorrow at the clinic, with the number of unfilled times and the first few of them."""
    today = clinic_day(now)
    days = []
    for day in (today, today + timedelta(days=1)):
        slots = unfilled_slots(doctor, day=day, now=now) if has_a_view else Slot.objects.none()
        days.append({"date": day, "count": slots.count(), "times": slots[:_MAX_TIMES]})
    return days
