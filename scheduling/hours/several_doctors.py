"""The working periods of several doctors, in as many queries as for one."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from scheduling.clock.planning import (
    MAX_CALENDAR_DIFFERENCE,
    DatedException,
    Hours,
    WorkingPeriod,
    plan_working_periods,
)
from scheduling.hours.selectors import exceptions_by_day, to_planner_hours
from scheduling.models import DatedException as DatedExceptionRow
from scheduling.models import WorkingHours
from tenants.current import current_clinic


def working_periods_of(
    doctors: Collection[uuid.UUID], *, first: date, last: date, closed: Mapping[date, str]
) -> dict[uuid.UUID, list[WorkingPeriod]]:
    """The working periods of each doctor on the clinic's days `first` to `last`, time off included.

    :param closed: the clinic's holidays on these days and `MAX_CALENDAR_DIFFERENCE` around them
    """
    hours: dict[uuid.UUID, list[Hours]] = defaultdict(list)
    rows = WorkingHours.objects.filter(doctor__in=doctors).exclude(place__is_active=False)
    for row in rows.select_related("place").order_by("weekday", "opens", "valid_from"):
        hours[row.doctor_id].append(to_planner_hours(row))
    around = (first - MAX_CALENDAR_DIFFERENCE, last + MAX_CALENDAR_DIFFERENCE)
    exceptions: dict[uuid.UUID, list[DatedExceptionRow]] = defaultdict(list)
    changed = DatedExceptionRow.objects.filter(doctor__in=doctors, day__range=around).order_by("day")
    for exception in changed.select_related("place").prefetch_related("intervals"):
        exceptions[exception.doctor_id].append(exception)
    holidays = {day: DatedException(day, (), 0) for day in closed}
    return {
        doctor: list(
            plan_working_periods(
                hours=hours[doctor],
                exceptions=holidays | exceptions_by_day(exceptions[doctor]),
                zone=current_clinic().zone,
                first=first,
                last=last,
            )
        )
        for doctor in doctors
    }
