"""`portal/calendar/`: the calendar of the staff portal."""

from collections.abc import Sequence
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinics.models import Doctor
from clinics.selectors import get_doctor
from scheduling.calendar.api_fields import CalendarDate
from scheduling.calendar.etags import unchanged_response
from scheduling.calendar.local_times import clinic_day
from scheduling.patients.access_log import record_patients_listed_hourly
from scheduling.staff_calendar.api.outputs import CalendarOutput
from scheduling.staff_calendar.selectors import Calendar, doctor_calendar
from scheduling.staff_calendar.version import calendar_version
from tenants.accounts.models import User
from tenants.accounts.permissions import IsStaff, signed_in_user
from tenants.base.clock import now, time_zone_label
from tenants.base.errors import InvalidInput, NotFound
from tenants.base.operations import operation
from tenants.base.requests import validate
from tenants.current import current_clinic

MAX_DOCTORS = 8
_MAX_DAYS = 7
_MAX_CELLS = 16
"""The most days of doctors in an answer: a day of eight doctors, or a week of two."""


class CalendarFilters(serializers.Serializer[Any]):
    """Query parameters of the calendar."""

    doctor = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        max_length=MAX_DOCTORS,
        help_text="The doctors' ids: repeat the parameter, at most 8 times. Required for the front desk; "
        "doctors can only name themselves.",
    )

    def get_fields(self) -> dict[str, Any]:
        """Add `from`, a Python keyword that cannot be declared as a field."""
        return {
            **super().get_fields(),
            "from": CalendarDate(required=False, help_text="The first day. Today by default."),
            "to": CalendarDate(
                required=False,
                help_text="The last day. By default the same as `from`. At most 7 days for two doctors, and "
                "at most 16 days of doctors altogether.",
            ),
        }


class CalendarView(APIView):
    """The calendar of one or several doctors."""

    permission_classes = (IsStaff,)

    @operation(
        summary="Get the calendar",
        parameters=[CalendarFilters],
        responses=CalendarOutput,
        errors=[NotFound],
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Days of one or several doctors, complete: every visit in any state, holds, free time, time off.

        Doctors see their own calendar, the front desk that of any doctors. `minute` is a position in real
        minutes since the clinic's day began, so that a day of 25 hours can be drawn. Send the ETag as
        `If-None-Match` to get a 304 if nothing has changed.
        """
        user, moment = signed_in_user(request), now()
        filters = validate(CalendarFilters, request.query_params)
        first = filters.get("from") or min(clinic_day(moment), filters.get("to") or clinic_day(moment))
        last = filters.get("to") or first
        doctors = _requested_doctors(user, filters.get("doctor", []))
        _check_size(days=(last - first).days + 1, doctors=len(doctors))
        version = calendar_version([doctor.pk for doctor in doctors], first=first, last=last, now=moment)
        etag = f'"{version}"'
        unchanged = unchanged_response(request, etag=etag)
        if unchanged is not None:
            return unchanged
        calendar = doctor_calendar(doctors, first=first, last=last, now=moment)
        _record_patients(calendar, by=user)
        return Response(_output(calendar), headers={"ETag": etag})


def _requested_doctors(user: User, ids: Sequence[Any]) -> list[Doctor]:
    """The doctors in the order of the request.

    :raises InvalidInput: somebody of the front desk named no doctor
    :raises NotFound: there is no such doctor, or a doctor names another one
    """
    if user.role == User.Role.DOCTOR:
        own = get_doctor(user)
        if set(ids) - {own.pk}:
            raise NotFound
        return [own]
    if not ids:
        raise InvalidInput(errors={"doctor": [_("Choose a doctor: add the parameter doctor with an id.")]})
    found = {doctor.pk: doctor for doctor in Doctor.objects.filter(pk__in=ids)}
    if len(found) < len(set(ids)):
        raise NotFound
    return [found[pk] for pk in dict.fromkeys(ids)]


def _check_size(*, days: int, doctors: int) -> None:
    """Check that the answer is not too large.

    :raises InvalidInput: the last day is before the first, or there are too many days
    """
    if days < 1:
        raise InvalidInput(errors={"to": [_("The last day is before the first day. Choose a later one.")]})
    most = min(_MAX_DAYS, _MAX_CELLS // max(doctors, 1))
    if days > most:
        message = _("The period is too long for %(doctors)d doctors. Choose at most %(days)d days.")
        raise InvalidInput(errors={"to": [message % {"doctors": doctors, "days": most}]})


def _record_patients(calendar: Calendar, *, by: User) -> None:
    """Write the patients that the calendar shows to the access log: those of bookings, not of holds."""
    days = [day for column in calendar.doctors for day in column.days]
    bookings = [visit.booking for day in days for visit in day.visits]
    patients = [booking.patient for booking in bookings if not booking.only_held]
    record_patients_listed_hourly(patients=patients, by=by, now=now())


def _output(calendar: Calendar) -> dict[str, Any]:
    zone = current_clinic().time_zone
    shown = {"days": calendar.days, "doctors": calendar.doctors}
    times = {"time_zone": zone, "tz_label": time_zone_label(zone)}
    return dict(CalendarOutput({**times, **shown}).data)
