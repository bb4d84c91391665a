"""A doctor's working hours and time off, in the form that `scheduling.clock` uses."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from clinics.models import Doctor
from clinics.selectors import clinic_settings
from scheduling.calendar.holidays import closed_days
from scheduling.clock.overlaps import Overlap, find_overlaps
from scheduling.clock.planning import (
    MAX_CALENDAR_DIFFERENCE,
    Hours,
    Weeks,
    WorkingPeriod,
    plan_working_periods,
)
from scheduling.clock.planning import DatedException as PlannedException
from scheduling.clock.time_off import (
    Period,
    PeriodsByPlace,
    TimeOffSpec,
    merge_periods,
    subtract_by_place,
    subtract_periods,
    time_off_periods,
)
from scheduling.models import DatedException, Place, Slot, TimeOff, WorkingHours
from tenants.base.clock import day_start
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
    rows = working_hours(doctor).exclude(place__is_active=False).select_related("place")
    return [to_planner_hours(row) for row in rows]


def to_planner_hours(row: WorkingHours) -> Hours:
    """A row of weekly hours, with its place, for the planner."""
    return Hours(
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


@dataclass(frozen=True, slots=True)
class ProposedHours:
    """Hours that are not stored yet. None: the stored ones."""

    week: Sequence[Hours] | None = None
    exceptions: Mapping[date, PlannedException | None] = field(default_factory=dict)
    """Hours of single dates. None: the exception of the date is removed."""


_STORED = ProposedHours()


def planned_working_periods(
    doctor: Doctor, *, first: date, last: date, proposed: ProposedHours = _STORED
) -> Iterator[WorkingPeriod]:
    """The doctor's working periods on the clinic's days `first` to `last` (inclusive).

    Slots in time off, or in a period that staff removed, are cut out. The other slots of the day do not move.
    """
    periods = working_periods(doctor, first=first, last=last, proposed=proposed)
    periods = subtract_by_place(periods, doctor_time_off_periods(doctor, first=first, last=last))
    yield from subtract_periods(periods, removed_periods(doctor, first=first, last=last))


def removed_periods(doctor: Doctor, *, first: date, last: date) -> list[Period]:
    """The merged periods that staff removed, by start, on the clinic's days `first` to `last` (inclusive)."""
    zone = current_clinic().zone
    removed = Slot.objects.filter(
        doctor=doctor,
        status=Slot.Status.WITHDRAWN,
        # A slot may last until after midnight.
        starts_at__gt=day_start(first, zone) - _DAY,
        starts_at__lt=day_start(last + _DAY, zone) + _DAY,
    )
    return merge_periods(removed.order_by("starts_at").values_list("starts_at", "ends_at"))


def working_periods(
    doctor: Doctor, *, first: date, last: date, proposed: ProposedHours = _STORED
) -> Iterator[WorkingPeriod]:
    """The doctor's working periods on the clinic's days `first` to `last` (inclusive), time off included.

    Holidays are closed days, unless the doctor has an exception for that day.
    """
    return plan_working_periods(
        hours=weekly_hours(doctor) if proposed.week is None else proposed.week,
        exceptions=days_with_other_hours(doctor, first=first, last=last, proposed=proposed),
        zone=current_clinic().zone,
        first=first,
        last=last,
    )


def overlapping_hours(doctor: Doctor, *, first: date, last: date) -> list[Overlap]:
    """The doctor's hours at places in different time zones that overlap in real time on these days.

    New hours that overlap are refused. Hours that were valid can overlap later, because the time zone of a
    place is changed or a holiday is opened. Then the interval that starts first stays complete.
    """
    overlaps = find_overlaps(
        hours=weekly_hours(doctor),
        exceptions=days_with_other_hours(doctor, first=first, last=last),
        zone=current_clinic().zone,
        first=first,
        last=last,
    )
    return list(overlaps)


def days_with_other_hours(
    doctor: Doctor, *, first: date, last: date, proposed: ProposedHours = _STORED
) -> dict[date, PlannedException]:
    """The exceptions and holidays on these days and around them. A holiday is a day without hours."""
    around = (first - MAX_CALENDAR_DIFFERENCE, last + MAX_CALENDAR_DIFFERENCE)
    closed = closed_days(clinic_settings(), first=around[0], last=around[1])
    own_days = exceptions_by_day(exceptions(doctor).filter(day__range=around))
    for changed_day, planned in proposed.exceptions.items():
        own_days.pop(changed_day, None)
        if planned is not None:
            own_days[changed_day] = planned
    return {day: PlannedException(day, (), 0) for day in closed} | own_days


def doctor_time_off_periods(doctor: Doctor, *, first: date, last: date) -> PeriodsByPlace:
    """The time off of the doctor and the clinic on the clinic's days `first` to `last`, and around them."""
    specs = [to_time_off_spec(row) for row in time_off_around(doctor, first=first, last=last)]
    return time_off_by_place(specs, first=first, last=last)


def time_off_by_place(specs: Iterable[TimeOffSpec], *, first: date, last: date) -> PeriodsByPlace:
    """The time off on the days `first` to `last` and around them, in the local time of every place.

    A doctor who is off on 9 June is off on that date of the place where they work, like on a holiday.
    """
    specs = list(specs)
    if not specs:
        return PeriodsByPlace()
    days = {"first": first - MAX_CALENDAR_DIFFERENCE, "last": last + MAX_CALENDAR_DIFFERENCE}
    clinic_zone = current_clinic().zone
    places = Place.objects.exclude(time_zone=clinic_zone.key).values_list("pk", "time_zone")
    zones = {zone: time_off_periods(specs, zone=ZoneInfo(zone), **days) for _, zone in places}
    return PeriodsByPlace(
        time_off_periods(specs, zone=clinic_zone, **days), {place: zones[zone] for place, zone in places}
    )


def time_off_around(doctor: Doctor, *, first: date, last: date) -> QuerySet[TimeOff]:
    """The time off of the doctor and the clinic that may apply on those days of the clinic or of a place."""
    first, last = first - MAX_CALENDAR_DIFFERENCE, last + MAX_CALENDAR_DIFFERENCE
    in_force = TimeOff.objects.standing().applying_to(doctor).filter(first_on__lte=last)
    return in_force.filter(Q(last_on=None) | Q(last_on__gte=first)).order_by("first_on", "opens", "id")


def to_time_off_spec(row: TimeOff) -> TimeOffSpec:
    """Time off in the form that `scheduling.clock.time_off` uses."""
    return TimeOffSpec(
        first=row.first_on,
        last=row.last_on,
        opens=row.opens,
        closes=row.closes,
        weekdays=frozenset(row.weekdays),
    )
