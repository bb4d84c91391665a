"""Turn working hours in local time into periods in UTC. Pure: no Django, no clock, no I/O.

Hours are local times of the clinic or of one of its places. When the clocks go forward, the skipped time is
not working time; when they go back, the repeated time is working time both times: 00:30 to 06:30 lasts 5
hours in spring and 7 in autumn. Hours that begin or end inside the repeated hour therefore make two periods.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum
from functools import lru_cache
from itertools import combinations, groupby, pairwise
from math import ceil, floor
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

MIDNIGHT = 24 * 60
# Minutes. A shorter slot is probably a typing error, and no appointment is longer.
SHORTEST_SLOT, LONGEST_SLOT = 5, 8 * 60

DAY = timedelta(days=1)
# Outside these dates an instant may not fit into a datetime, so such days have no working time.
_EARLIEST, _LATEST = date(2, 1, 1), date(9998, 12, 31)
# The shortest time between two offset changes of one zone in tzdata is 6.9 days (Brazil, 2000), so comparing
# offsets at this distance misses no change.
_PROBE_SECONDS = 6 * 24 * 60 * 60
# A date begins up to 26 hours earlier in one zone than in another, so at any instant the local dates of two
# zones differ by at most two days.
MAX_CALENDAR_DIFFERENCE = timedelta(days=2)
# A Monday, from which A and B weeks alternate. ISO week numbers do not alternate: week 1 follows week 53.
FIRST_A_WEEK = date(2024, 1, 1)

Interval = tuple[int, int]
"""Opening and closing time, in minutes after local midnight; 1440 is the midnight that ends the day."""


class Weeks(IntEnum):
    """The weeks in which hours apply: all of them, or every other one."""

    EVERY = 0
    A = 1
    B = 2


@dataclass(frozen=True, slots=True)
class Hours:
    """An interval of a weekday (0 is Monday), in minutes after local midnight. Validity dates are inclusive.

    Times and dates are local to `zone`; None is the clinic's own zone.
    """

    weekday: int
    opens: int
    closes: int
    slot_minutes: int
    valid_from: date | None = None
    valid_until: date | None = None
    weeks: Weeks = Weeks.EVERY
    zone: ZoneInfo | None = None
    place: UUID | None = None

    def applies_on(self, day: date) -> bool:
        return (
            self.weekday == day.weekday()
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_until is None or day <= self.valid_until)
            and self.weeks in (Weeks.EVERY, week_letter(day))
        )


@dataclass(frozen=True, slots=True)
class DatedException:
    """The hours of one date, which replace the weekly hours. No intervals: closed."""

    day: date
    intervals: tuple[Interval, ...]
    slot_minutes: int
    zone: ZoneInfo | None = None
    place: UUID | None = None


class WorkingPeriod(NamedTuple):
    """A half-open period of uninterrupted working time, in UTC.

    Its slots follow each other from its start. Time at its end that is shorter than a slot stays unused.
    """

    starts_at: datetime
    ends_at: datetime
    slot_minutes: int
    place: UUID | None = None


class HoursRefused(ValueError):
    """The hours are invalid. To show why, translate `message` and interpolate `params` with `%`."""

    weekday: int | None = None
    """The weekday that the message is about, if it is about one. The message does not name it."""

    def __init__(self, code: str, message: str, **params: str | int | date) -> None:
        super().__init__(message % params)
        self.code, self.message, self.params = code, message, params


def gettext_noop(message: str) -> str:
    """Mark `message` for translation; it is translated where it is shown."""
    return message


def plan_working_periods(
    *,
    hours: Iterable[Hours],
    exceptions: Mapping[date, DatedException],
    zone: ZoneInfo,
    first: date,
    last: date,
) -> Iterator[WorkingPeriod]:
    """The working periods that hold at least one slot, by start, of the days `first` to `last` (inclusive).

    Days are the clinic's, in `zone`. The intervals of a day must not overlap: see `check_week` and
    `check_day`. Hours of another zone are read in that zone; a slot of theirs belongs to the day on which it
    starts at the clinic. Since local dates differ between zones, such hours need `exceptions` of
    `MAX_CALENDAR_DIFFERENCE` more at both ends. If two periods overlap in real time, the one that starts
    first stays complete, and the other is shortened to begin where the first ends.
    """
    hours = tuple(hours)
    zones = {item.zone for item in hours} | {exception.zone for exception in exceptions.values()}
    has_other_zones = not zones <= {None, zone}
    margin = MAX_CALENDAR_DIFFERENCE.days if has_other_zones else 0
    ordinals = range(
        max(first.toordinal() - margin, date.min.toordinal()),
        min(last.toordinal() + margin, date.max.toordinal()) + 1,
    )
    days = map(date.fromordinal, ordinals)
    # Sorted across all days: a clock set back across midnight interleaves two days (St John's until 2011).
    periods = sorted(
        (period for day in days for period in _periods_on(day, hours, exceptions.get(day), zone)),
        key=lambda period: period[:3],  # without the place: None and UUIDs cannot be compared
    )
    for period in _without_overlaps(periods):
        yield from _slots_starting_between(period, zone, first, last) if has_other_zones else (period,)


def week_letter(day: date) -> Weeks:
    """Whether `day` is in an A week or in a B week."""
    return Weeks.B if (day - FIRST_A_WEEK).days // 7 % 2 else Weeks.A


def slots_in(period: WorkingPeriod) -> list[tuple[datetime, datetime]]:
    """The slots of a working period as (start, end) in UTC."""
    step = timedelta(minutes=period.slot_minutes)
    starts = [period.starts_at + n * step for n in range((period.ends_at - period.starts_at) // step)]
    return [(start, start + step) for start in starts]


def utc_offsets(zone: ZoneInfo, start: datetime, end: datetime) -> list[tuple[datetime, timedelta]]:
    """The zone's UTC offsets between two instants, each with the instant (UTC) from which it applies."""
    second, stop = floor(start.timestamp()), ceil(end.timestamp())
    offsets = [(start.astimezone(UTC), _offset(zone, second))]
    while (second := _next_change(zone, second, stop)) < stop:
        offsets.append((datetime.fromtimestamp(second, UTC), _offset(zone, second)))
    return offsets


