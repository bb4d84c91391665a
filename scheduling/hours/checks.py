"""Check new hours against each other and against the doctor's other hours, in real time."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from clinics.models import Doctor
from clinics.selectors import clinic_settings
from scheduling.calendar.holidays import closed_days
from scheduling.calendar.local_times import clinic_day
from scheduling.clock.overlaps import check_real_time, find_overlaps, refuse_first
from scheduling.clock.planning import MAX_CALENDAR_DIFFERENCE, Hours, HoursRefused, Interval, check_week
from scheduling.clock.planning import DatedException as PlannedException
from scheduling.hours.selectors import exceptions, exceptions_by_day, weekly_hours
from scheduling.models import Place
from tenants.base.clock import format_date_with_weekday
from tenants.base.weekdays import Weekday
from tenants.current import current_clinic

_MARGIN = 2 * MAX_CALENDAR_DIFFERENCE
"""Hours of days that are further apart cannot overlap in real time, whatever their time zones."""


def check_new_week(doctor: Doctor, week: Sequence[Hours], *, now: datetime) -> None:
    """Check weekly hours before they replace the doctor's, also with the doctor's coming exceptions.

    :raises HoursRefused: as `check_week`; or intervals in different time zones overlap in real time
    """
    zone, today = current_clinic().zone, clinic_day(now)
    week = in_zones_of_places(week)
    check_week(week)
    check_real_time(hours=week, zone=zone, first=today)
    coming = {} if doctor._state.adding else _exceptions_from(doctor, today)
    for day in coming:
        _refuse_overlaps_on(day, week, coming, zone)


def check_new_exception(doctor: Doctor, day: date, planned: PlannedException | None) -> None:
    """Check the hours of one date before they apply, against those of the days around it.

    :param planned: the hours of the date; None: its exception is removed, and the weekly hours apply again
    :raises HoursRefused: they overlap hours in another time zone
    """
    around = (day - _MARGIN, day + _MARGIN)
    closed = closed_days(clinic_settings(), first=around[0], last=around[1])
    others = exceptions_by_day(exceptions(doctor).filter(day__range=around).exclude(day=day))
    planned_days = {each: PlannedException(each, (), 0) for each in closed} | others
    if planned is not None:
        planned_days[day] = planned
    _refuse_overlaps_on(day, weekly_hours(doctor), planned_days, current_clinic().zone)


def planned_exception(
    day: date, intervals: Sequence[Interval], slot_minutes: int, *, place: uuid.UUID | None
) -> PlannedException:
    """The hours of one date for the planner, in the time zone of the place."""
    zone = _zones().get(place) if place else None
    return PlannedException(day, tuple(intervals), slot_minutes, zone=zone, place=place)


def refusal_message(error: HoursRefused) -> str:
    """The planner's error in the active language, with the name of its day."""
    params = {
        name: format_date_with_weekday(value) if isinstance(value, date) else value
        for name, value in error.params.items()
    }
    reason = _(error.message) % params
    if error.weekday is None:
        return reason
    return _("%(day)s: %(reason)s") % {"day": Weekday(error.weekday).label, "reason": reason}


def in_zones_of_places(week: Sequence[Hours]) -> list[Hours]:
    """The hours, each in the time zone of its place."""
    zones = _zones()
    return [replace(item, zone=zones.get(item.place) if item.place else None) for item in week]


def _zones() -> dict[uuid.UUID, ZoneInfo]:
    """The time zone of every place, by the place's id."""
    return {pk: ZoneInfo(name) for pk, name in Place.objects.values_list("pk", "time_zone")}


def _exceptions_from(doctor: Doctor, today: date) -> dict[date, PlannedException]:
    return exceptions_by_day(exceptions(doctor).filter(day__gte=today - MAX_CALENDAR_DIFFERENCE))


def _refuse_overlaps_on(
    day: date, week: Sequence[Hours], planned: Mapping[date, PlannedException], zone: ZoneInfo
) -> None:
    """Refuse hours of one date that overlap others. Overlaps of other dates are not this change's.

    :raises HoursRefused: they overlap
    """
    found = find_overlaps(hours=week, exceptions=planned, zone=zone, first=day - _MARGIN, last=day + _MARGIN)
    refuse_first((each for each in found if day in (each.earlier_day, each.later_day)), zone)
