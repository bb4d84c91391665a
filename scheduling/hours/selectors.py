"""A doctor's working hours and time off, in the form that `planning` uses."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from clinics.models import Doctor
from clinics.selectors import clinic_settings
from scheduling.calendar.holidays import closed_days
from scheduling.clock.planning import CALENDARS_APART, Hours, Run, Weeks, plan_runs
from scheduling.clock.planning import DatedException as PlannedException
from scheduling.clock.time_off import Off, Period, off_periods, without
from scheduling.models import DatedException, TimeOff, WorkingHours
from tenants.current import current_clinic

_DAY = timedelta(days=1)


def working_hours(doctor: Doctor) -> QuerySet[WorkingHours]:
    """The doctor's weekly hours, by weekday and opening time."""
    return WorkingHours.objects.filter(doctor=doctor).order_by("weekday", "opens", "valid_from")


def exceptions(doctor: Doctor) -> QuerySet[DatedException]:
    """The doctor's dated exceptions, by day."""
    return DatedException.objects.filter(doctor=doctor).order_by("day").prefetch_related("intervals", "place")


def week_of(doctor: Doctor) -> list[Hours]:
    """The doctor's weekly hours for the planner, without those at places no longer in use."""
    return [
        Hours(
            weekday=row.weekday,
            opens=row.opens,
            closes=row.closes,
            slot_minutes=row.slot_minutes,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            weeks=Weeks(row.weeks),
            zone=row.place.zone if row.place else None,
            place=row.place_id,
        )
        for row in working_hours(doctor).exclude(place__is_active=False).select_related("place")
    ]


def by_day(rows: Iterable[DatedException]) -> dict[date, PlannedException]:
    """Dated exceptions for the planner, by day. At a place no longer in use the doctor is off."""
    return {
        row.day: PlannedException(
            day=row.day,
            intervals=tuple((interval.opens, interval.closes) for interval in row.intervals.all())
            if row.place is None or row.place.is_active
            else (),
            slot_minutes=row.slot_minutes,
            zone=row.place.zone if row.place else None,
            place=row.place_id,
        )
        for row in rows
    }


def planned_runs(doctor: Doctor, *, first: date, last: date) -> Iterator[Run]:
    """The doctor's working periods on the clinic's days `first` to `last` (inclusive), without time off."""
    periods = runs_of_hours(doctor, first=first, last=last)
    yield from without(periods, times_off(doctor, first=first, last=last))


def runs_of_hours(doctor: Doctor, *, first: date, last: date) -> Iterator[Run]:
    """The working periods by the doctor's hours, time off not subtracted.

    Holidays are closed days, unless the doctor has an exception for that day.
    """
    zone = current_clinic().zone
    around = (first - CALENDARS_APART, last + CALENDARS_APART)
    closed = closed_days(clinic_settings(), first=around[0], last=around[1])
    return plan_runs(
        hours=week_of(doctor),
        exceptions={day: PlannedException(day, (), 0) for day in closed}
        | by_day(exceptions(doctor).filter(day__range=around)),
        zone=zone,
        first=first,
        last=last,
    )


def times_off(doctor: Doctor, *, first: date, last: date) -> list[Period]:
    """The time off of the doctor and the clinic on those days, and on a day before and after them."""
    offs = [as_off(row) for row in standing_off(doctor, first=first, last=last)]
    return off_periods(offs, zone=current_clinic().zone, first=first - _DAY, last=last + _DAY)


def standing_off(doctor: Doctor, *, first: date, last: date) -> QuerySet[TimeOff]:
    """The time off of the doctor and the clinic that may apply on those days, or a day before or after."""
    in_force = TimeOff.objects.standing().of(doctor).filter(first_on__lte=last + _DAY)
    return in_force.filter(Q(last_on=None) | Q(last_on__gte=first - _DAY)).order_by("first_on", "opens", "id")


def as_off(row: TimeOff) -> Off:
    """Time off in the form that `scheduling.clock.time_off` uses."""
    return Off(
        first=row.first_on,
        last=row.last_on,
        opens=row.opens,
        closes=row.closes,
        weekdays=frozenset(row.weekdays),
    )
