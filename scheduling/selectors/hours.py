"""A doctor's hours, as the planner reads them."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import QuerySet

from clinics.models import Doctor
from scheduling.models import DatedException, WorkingHours
from scheduling.planning import DatedException as PlannedException
from scheduling.planning import Hours, Run, plan_runs
from tenants.door import current_clinic


def working_hours(doctor: Doctor) -> QuerySet[WorkingHours]:
    """The doctor's week, by day and opening."""
    return WorkingHours.objects.filter(doctor=doctor).order_by("weekday", "opens", "valid_from")


def exceptions(doctor: Doctor) -> QuerySet[DatedException]:
    """The days on which the week does not hold."""
    return DatedException.objects.filter(doctor=doctor).order_by("day").prefetch_related("intervals")


def week_of(doctor: Doctor) -> list[Hours]:
    """The doctor's week, as the planner reads it."""
    return [
        Hours(
            weekday=row.weekday,
            opens=row.opens,
            closes=row.closes,
            slot_minutes=row.slot_minutes,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
        )
        for row in working_hours(doctor)
    ]


def by_day(rows: Iterable[DatedException]) -> dict[date, PlannedException]:
    """Dated exceptions, as the planner reads them."""
    return {
        row.day: PlannedException(
            day=row.day,
            intervals=tuple((interval.opens, interval.closes) for interval in row.intervals.all()),
            slot_minutes=row.slot_minutes,
        )
        for row in rows
    }


def planned_runs(doctor: Doctor, *, first: date, last: date) -> Iterator[Run]:
    """The runs of working time that the doctor's hours give on the clinic's days from `first` to `last`."""
    return plan_runs(
        hours=week_of(doctor),
        exceptions=by_day(exceptions(doctor).filter(day__range=(first, last))),
        zone=current_clinic().zone,
        first=first,
        last=last,
    )
