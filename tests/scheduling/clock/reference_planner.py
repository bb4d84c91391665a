"""A second, much simpler implementation of the planner for comparison: look at the clock every minute.

It uses only the planner's data classes and knows nothing about offsets or clock changes.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count, groupby, islice
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling.clock.planning import DatedException, Hours, Weeks
from scheduling.clock.recurrence import MissingDay, Unit
from scheduling.clock.time_off import TimeOffSpec

Slot = tuple[datetime, datetime]
PlacedSlot = tuple[datetime, datetime, UUID | None]
DAY, WEEK = timedelta(days=1), timedelta(days=7)


class MinuteWalk:
    """Every minute of the zone's days from `first` to `last`, grouped by local date."""

    def __init__(self, zone: ZoneInfo, first: date, last: date) -> None:
        self.zone, self.first, self.last = zone, first, last
        self.minutes = minutes_by_day(zone, first, last)
        self.slots_on = cache(self._slots_on)

    def _slots_on(self, day: date, opens: int, closes: int, slot_minutes: int) -> list[Slot]:
        """Return a slot for every `slot_minutes` consecutive open minutes."""
        slots = []
        run_start = previous = None
        for minute, local in self.minutes.get(day, []):
            if opens <= local < closes:
                if run_start is None or minute - 1 != previous:
                    run_start = minute
                previous = minute
                if minute + 1 - run_start == slot_minutes:
                    slots.append((instant_of(run_start), instant_of(minute + 1)))
                    run_start = minute + 1
        return slots

    def slots(self, hours: Iterable[Hours], exceptions: Mapping[date, DatedException]) -> list[Slot]:
        """Return the slots of hours that are all in this zone, by start."""
        hours = list(hours)
        slots: list[Slot] = []
        for day in days_between(self.first, self.last):
            for interval in hours_on(day, hours, exceptions):
                slots += self.slots_on(day, interval.opens, interval.closes, interval.slot_minutes)
        return sorted(slots)

    def slots_anywhere(
        self, hours: Iterable[Hours], exceptions: Mapping[date, DatedException]
    ) -> list[PlacedSlot]:
        """Return the slots of hours in several zones, by start.

        If hours overlap, those that begin first keep all their minutes, the others the free ones.
        """
        hours = list(hours)
        wide_first, wide_last = self.first - 2 * DAY, self.last + 2 * DAY
        local_minutes = cache(lambda zone: minutes_by_day(zone, wide_first, wide_last))
        planned = [
            (minutes, interval)
            for day in days_between(wide_first, wide_last)
            for interval in hours_on(day, hours, exceptions)
            for minutes in consecutive_runs(
                open_minutes(local_minutes(interval.zone or self.zone)[day], interval)
            )
        ]
        planned.sort(key=lambda item: (item[0][0], item[0][-1], item[1].slot_minutes))
        slots: list[PlacedSlot] = []
        taken: set[int] = set()
        for minutes, interval in planned:
            free = [minute for minute in minutes if minute not in taken]
            slot_minutes = interval.slot_minutes
            if len(free) < slot_minutes:
                continue
            taken.update(free)
            starts = free[: len(free) - len(free) % slot_minutes : slot_minutes]
            slots += [
                (instant_of(start), instant_of(start + slot_minutes), interval.place)
                for start in starts
                if self.first <= datetime.fromtimestamp(start * 60, self.zone).date() <= self.last
            ]
        return sorted(slots, key=lambda slot: slot[0])

    def off_minutes(self, specs: Iterable[TimeOffSpec]) -> set[int]:
        """Return the minutes of the time off, counted since 1970."""
        return {
            minute
            for day in days_between(self.first, self.last)
            for spec in specs
            if spec.first <= day
            and (spec.last is None or day <= spec.last)
            and day.weekday() in spec.weekdays
            for minute, local in self.minutes.get(day, [])
            if spec.opens <= local < spec.closes
        }


def minutes_by_day(zone: ZoneInfo, first: date, last: date) -> dict[date, list[tuple[int, int]]]:
    """Return the minutes of each local date, as (minutes since 1970, minutes after local midnight)."""
    minutes: dict[date, list[tuple[int, int]]] = defaultdict(list)
    start = datetime(first.year, first.month, first.day, tzinfo=UTC) - DAY
    end = datetime(last.year, last.month, last.day, tzinfo=UTC) + 2 * DAY
    for minute in range(int(start.timestamp()) // 60, int(end.timestamp()) // 60):
        local = datetime.fromtimestamp(minute * 60, zone)
        minutes[local.date()].append((minute, local.hour * 60 + local.minute))
    return minutes


def hours_on(day: date, hours: list[Hours], exceptions: Mapping[date, DatedException]) -> Iterator[Hours]:
    if day in exceptions:
        exception = exceptions[day]
        for opens, closes in exception.intervals:
            yield Hours(
                day.weekday(),
                opens,
                closes,
                exception.slot_minutes,
                zone=exception.zone,
                place=exception.place,
            )
        return
    for interval in hours:
        begun = interval.valid_from is None or day >= interval.valid_from
        ended = interval.valid_until is not None and day > interval.valid_until
        if (
            interval.weekday == day.weekday()
            and begun
            and not ended
            and interval.weeks in (Weeks.EVERY, week_letter(day))
        ):
            yield interval


@cache
def week_letter(day: date) -> Weeks:
    """Count week by week from the first A week to `day`."""
    monday, weeks, other_weeks = date(2024, 1, 1), Weeks.A, Weeks.B
    while not monday <= day < monday + WEEK:
        monday += WEEK if day > monday else -WEEK
        weeks, other_weeks = other_weeks, weeks
    return weeks


def open_minutes(minutes: list[tuple[int, int]], hours: Hours) -> list[int]:
    return [minute for minute, local in minutes if hours.opens <= local < hours.closes]


def consecutive_runs(minutes: Iterable[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for minute in minutes:
        if runs and runs[-1][-1] == minute - 1:
            runs[-1].append(minute)
        else:
            runs.append([minute])
    return runs


def series_walk(first: date, unit: Unit, every: int, count: int) -> list[date | MissingDay]:
    """Walk day by day and look for the requested day in every nth week or month."""
    if unit is Unit.WEEK:
        same_weekday = (day for day in days_from(first) if day.weekday() == first.weekday())
        return list(islice(same_weekday, 0, every * count, every))
    visit_days: list[date | MissingDay] = []
    position = None
    months = groupby(days_from(first.replace(day=1)), key=lambda day: (day.year, day.month))
    for (year, month), days in islice(months, 0, every * count, every):
        matching_days = [
            day
            for day in days
            if (day.day == first.day if unit is Unit.MONTH_DAY else day.weekday() == first.weekday())
        ]
        position = matching_days.index(first) if position is None else position
        visit_days += matching_days[position : position + 1] or [MissingDay(year, month)]
    return visit_days


def days_from(first: date) -> Iterator[date]:
    return (first + n * DAY for n in count())


def days_between(first: date, last: date) -> list[date]:
    return [first + n * DAY for n in range((last - first).days + 1)]


def instant_of(minutes: int) -> datetime:
    return datetime.fromtimestamp(minutes * 60, UTC)
