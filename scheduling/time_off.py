"""Time off on a wall clock, and what it leaves of the working hours. Pure: no Django, no clock, no I/O."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from scheduling.planning import MIDNIGHT, HoursRefused, Run, check_times, gettext_noop, open_times

EVERY_DAY = frozenset(range(7))

Period = tuple[datetime, datetime]
"""Real time, half-open, in UTC."""


@dataclass(frozen=True, slots=True)
class Off:
    """From `first` to `last` (included; None: for good), on these weekdays, what the clock shows as off."""

    first: date
    last: date | None
    opens: int = 0
    closes: int = MIDNIGHT
    weekdays: frozenset[int] = EVERY_DAY

    def holds_on(self, day: date) -> bool:
        return (
            self.first <= day and (self.last is None or day <= self.last) and day.weekday() in self.weekdays
        )


def check_off(off: Off) -> None:
    """:raises HoursRefused: its last day is before its first, its times are no interval, or on no weekday"""
    if off.last is not None and off.last < off.first:
        message = gettext_noop("Time off cannot end before its first day.")
        raise HoursRefused("last_day_before_first", message)
    check_times(off.opens, off.closes)
    if not off.weekdays:
        raise HoursRefused("no_weekday", gettext_noop("Choose at least one weekday."))


def off_periods(offs: Iterable[Off], *, zone: ZoneInfo, first: date, last: date) -> list[Period]:
    """When it is off, merged and by start, on the zone's days from `first` to `last` (included).

    A time that the clock shows twice is off twice, one that it skips never.
    """
    offs = tuple(offs)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return merged(
        period
        for day in days
        for off in offs
        if off.holds_on(day)
        for period in open_times(zone, day, off.opens, off.closes)
    )


def merged(periods: Iterable[Period]) -> list[Period]:
    """The same time in as few periods as possible, by start: those that overlap or touch become one."""
    found: list[Period] = []
    for begins, ends in sorted(periods):
        if found and begins <= found[-1][1]:
            before, until = found.pop()
            found.append((before, max(until, ends)))
        else:
            found.append((begins, ends))
    return found


def overlaps(period: Period, periods: Sequence[Period]) -> bool:
    """Whether `period` shares time with any of `periods` (merged)."""
    meeting = bisect_right(periods, period[0], key=lambda each: each[1])
    return meeting < len(periods) and periods[meeting][0] < period[1]


def without(runs: Iterable[Run], periods: Sequence[Period]) -> Iterator[Run]:
    """The slots of `runs` that lie wholly outside `periods` (merged), as runs; no slot moves."""
    ends = [end for _, end in periods]
    for run in runs:
        meeting = bisect_right(ends, run.starts_at)
        if meeting == len(periods) or periods[meeting][0] >= run.ends_at:
            yield run
        else:
            yield from _cut_out(run, islice(periods, meeting, None))


def _cut_out(run: Run, periods: Iterable[Period]) -> Iterator[Run]:
    """What is left of `run`, cut between its slots around those of `periods` that begin before it ends."""
    step = timedelta(minutes=run.slot_minutes)
    starts_at = run.starts_at
    for begins, ends in periods:
        if begins >= run.ends_at:
            break
        last_slot_over = run.starts_at + (begins - run.starts_at) // step * step
        if last_slot_over > starts_at:
            yield run._replace(starts_at=starts_at, ends_at=last_slot_over)
        # Rounded up to the grid: floor division of the negated distance.
        starts_at = run.starts_at - (run.starts_at - ends) // step * step
    if run.ends_at - starts_at >= step:
        yield run._replace(starts_at=starts_at)
