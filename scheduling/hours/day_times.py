"""The days of a doctor's schedule: their hours, and the number of times to book in them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from clinics.models import Doctor
from clinics.selectors import clinic_settings
from scheduling.calendar.holidays import closed_days
from scheduling.clock.clock_changes import clock_changes
from scheduling.clock.planning import Hours, Weeks, hours_on, slots_in, week_letter
from scheduling.hours.selectors import (
    ProposedHours,
    days_with_other_hours,
    exceptions,
    planned_working_periods,
    time_off_around,
    to_time_off_spec,
    weekly_hours,
)
from scheduling.models import TimeOff
from tenants.base.clock import day_start
from tenants.current import current_clinic

_DAY = timedelta(days=1)
_STORED = ProposedHours()


@dataclass(frozen=True, slots=True)
class DayChange:
    """A change of the clock on a day."""

    zone: ZoneInfo
    minutes: int
    """By how many minutes the clock is set forward. Negative: it is set back."""


@dataclass(frozen=True, slots=True)
class ScheduleDay:
    """A day of a doctor's schedule, in the clinic's calendar."""

    date: date
    week: Weeks
    hours: Sequence[Hours]
    """The hours of the day, by opening time. They include time off."""
    times: int
    """The number of upcoming times, booked or not, without times in time off and removed times."""
    is_exception: bool
    holiday: str
    time_off: Sequence[TimeOff]
    clock_changes: Sequence[DayChange]


def schedule_days(
    doctor: Doctor, *, first: date, last: date, proposed: ProposedHours = _STORED, now: datetime
) -> list[ScheduleDay]:
    """The doctor's days from `first` to `last` (inclusive), in a constant number of queries."""
    weekly = weekly_hours(doctor) if proposed.week is None else list(proposed.week)
    other = days_with_other_hours(doctor, first=first, last=last, proposed=proposed)
    times = times_by_day(doctor, first=first, last=last, proposed=proposed, now=now)
    holidays = closed_days(clinic_settings(), first=first, last=last)
    stored = exceptions(doctor).filter(day__range=(first, last)).order_by().values_list("day", flat=True)
    proposed_days = {day for day, planned in proposed.exceptions.items() if planned is not None}
    exception_days = set(stored) - proposed.exceptions.keys() | proposed_days
    off = [(row, to_time_off_spec(row)) for row in time_off_around(doctor, first=first, last=last)]
    changes = _changes_by_day(_zones(weekly), first=first, last=last)
    return [
        ScheduleDay(
            date=day,
            week=week_letter(day),
            hours=sorted(hours_on(day, weekly, other.get(day)), key=lambda item: item.opens),
            times=times[day],
            is_exception=day in exception_days,
            holiday=holidays.get(day, ""),
            time_off=[row for row, spec in off if spec.applies_on(day)],
            clock_changes=changes.get(day, []),
        )
        for day in _days(first, last)
    ]


def times_by_day(
    doctor: Doctor, *, first: date, last: date, proposed: ProposedHours = _STORED, now: datetime
) -> Counter[date]:
    """The number of times after `now` on each of the clinic's days, as the slot generator would create them.

    Times that staff added by hand are not counted, since a change of the hours does not affect them.
    """
    zone = current_clinic().zone
    return Counter(
        starts_at.astimezone(zone).date()
        for period in planned_working_periods(doctor, first=first, last=last, proposed=proposed)
        for starts_at, _ in slots_in(period)
        if starts_at > now
    )


def _zones(hours: Iterable[Hours]) -> set[ZoneInfo]:
    """The clinic's time zone, and those of the places in the hours."""
    return {current_clinic().zone} | {item.zone for item in hours if item.zone is not None}


def _changes_by_day(zones: Iterable[ZoneInfo], *, first: date, last: date) -> dict[date, list[DayChange]]:
    """The clock changes in these zones, by local day."""
    found: dict[date, list[DayChange]] = {}
    for zone in sorted(zones, key=lambda zone: zone.key):
        for change in clock_changes(zone, day_start(first, zone), day_start(last + _DAY, zone)):
            # If the clock is set back at midnight, the repeated hour is on the day before.
            day = change.instant.astimezone(zone).date()
            minutes = round((change.after - change.before).total_seconds() / 60)
            found.setdefault(day, []).append(DayChange(zone, minutes))
    return found


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