def parse_clock(text: str) -> int:
    """Minutes after midnight of "HH:MM", from "00:00" to "24:00".

    :raises HoursRefused: the text has another format
    """
    if not re.fullmatch(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00", text):
        message = gettext_noop("“%(text)s” is not a time. Enter a time from 00:00 to 24:00, such as 09:30.")
        raise HoursRefused("clock_unreadable", message, text=text[:20])
    return int(text[:2]) * 60 + int(text[3:])


def format_clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def check_times(opens: int, closes: int) -> None:
    """Check that two times, in minutes after midnight, make an interval of a day.

    :raises HoursRefused: a time is not from 00:00 to 24:00, or the end is not after the start
    """
    if not (0 <= opens <= MIDNIGHT and 0 <= closes <= MIDNIGHT):
        raise HoursRefused("outside_the_day", gettext_noop("Times must be between 00:00 and 24:00."))
    if closes <= opens:
        message = gettext_noop(
            "The end (%(closes)s) must be after the start (%(opens)s). Enter hours that go past midnight as "
            "two intervals: until 24:00, and from 00:00 on the next day."
        )
        raise HoursRefused(
            "ends_before_it_starts", message, opens=format_clock(opens), closes=format_clock(closes)
        )


def check_interval(opens: int, closes: int, slot_minutes: int) -> None:
    """Check an interval and the length of its slots.

    :raises HoursRefused: as `check_times`, or the slots are too short or too long
    """
    check_times(opens, closes)
    if not SHORTEST_SLOT <= slot_minutes <= LONGEST_SLOT:
        message = gettext_noop("A slot must last from %(shortest)d to %(longest)d minutes.")
        raise HoursRefused("slot_length_out_of_bounds", message, shortest=SHORTEST_SLOT, longest=LONGEST_SLOT)


def check_day(intervals: Iterable[Interval], slot_minutes: int) -> None:
    """Check the intervals of one day. They may touch.

    :raises HoursRefused: as `check_interval`, or two intervals overlap
    """
    intervals = sorted(intervals)
    for opens, closes in intervals:
        check_interval(opens, closes, slot_minutes)
    for earlier, later in pairwise(intervals):
        if later[0] < earlier[1]:
            raise _overlap_error(earlier, later)


def check_week(hours: Iterable[Hours]) -> None:
    """Check weekly hours. Those of different time zones are compared by `check_real_time`.

    :raises HoursRefused: as `check_interval`; hours end before they become valid; or two intervals of a
        weekday in the same time zone overlap while both apply
    """
    hours = sorted(hours, key=lambda item: (item.weekday, item.opens))
    for item in hours:
        with _naming(item.weekday):
            check_interval(item.opens, item.closes, item.slot_minutes)
            if (item.valid_from or date.min) > (item.valid_until or date.max):
                message = gettext_noop("The last date of the hours cannot be before their first date.")
                raise HoursRefused("never_valid", message)
    for earlier, later in combinations(hours, 2):
        times_overlap = earlier.weekday == later.weekday and later.opens < earlier.closes
        if not times_overlap or earlier.zone != later.zone:
            continue
        if _share_weeks(earlier, later) and _share_dates(earlier, later):
            with _naming(earlier.weekday):
                raise _overlap_error((earlier.opens, earlier.closes), (later.opens, later.closes))


@contextmanager
def _naming(weekday: int) -> Iterator[None]:
    """Store the weekday with an error.

    :raises HoursRefused: raised in the block
    """
    try:
        yield
    except HoursRefused as error:
        error.weekday = weekday
        raise


def _share_weeks(a: Hours, b: Hours) -> bool:
    return a.weeks == b.weeks or Weeks.EVERY in (a.weeks, b.weeks)


def _share_dates(a: Hours, b: Hours) -> bool:
    return max(a.valid_from or date.min, b.valid_from or date.min) <= min(
        a.valid_until or date.max, b.valid_until or date.max
    )


def _overlap_error(*intervals: Interval) -> HoursRefused:
    earlier, later = ("-".join(map(format_clock, interval)) for interval in intervals)
    message = gettext_noop("%(earlier)s and %(later)s overlap. Change one of them.")
    return HoursRefused("intervals_overlap", message, earlier=earlier, later=later)


class _OffsetSegment(NamedTuple):
    """The part of a local day with one UTC offset, and its local midnight under that offset. All in UTC."""

    begins: datetime
    ends: datetime
    midnight: datetime


def interval_periods(zone: ZoneInfo, day: date, opens: int, closes: int) -> list[tuple[datetime, datetime]]:
    """The periods (UTC) in which local time on `day` is from `opens` until just before `closes`.

    Usually one period; two if the interval begins or ends inside a repeated hour; none if the clock skips it.
    """
    times: list[tuple[datetime, datetime]] = []
    for begins, ends, midnight in offset_segments(zone, day):
        starts_at = max(begins, midnight + timedelta(minutes=opens))
        ends_at = min(ends, midnight + timedelta(minutes=closes))
        if starts_at < ends_at:
            before = times.pop()[0] if times and times[-1][1] == starts_at else starts_at
            times.append((before, ends_at))
    return times


@lru_cache(maxsize=10_000)  # 90 days in a hundred zones: all doctors of a clinic need the same days
def offset_segments(zone: ZoneInfo, day: date) -> tuple[_OffsetSegment, ...]:
    """The parts of a local day by UTC offset: two if the clock changes, none for a skipped date, else one."""
    if not _EARLIEST <= day <= _LATEST:
        return ()
    midnight = datetime.combine(day, time.min, UTC)
    # An offset is less than a day, so this span contains the local date in every zone.
    offsets = utc_offsets(zone, midnight - DAY, midnight + 2 * DAY)
    found = []
    for (since, offset), (until, _) in pairwise([*offsets, (midnight + 2 * DAY, offsets[-1][1])]):
        local_midnight = midnight - offset
        segment = _OffsetSegment(max(since, local_midnight), min(until, local_midnight + DAY), local_midnight)
        if segment.begins < segment.ends:
            found.append(segment)
    return tuple(found)


def _periods_on(
    day: date, hours: tuple[Hours, ...], exception: DatedException | None, zone: ZoneInfo
) -> Iterator[WorkingPeriod]:
    for item in hours_on(day, hours, exception):
        for starts_at, ends_at in interval_periods(item.zone or zone, day, item.opens, item.closes):
            yield WorkingPeriod(starts_at, ends_at, item.slot_minutes, item.place)


def hours_on(day: date, hours: Iterable[Hours], exception: DatedException | None) -> Iterator[Hours]:
    """The hours that apply on a local day: those of its exception, if there is one, else the weekly ones."""
    return (item for item in (hours if exception is None else _hours_of(exception)) if item.applies_on(day))


def _hours_of(exception: DatedException) -> Iterator[Hours]:
    for opens, closes in exception.intervals:
        yield Hours(
            weekday=exception.day.weekday(),
            opens=opens,
            closes=closes,
            slot_minutes=exception.slot_minutes,
            zone=exception.zone,
            place=exception.place,
        )


def _without_overlaps(periods: Iterable[WorkingPeriod]) -> Iterator[WorkingPeriod]:
    """The periods, each shortened to begin after the one before it; those left without a slot are dropped."""
    busy_until = datetime.min.replace(tzinfo=UTC)
    for period in periods:
        free = period if busy_until <= period.starts_at else period._replace(starts_at=busy_until)
        if free.ends_at - free.starts_at >= timedelta(minutes=period.slot_minutes):
            busy_until = free.ends_at
            yield free


def _slots_starting_between(
    period: WorkingPeriod, zone: ZoneInfo, first: date, last: date
) -> Iterator[WorkingPeriod]:
    """The slots of a period that start on the days `first` to `last` of `zone`, as working periods."""

    def starts_in_range(slot: tuple[datetime, datetime]) -> bool:
        return first <= slot[0].astimezone(zone).date() <= last

    slots = slots_in(period)
    if all(map(starts_in_range, slots)):
        yield period
        return
    for in_range, group in groupby(slots, key=starts_in_range):
        if in_range:
            consecutive = list(group)
            yield period._replace(starts_at=consecutive[0][0], ends_at=consecutive[-1][1])


def _next_change(zone: ZoneInfo, second: int, stop: int) -> int:
    """The first second after `second` with another offset; `stop` if none before it has one."""
    offset = _offset(zone, second)
    for begin in range(second, stop, _PROBE_SECONDS):
        end = min(begin + _PROBE_SECONDS, stop)
        if _offset(zone, end) != offset:
            return begin + bisect_left(range(begin, end), True, key=lambda at: _offset(zone, at) != offset)
    return stop


def _offset(zone: ZoneInfo, second: int) -> timedelta:
    return datetime.fromtimestamp(second, zone).utcoffset() or timedelta()
