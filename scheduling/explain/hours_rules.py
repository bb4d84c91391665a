"""Explain why a doctor has no slot at a time: hours, exceptions, holidays, time off and slot starts."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from clinics.models import Doctor
from clinics.selectors import clinic_settings
from scheduling.calendar.holidays import closed_days
from scheduling.calendar.local_times import clinic_day
from scheduling.clock.planning import MAX_CALENDAR_DIFFERENCE, Hours, format_clock, slots_in
from scheduling.clock.planning import DatedException as PlannedException
from scheduling.explain.reasons import Reason, format_day, format_local_time
from scheduling.hours.selectors import (
    exceptions,
    exceptions_by_day,
    time_off_around,
    time_off_by_place,
    to_time_off_spec,
    weekly_hours,
    working_periods,
)
from scheduling.models import Slot
from tenants.base.clock import day_start
from tenants.current import current_clinic


class PlannedSlot(NamedTuple):
    """A slot by the doctor's hours, which need not exist."""

    starts_at: datetime
    ends_at: datetime
    place: UUID | None


def planned_slot(doctor: Doctor, at: datetime) -> PlannedSlot | None:
    """The slot that starts at `at` by the doctor's hours, regardless of time off and removed times."""
    day = clinic_day(at)
    periods = working_periods(doctor, first=day, last=day)
    slots = (PlannedSlot(*slot, period.place) for period in periods for slot in slots_in(period))
    return next((slot for slot in slots if slot.starts_at == at), None)


def hours_and_time_off_reasons(
    doctor: Doctor, begins: datetime, ends: datetime, *, place: UUID | None
) -> list[Reason]:
    """Why the doctor does not work from `begins` to `ends`: hours, exceptions, holidays and time off.

    :param place: the place of the slot, whose local time decides whether time off covers it
    """
    return [*_reasons_not_working(doctor, begins), *_time_off_reasons(doctor, begins, ends, place=place)]


def _reasons_not_working(doctor: Doctor, at: datetime) -> list[Reason]:
    """Why the doctor does not work at an instant, in the local times of the clinic and its places."""
    zone, day, week = current_clinic().zone, clinic_day(at), weekly_hours(doctor)
    around = (day - MAX_CALENDAR_DIFFERENCE, day + MAX_CALENDAR_DIFFERENCE)
    day_exceptions = exceptions_by_day(exceptions(doctor).filter(day__range=around))
    closed = closed_days(clinic_settings(), first=around[0], last=around[1])
    weekly_dates = [_local_date(hours, at, zone) for hours in week if _weekly_hours_cover(hours, at, zone)]
    replaced_days = {*day_exceptions, *closed}
    works_by_week = any(on not in replaced_days for on in weekly_dates)
    if works_by_week or any(_exception_covers(exception, at, zone) for exception in day_exceptions.values()):
        return []
    reasons = []
    if not weekly_dates and day not in day_exceptions:
        reasons.append(_outside_hours(week, day))
    for on in sorted({day, *weekly_dates}):
        if on in day_exceptions:
            reasons.append(_exception_reason(day_exceptions[on]))
        elif on in closed:
            message = _("The clinic is closed on %(day)s: %(holiday)s.") % {
                "day": format_day(on),
                "holiday": closed[on] or _("clinic holiday"),
            }
            reasons.append(Reason("holiday", message, {"date": on.isoformat(), "name": closed[on]}))
    return reasons


def _local_date(hours: Hours, at: datetime, zone: ZoneInfo) -> date:
    """The local date at an instant at the place of the hours."""
    return at.astimezone(hours.zone or zone).date()


def _weekly_hours_cover(hours: Hours, at: datetime, zone: ZoneInfo) -> bool:
    """Whether an instant is within weekly hours, in the local time of their place."""
    local = at.astimezone(hours.zone or zone)
    return hours.applies_on(local.date()) and hours.opens <= local.hour * 60 + local.minute < hours.closes


