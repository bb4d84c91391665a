"""The hours said a second time, as plainly as possible: walk every minute that passes and look at the clock.

Knows nothing of offsets, clock changes or the planner's ways; reads only the fields of what it is given.
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
    """Every minute of the zone's days from `first` to `last`, each under the date its wall clock shows."""

    def __init__(self, zone: ZoneInfo, first: date, last: date) -> None:
        self.zone, self.first, self.last = zone, first, last
        self.minutes = minutes_by_day(zone, first, last)
        self.slots_on = cache(self._slots_on)

    def _slots_on(self, day: date, opens: int, closes: int, slot_minutes: int) -> list[Slot]:
        """A slot each time that `slot_minutes` open minutes have passed in a row."""
        slots = []
        since = before = None
        for passed, wall in self.minutes.get(day, []):
            if opens <= wall < closes:
                if since is None or passed - 1 != before:
                    since = passed
                before = passed
                if passed + 1 - since == slot_minutes:
                    slots.append((instant_of(since), instant_of(passed + 1)))
                    since = passed + 1
        return slots

    def slots(self, hours: Iterable[Hours], exceptions: Mapping[date, DatedException]) -> list[Slot]:
        """Where all hours are of the walk's own zone."""
        hours = list(hours)
        found: list[Slot] = []
        for day in days_between(self.first, self.last):
            for each in held_on(day, hours, exceptions):
                found += self.slots_on(day, each.opens, each.closes, each.slot_minutes)
        return sorted(found)

    def slots_anywhere(
        self, hours: Iterable[Hours], exceptions: Mapping[date, DatedException]
    ) -> list[PlacedSlot]:
        """Who begins first keeps all their minutes, the others those that are left; by the clocks of all."""
        hours = list(hours)
        wide_first, wide_last = self.first - 2 * DAY, self.last + 2 * DAY
        clocks = cache(lambda zone: minutes_by_day(zone, wide_first, wide_last))
        planned = [
            (row, each)
            for day in days_between(wide_first, wide_last)
            for each in held_on(day, hours, exceptions)
            for row in in_a_row(open_minutes(clocks(each.zone or self.zone)[day], each))
        ]
        planned.sort(key=lambda one: (one[0][0], one[0][-1], one[1].slot_minutes))
        found: list[PlacedSlot] = []
        taken: set[int] = set()
        for row, each in planned:
            left = [passed for passed in row if passed not in taken]
            length = each.slot_minutes
            if len(left) < length:
                continue
            taken.update(left)
            starts = left[: len(left) - len(left) % length : length]
            found += [
                (instant_of(start), instant_of(start + length), each.place)
                for start in starts
                if self.first <= datetime.fromtimestamp(start * 60, self.zone).date() <= self.last
            ]
        return sorted(found, key=lambda slot: slot[0])

    def off_minutes(self, offs: Iterable[TimeOffSpec]) -> set[int]:
        """The minutes since 1970 that are off."""
        return {
            passed
            for day in days_between(self.first, self.last)
            for off in offs
            if off.first <= day and (off.last is None or day <= off.last) and day.weekday() in off.weekdays
            for passed, wall in self.minutes.get(day, [])
            if off.opens <= wall < off.closes
        }


def minutes_by_day(zone: ZoneInfo, first: date, last: date) -> dict[date, list[tuple[int, int]]]:
    """What passes on each date, as (minutes since 1970, minutes that the clock shows)."""
    minutes: dict[date, list[tuple[int, int]]] = defaultdict(list)
    begin = datetime(first.year, first.month, first.day, tzinfo=UTC) - DAY
    end = datetime(last.year, last.month, last.day, tzinfo=UTC) + 2 * DAY
    for passed in range(int(begin.timestamp()) // 60, int(end.timestamp()) // 60):
        wall = datetime.fromtimestamp(passed * 60, zone)
        minutes[wall.date()].append((passed, wall.hour * 60 + wall.minute))
    return minutes


def held_on(day: date, hours: list[Hours], exceptions: Mapping[date, DatedException]) -> Iterator[Hours]:
    if day in exceptions:
        other = exceptions[day]
        for opens, closes in other.intervals:
            yield Hours(day.weekday(), opens, closes, other.slot_minutes, zone=other.zone, place=other.place)
        return
    for each in hours:
        begun = each.valid_from is None or day >= each.valid_from
        over = each.valid_until is not None and day > each.valid_until
        if each.weekday == day.weekday() and begun and not over and each.weeks in (Weeks.EVERY, letter(day)):
            yield each


@cache
def letter(day: date) -> Weeks:
    """Week by week from the Monday with which A weeks begin, in the direction of `day`."""
    monday, weeks, others = date(2024, 1, 1), Weeks.A, Weeks.B
    while not monday <= day < monday + WEEK:
        monday += WEEK if day > monday else -WEEK
        weeks, others = others, weeks
    return weeks


def open_minutes(minutes: list[tuple[int, int]], hours: Hours) -> list[int]:
    return [passed for passed, wall in minutes if hours.opens <= wall < hours.closes]


def in_a_row(minutes: Iterable[int]) -> list[list[int]]:
    rows: list[list[int]] = []
    for passed in minutes:
        if rows and rows[-1][-1] == passed - 1:
            rows[-1].append(passed)
        else:
            rows.append([passed])
    return rows


def series_walk(first: date, unit: Unit, every: int, visits: int) -> list[date | MissingDay]:
    """Walk day by day and look in every nth week, or month, for the day that is wanted."""
    if unit is Unit.WEEK:
        same_weekday = (day for day in days_from(first) if day.weekday() == first.weekday())
        return list(islice(same_weekday, 0, every * visits, every))
    found: list[date | MissingDay] = []
    place = None
    months = groupby(days_from(first.replace(day=1)), key=lambda day: (day.year, day.month))
    for (year, month), days in islice(months, 0, every * visits, every):
        alike = [
            day
            for day in days
            if (day.day == first.day if unit is Unit.MONTH_DAY else day.weekday() == first.weekday())
        ]
        place = alike.index(first) if place is None else place
        found += alike[place : place + 1] or [MissingDay(year, month)]
    return found


def days_from(first: date) -> Iterator[date]:
    return (first + n * DAY for n in count())


def days_between(first: date, last: date) -> list[date]:
    return [first + n * DAY for n in range((last - first).days + 1)]


def instant_of(minutes: int) -> datetime:
    return datetime.fromtimestamp(minutes * 60, UTC)
