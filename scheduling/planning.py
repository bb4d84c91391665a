"""Working hours on a wall clock, turned into real instants. Pure: no Django, no clock, no I/O.

Hours are what the clock on the clinic's wall shows. At a clock change a time that the clock skips is no
working time, and a time that it shows twice is working time twice: 00:30 to 06:30 is 5 hours in spring and
7 in autumn. Nothing lies outside the hours: hours that begin or end inside the doubled hour make two runs.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
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
# Our choice: less than five minutes is a slip of the finger, more than eight hours is no appointment.
SHORTEST_SLOT, LONGEST_SLOT = 5, 8 * 60

DAY = timedelta(days=1)
# Beyond, instants may not fit into a datetime; days there hold no working time.
_EARLIEST, _LATEST = date(2, 1, 1), date(9998, 12, 31)
# No zone of tzdata changes its offset twice within 6.9 days (2000 in Brazil is the record), so probes
# this far apart see every change.
_PROBE_SECONDS = 6 * 24 * 60 * 60
# Between the first and the last zone to see a date lie up to 26 hours, so at any instant the calendars of
# two zones are up to two days apart.
CALENDARS_APART = timedelta(days=2)
# A Monday. Counted from here, as the 53 weeks of some years would put two odd ISO weeks side by side.
FIRST_A_WEEK = date(2024, 1, 1)

Interval = tuple[int, int]
"""Opens and closes, in minutes after midnight on the wall clock; 1440 is the midnight that ends the day."""


class Weeks(IntEnum):
    """In which weeks hours hold: all, or every other one."""

    EVERY = 0
    A = 1
    B = 2


@dataclass(frozen=True, slots=True)
class Hours:
    """One interval of a weekday (0 is Monday), in wall-clock minutes; both dates of its validity included.

    The clock and the calendar are those of `zone`, or the clinic's own where it is None.
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

    def hold_on(self, day: date) -> bool:
        return (
            self.weekday == day.weekday()
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_until is None or day <= self.valid_until)
            and self.weeks in (Weeks.EVERY, week_letter(day))
        )


@dataclass(frozen=True, slots=True)
class DatedException:
    """What holds on one date instead of the week's hours; no intervals: closed."""

    day: date
    intervals: tuple[Interval, ...]
    slot_minutes: int
    zone: ZoneInfo | None = None
    place: UUID | None = None


class Run(NamedTuple):
    """Uninterrupted working time, half-open, in UTC. Slots step from its start; what does not fit is left."""

    starts_at: datetime
    ends_at: datetime
    slot_minutes: int
    place: UUID | None = None


class HoursRefused(ValueError):
    """Hours that cannot be worked, said to a person: translate `message`, then fill in `params` with %."""

    def __init__(self, code: str, message: str, **params: str | int) -> None:
        super().__init__(message % params)
        self.code, self.message, self.params = code, message, params


def gettext_noop(message: str) -> str:
    """Marks `message` for the translators; it is looked up where it is shown."""
    return message


def plan_runs(
    *,
    hours: Iterable[Hours],
    exceptions: Mapping[date, DatedException],
    zone: ZoneInfo,
    first: date,
    last: date,
) -> Iterator[Run]:
    """The runs that hold a slot, by start, on the clinic's own days from `first` to `last` (included).

    A day's intervals are expected not to overlap: `check_week` and `check_day` see to that. Hours of
    another zone are read by that zone's clock and calendar; those of their slots are planned that start
    on the clinic's days. As the calendars differ, such hours need the exceptions of `CALENDARS_APART` more
    days at both ends. Of two runs that overlap in real time the one that starts first is kept whole, and
    the other begins where it ends.
    """
    hours = tuple(hours)
    zones = {each.zone for each in hours} | {each.zone for each in exceptions.values()}
    elsewhere = not zones <= {None, zone}
    margin = CALENDARS_APART.days if elsewhere else 0
    ordinals = range(
        max(first.toordinal() - margin, date.min.toordinal()),
        min(last.toordinal() + margin, date.max.toordinal()) + 1,
    )
    days = map(date.fromordinal, ordinals)
    # Sorted as a whole: a clock set back across midnight makes two days take turns (St John's until 2011).
    runs = sorted(
        (run for day in days for run in _periods_on(day, hours, exceptions.get(day), zone)),
        key=lambda run: run[:3],  # places have no order
    )
    for run in _without_overlaps(runs):
        yield from _slots_starting_between(run, zone, first, last) if elsewhere else (run,)