def _exception_covers(exception: PlannedException, at: datetime, zone: ZoneInfo) -> bool:
    """Whether an instant is within the hours of an exception, in the local time of their place."""
    local = at.astimezone(exception.zone or zone)
    minutes = local.hour * 60 + local.minute
    covered = any(opens <= minutes < closes for opens, closes in exception.intervals)
    return local.date() == exception.day and covered


def _outside_hours(week: list[Hours], day: date) -> Reason:
    """The reason that the weekly hours do not cover the time. The message contains the day's hours."""
    hours = sorted((item.opens, item.closes) for item in week if item.applies_on(day))
    values = {"day": format_day(day), "hours": _format_intervals(hours)}
    message = (
        _("This is outside the doctor's hours. On %(day)s they are %(hours)s.")
        if hours
        else _("The doctor does not work on %(day)s.")
    )
    return Reason(
        "outside_hours", message % values, {"date": day.isoformat(), "hours": _interval_details(hours)}
    )


def _exception_reason(exception: PlannedException) -> Reason:
    """The reason that a dated exception replaces the weekly hours."""
    values = {"day": format_day(exception.day), "hours": _format_intervals(exception.intervals)}
    message = (
        _("On %(day)s the doctor has different hours: %(hours)s.")
        if exception.intervals
        else _("The doctor does not work on %(day)s.")
    )
    details = {"date": exception.day.isoformat(), "hours": _interval_details(exception.intervals)}
    return Reason("exception", message % values, details)


def _format_intervals(intervals: Any) -> str:
    return ", ".join(f"{format_clock(opens)}-{format_clock(closes)}" for opens, closes in intervals)


def _interval_details(intervals: Any) -> list[list[str]]:
    return [[format_clock(opens), format_clock(closes)] for opens, closes in intervals]


def _time_off_reasons(
    doctor: Doctor, begins: datetime, ends: datetime, *, place: UUID | None
) -> Iterator[Reason]:
    """The time off, of the doctor or the whole clinic, that overlaps a period at a place."""
    first, last = clinic_day(begins), clinic_day(ends)
    for row in time_off_around(doctor, first=first, last=last):
        if time_off_by_place([to_time_off_spec(row)], first=first, last=last).overlap((begins, ends), place):
            message = (
                _("The doctor is away at this time.")
                if row.doctor_id
                else _("The clinic is closed at this time.")
            )
            details = {
                "time_off": str(row.pk),
                "of": "doctor" if row.doctor_id else "clinic",
                "from": row.first_on.isoformat(),
                "to": row.last_on and row.last_on.isoformat(),
                "opens": format_clock(row.opens),
                "closes": format_clock(row.closes),
                "note": row.note,
            }
            yield Reason("time_off", message, details)


def no_slot_reason(doctor: Doctor, at: datetime) -> Reason:
    """The reason that no slot starts at `at`. The message contains the nearest starts of that day."""
    zone, day = current_clinic().zone, clinic_day(at)
    free = Slot.objects.offered().filter(
        doctor=doctor,
        starts_at__gte=day_start(day, zone),
        starts_at__lt=day_start(day + timedelta(days=1), zone),
    )
    before = free.filter(starts_at__lt=at).order_by("-starts_at").first()
    after = free.filter(starts_at__gt=at).order_by("starts_at").first()
    neighbours = [slot for slot in (before, after) if slot]
    times = [format_local_time(slot.starts_at) for slot in neighbours]
    message = {
        0: _("No appointment starts at this time."),
        1: _("No appointment starts at this time. The nearest on that day starts at %(one)s."),
        2: _("No appointment starts at this time. The nearest on that day start at %(one)s and %(two)s."),
    }[len(times)]
    values = dict(zip(("one", "two"), times, strict=False))
    return Reason("no_slot", message % values, {"neighbours": [str(slot.pk) for slot in neighbours]})
