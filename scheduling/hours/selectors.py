"""A doctor's working hours and time off, in the form that `scheduling.clock` uses."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from clinics.models import Doctor
from clinics.selectors import clinic_settings
from scheduling.calendar.holidays import closed_days
from scheduling.clock.planning import (
    MAX_CALENDAR_DIFFERENCE,
    Hours,
    Weeks,
    WorkingPeriod,
    plan_working_periods,
)
from scheduling.clock.planning import DatedException as PlannedException
from scheduling.clock.time_off import Period, TimeOffSpec, subtract_periods, time_off_periods
from scheduling.models import DatedException, TimeOff, WorkingHours
from tenants.current import current_clinic

_DAY = timedelta(days=1)


def working_hours(doctor: Doctor) -> QuerySet[WorkingHours]:
    """The doctor's weekly hours, by weekday and opening time."""
    return WorkingHours.objects.filter(doctor=doctor).order_by("weekday", "opens", "valid_from")


def exceptions(doctor: Doctor) -> QuerySet[DatedException]:
    """The doctor's dated exceptions, by day."""
    return DatedException.objects.filter(doctor=doctor).order_by("day").prefetch_related("intervals", "place")


def weekly_hours(doctor: Doctor) -> list[Hours]:
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


def exceptions_by_day(rows: Iterable[DatedException]) -> dict[date, PlannedException]:
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


def planned_working_periods(doctor: Doctor, *, first: date, last: date) -> Iterator[WorkingPeriod]:
    """The doctor's working periods on the clinic's days `first` to `last` (inclusive), without time off."""
    periods = working_periods(doctor, first=first, last=last)
    yield from subtract_periods(periods, doctor_time_off_periods(doctor, first=first, last=last))


def working_periods(doctor: Doctor, *, first: date, last: date) -> Iterator[WorkingPeriod]:
    """The doctor's working periods on the clinic's days `first` to `last` (inclusive), time off included.

    Holidays are closed days, unless the doctor has an exception for that day.
    """
    zone = current_clinic().zone
    around = (first - MAX_CALENDAR_DIFFERENCE, last + MAX_CALENDAR_DIFFERENCE)
    closed = closed_days(clinic_settings(), first=around[0], last=around[1])
    return plan_working_periods(
        hours=weekly_hours(doctor),
        exceptions={day: PlannedException(day, (), 0) for day in closed}
        | exceptions_by_day(exceptions(doctor).filter(day__range=around)),
        zone=zone,
        first=first,
        last=last,
    )


def doctor_time_off_periods(doctor: Doctor, *, first: date, last: date) -> list[Period]:
    """The time off of the doctor and the clinic on those days, and on a day before and after them."""
    specs = [to_time_off_spec(row) for row in time_off_around(doctor, first=first, last=last)]
    return time_off_periods(specs, zone=current_clinic().zone, first=first - _DAY, last=last + _DAY)


def time_off_around(doctor: Doctor, *, first: date, last: date) -> QuerySet[TimeOff]:
    """The time off of the doctor and the clinic that may apply on those days, or a day before or after."""
    in_force = TimeOff.objects.standing().applying_to(doctor).filter(first_on__lte=last + _DAY)
    return in_force.filter(Q(last_on=None) | Q(last_on__gte=first - _DAY)).order_by("first_on", "opens", "id")


def to_time_off_spec(row: TimeOff) -> TimeOffSpec:
    """Time off in the form that `scheduling.clock.time_off` uses."""
    return TimeOffSpec(
        first=row.first_on,
        last=row.last_on,
        opens=row.opens,
        closes=row.closes,
        weekdays=frozenset(row.weekdays),
    )
