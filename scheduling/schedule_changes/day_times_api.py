"""`portal/hours/days/` and `portal/hours/preview-times/`: days of a schedule, and their number of times."""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.models import Doctor
from scheduling.calendar.api_fields import DoctorFilter
from scheduling.calendar.api_requests import requested_doctor
from scheduling.calendar.local_times import clinic_day
from scheduling.clock.planning import Hours
from scheduling.hours.checks import check_new_week, in_zones_of_places
from scheduling.hours.day_times import schedule_days, times_by_day
from scheduling.hours.selectors import ProposedHours
from scheduling.hours.services import planner_errors_as_field_errors
from scheduling.models import Place
from scheduling.schedule_changes.api_serializers import to_exception_change, to_week
from scheduling.schedule_changes.day_times_serializers import (
    MAX_DAYS,
    DaysFilters,
    ScheduleDaysOutput,
    TimesPreviewInput,
    TimesPreviewOutput,
)
from scheduling.schedule_changes.services import check_change, planned_change
from tenants.accounts.permissions import IsDoctorOrAdmin, IsStaff
from tenants.base.clock import now, time_zone_label
from tenants.base.errors import InvalidInput, NotFound
from tenants.base.operations import operation
from tenants.base.requests import query_params, validate
from tenants.current import current_clinic

_SIX_WEEKS = 42
_TWO_WEEKS = 14


class ScheduleDaysView(APIView):
    """The days of a doctor's schedule."""

    permission_classes = (IsStaff,)

    @operation(
        summary="List the days of a schedule",
        parameters=[DaysFilters],
        responses=ScheduleDaysOutput,
        errors=[NotFound],
    )
    def get(self, request: Request) -> Response:
        """The days with their hours, number of times, holidays, exceptions, time off and clock changes.

        Also lists the places at which a doctor can work.
        """
        doctor = requested_doctor(request)
        filters = validate(DaysFilters, query_params(request))
        first = filters.get("from") or clinic_day(now())
        last = filters.get("to") or first + timedelta(days=_SIX_WEEKS - 1)
        if not first <= last < first + timedelta(days=MAX_DAYS):
            raise InvalidInput(
                errors={"to": [_("Choose a last day that is at most 62 days after the first day.")]}
            )
        days = schedule_days(doctor, first=first, last=last, now=now())
        places = Place.objects.filter(is_active=True).order_by("name", "id")
        return Response(ScheduleDaysOutput({**_clinic_zone(), "days": days, "places": places}).data)


class TimesPreviewView(APIView):
    """The number of times under hours that are not saved yet."""

    permission_classes = (IsDoctorOrAdmin,)

    @operation(
        summary="Preview the times of new hours",
        parameters=[DoctorFilter],
        request=TimesPreviewInput,
        responses=TimesPreviewOutput,
        success=_("This is a preview. Nothing has been changed."),
        errors=[NotFound],
    )
    def post(self, request: Request) -> Response:
        """Compare the number of times in two weeks under the stored and under new hours. Changes nothing.

        Booked times are counted, times added by hand are not. To see which appointments are outside the new
        hours, use `appointments/working-hours/preview/`.
        """
        doctor, data = requested_doctor(request), validate(TimesPreviewInput, request.data)
        first = data.get("from") or clinic_day(now())
        last = first + timedelta(days=_TWO_WEEKS - 1)
        before = times_by_day(doctor, first=first, last=last, now=now())
        after = schedule_days(doctor, first=first, last=last, proposed=_proposed(doctor, data), now=now())
        days = [{"day": day, "before": before[day.date]} for day in after]
        totals = {"before": before.total(), "after": sum(day.times for day in after)}
        return Response(TimesPreviewOutput({**_clinic_zone(), **totals, "days": days}).data)


def _proposed(doctor: Doctor, data: dict[str, Any]) -> ProposedHours:
    """The new hours in validated data.

    :raises InvalidInput: they are invalid, as in a change of the hours
    """
    week: list[Hours] | None = None if data["hours"] is None else to_week(data["hours"])
    if week is not None:
        with planner_errors_as_field_errors("hours"):
            check_new_week(doctor, week, now=now())
        week = in_zones_of_places(week)
    days: dict[date, Any] = {}
    for row in data["exceptions"]:
        change = to_exception_change(row)
        if week is None:
            check_change(doctor, change)
        days[change.day] = planned_change(doctor, change)
    return ProposedHours(week=week, exceptions=days)


def _clinic_zone() -> dict[str, str]:
    zone = current_clinic().time_zone
    return {"time_zone": zone, "tz_label": time_zone_label(zone)}