def week_letter(day: date) -> Weeks:
    """Whether `day` lies in an A week or in a B week."""
    return Weeks.B if (day - FIRST_A_WEEK).days // 7 % 2 else Weeks.A


def slots_of(run: Run) -> list[tuple[datetime, datetime]]:
    """The slots of `run` as (start, end), one after the other in real time from its start."""
    step = timedelta(minutes=run.slot_minutes)
    starts = [run.starts_at + n * step for n in range((run.ends_at - run.starts_at) // step)]
    return [(start, start + step) for start in starts]


def utc_offsets(zone: ZoneInfo, start: datetime, end: datetime) -> list[tuple[datetime, timedelta]]:
    """The offsets in force from `start` until just before `end`, each with the instant (UTC) it begins at."""
    second, stop = floor(start.timestamp()), ceil(end.timestamp())
    offsets = [(start.astimezone(UTC), _offset(zone, second))]
    while (second := _next_change(zone, second, stop)) < stop:
        offsets.append((datetime.fromtimestamp(second, UTC), _offset(zone, second)))
    return offsets


def parse_clock(text: str) -> int:
    """Minutes after midnight of "HH:MM", from "00:00" to "24:00".

    :raises HoursRefused: it is written in any other way
    """
    if not re.fullmatch(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00", text):
        message = gettext_noop("“%(text)s” is not a time between 00:00 and 24:00, such as 09:30.")
        raise HoursRefused("clock_unreadable", message, text=text[:20])
    return int(text[:2]) * 60 + int(text[3:])


def format_clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def check_times(opens: int, closes: int) -> None:
    """:raises HoursRefused: they leave the day, or the end is not after the start"""
    if not (0 <= opens <= MIDNIGHT and 0 <= closes <= MIDNIGHT):
        raise HoursRefused("outside_the_day", gettext_noop("Times lie between 00:00 and 24:00."))
    if closes <= opens:
        message = gettext_noop(
            "The end (%(closes)s) must be after the start (%(opens)s). Hours that go past midnight are "
            "entered as two: until 24:00, and from 00:00 on the next day."
        )
        raise HoursRefused(
            "ends_before_it_starts", message, opens=format_clock(opens), closes=format_clock(closes)
        )


def check_interval(opens: int, closes: int, slot_minutes: int) -> None:
    """:raises HoursRefused: it leaves the day, ends before it starts, or its slots are too short or long"""
    check_times(opens, closes)
    if not SHORTEST_SLOT <= slot_minutes <= LONGEST_SLOT:
        message = gettext_noop("A slot lasts from %(shortest)d to %(longest)d minutes.")
        raise HoursRefused("slot_length_out_of_bounds", message, shortest=SHORTEST_SLOT, longest=LONGEST_SLOT)


def check_day(intervals: Iterable[Interval], slot_minutes: int) -> None:
    """:raises HoursRefused: one of the intervals is refused, or two overlap (they may touch)"""
    intervals = sorted(intervals)
    for opens, closes in intervals:
        check_interval(opens, closes, slot_minutes)
    for earlier, later in pairwise(intervals):
        if later[0] < earlier[1]:
            raise _overlap_error(earlier, later)


def check_week(hours: Iterable[Hours]) -> None:
    """:raises HoursRefused: one of the intervals is refused, or two overlap in weeks and on dates of both"""
    hours = sorted(hours, key=lambda each: (each.weekday, each.opens))
    for each in hours:
        check_interval(each.opens, each.closes, each.slot_minutes)
        if (each.valid_from or date.min) > (each.valid_until or date.max):
            message = gettext_noop("Hours cannot end before the date from which they are valid.")
            raise HoursRefused("never_valid", message)
    for earlier, later in combinations(hours, 2):
        together = earlier.weekday == later.weekday and later.opens < earlier.closes
        if together and _share_weeks(earlier, later) and _share_dates(earlier, later):
            raise _overlap_error((earlier.opens, earlier.closes), (later.opens, later.closes))


def _share_weeks(a: Hours, b: Hours) -> bool:
    return a.weeks == b.weeks or Weeks.EVERY in (a.weeks, b.weeks)


def _share_dates(a: Hours, b: Hours) -> bool:
    return max(a.valid_from or date.min, b.valid_from or date.min) <= min(
        a.valid_until or date.max, b.valid_until or date.max
    )


def _overlap_error(*intervals: Interval) -> HoursRefused:
    earlier, later = ("-".join(map(format_clock, interval)) for interval in intervals)
    message = gettext_noop("%(earlier)s and %(later)s overlap.")
    return HoursRefused("intervals_overlap", message, earlier=earlier, later=later)


class _OffsetSegment(NamedTuple):
    """A part of a day under one offset, and the instant at which its clock would have shown midnight; UTC."""

    begins: datetime
    ends: datetime
    midnight: datetime


def open_times(zone: ZoneInfo, day: date, opens: int, closes: int) -> list[tuple[datetime, datetime]]:
    """When the clock shows `opens` to just before `closes`, in real time (UTC), joined where it touches."""
    times: list[tuple[datetime, datetime]] = []
    for begins, ends, midnight in stretches_of(zone, day):
        starts_at = max(begins, midnight + timedelta(minutes=opens))
        ends_at = min(ends, midnight + timedelta(minutes=closes))
        if starts_at < ends_at:
            before = times.pop()[0] if times and times[-1][1] == starts_at else starts_at
            times.append((before, ends_at))
    return times


@lru_cache(maxsize=10_000)  # 90 days of a hundred zones: every doctor of a clinic asks for the same days
def stretches_of(zone: ZoneInfo, day: date) -> tuple[_OffsetSegment, ...]:
    """When the clock shows `day`: one stretch, two where the clock changes, none for a skipped date."""
    if not _EARLIEST <= day <= _LATEST:
        return ()
    midnight = datetime.combine(day, time.min, UTC)
    # Offsets are less than a day, so this span holds the date in every zone.
    offsets = utc_offsets(zone, midnight - DAY, midnight + 2 * DAY)
    found = []
    for (since, offset), (until, _) in pairwise([*offsets, (midnight + 2 * DAY, offsets[-1][1])]):
        shown = midnight - offset
        stretch = _OffsetSegment(max(since, shown), min(until, shown + DAY), shown)
        if stretch.begins < stretch.ends:
            found.append(stretch)
    return tuple(found)


def _periods_on(
    day: date, hours: tuple[Hours, ...], exception: DatedException | None, zone: ZoneInfo
) -> Iterator[Run]:
    for each in hours if exception is None else _hours_of(exception):
        if each.hold_on(day):
            for starts_at, ends_at in open_times(each.zone or zone, day, each.opens, each.closes):
                yield Run(starts_at, ends_at, each.slot_minutes, each.place)


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


def _without_overlaps(runs: Iterable[Run]) -> Iterator[Run]:
    """Each run that holds a slot, begun no sooner than the one before it has ended."""
    busy_until = datetime.min.replace(tzinfo=UTC)
    for run in runs:
        free = run if busy_until <= run.starts_at else run._replace(starts_at=busy_until)
        if free.ends_at - free.starts_at >= timedelta(minutes=run.slot_minutes):
            busy_until = free.ends_at
            yield free


def _slots_starting_between(run: Run, zone: ZoneInfo, first: date, last: date) -> Iterator[Run]:
    """The slots of `run` that start on those days of the zone, as runs; all of it where all do."""

    def inside(slot: tuple[datetime, datetime]) -> bool:
        return first <= slot[0].astimezone(zone).date() <= last

    slots = slots_of(run)
    if all(map(inside, slots)):
        yield run
        return
    for belong, group in groupby(slots, key=inside):
        if belong:
            together = list(group)
            yield run._replace(starts_at=together[0][0], ends_at=together[-1][1])


def _next_change(zone: ZoneInfo, second: int, stop: int) -> int:
    """The first second after `second` with another offset; `stop` if there is none before it."""
    offset = _offset(zone, second)
    for begin in range(second, stop, _PROBE_SECONDS):
        end = min(begin + _PROBE_SECONDS, stop)
        if _offset(zone, end) != offset:
            return begin + bisect_left(range(begin, end), True, key=lambda at: _offset(zone, at) != offset)
    return stop


def _offset(zone: ZoneInfo, second: int) -> timedelta:
    return datetime.fromtimestamp(second, zone).utcoffset() or timedelta()
