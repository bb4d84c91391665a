"""Turn time off in local time into periods, and subtract them from working periods.

Pure: no Django, no clock, no I/O.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import chain, islice
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling.clock.planning import (
    MIDNIGHT,
    HoursRefused,
    WorkingPeriod,
    check_times,
    gettext_noop,
    interval_periods,
)

EVERY_DAY = frozenset(range(7))

Period = tuple[datetime, datetime]
"""Start and end in UTC, half-open."""


@dataclass(frozen=True, slots=True)
class TimeOffSpec:
    """Time off from `opens` to `closes`, local time, on these weekdays from `first` to `last`.

    `last` is inclusive; None: without end. Times are minutes after midnight.
    """

    first: date
    last: date | None
    opens: int = 0
    closes: int = MIDNIGHT
    weekdays: frozenset[int] = EVERY_DAY

    def applies_on(self, day: date) -> bool:
        return (
            self.first <= day and (self.last is None or day <= self.last) and day.weekday() in self.weekdays
        )


@dataclass(frozen=True, slots=True)
class PeriodsByPlace:
    """Periods that depend on the place: the same local time is another instant in another time zone."""

    default: list[Period] = field(default_factory=list)
    """The merged periods, by start, at the clinic's own address and at each place not in `by_place`."""
    by_place: Mapping[UUID, list[Period]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(self._lists)

    @property
    def begins(self) -> datetime:
        """The start of the earliest period. There must be one."""
        return min(periods[0][0] for periods in self._lists if periods)

    @property
    def ends(self) -> datetime:
        """The end of the latest period. There must be one."""
        return max(periods[-1][1] for periods in self._lists if periods)

    def at(self, place: UUID | None) -> list[Period]:
        """The periods at a place; None is the clinic's own address."""
        return self.default if place is None else self.by_place.get(place, self.default)

    def overlap(self, period: Period, place: UUID | None) -> bool:
        """Whether any of the periods at this place overlaps `period`."""
        return overlaps_any(period, self.at(place))

    def rows(self) -> list[tuple[datetime, datetime, UUID | None]]:
        """Every period with its place; None stands for `default`."""
        by_place = ((*period, place) for place, periods in self.by_place.items() for period in periods)
        return [*((*period, None) for period in self.default), *by_place]

    @property
    def _lists(self) -> list[list[Period]]:
        return [self.default, *self.by_place.values()]


def check_time_off_spec(spec: TimeOffSpec) -> None:
    """Check that the dates, times and weekdays of the time off are valid.

    :raises HoursRefused: its last day is before its first, its end is not after its start, or it has no
        weekday
    """
    if spec.last is not None and spec.last < spec.first:
        message = gettext_noop("The last day of the time off cannot be before its first day.")
        raise HoursRefused("last_day_before_first", message)
    check_times(spec.opens, spec.closes)
    if not spec.weekdays:
        raise HoursRefused("no_weekday", gettext_noop("Choose at least one weekday."))


def time_off_periods(
    specs: Iterable[TimeOffSpec], *, zone: ZoneInfo, first: date, last: date
) -> list[Period]:
    """The merged periods of time off, by start, on the zone's days `first` to `last` (inclusive).

    If a local time is repeated, both occurrences are time off.
    """
    specs = tuple(specs)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return merge_periods(
        period
        for day in days
        for spec in specs
        if spec.applies_on(day)
        for period in interval_periods(zone, day, spec.opens, spec.closes)
    )


def merge_periods(periods: Iterable[Period]) -> list[Period]:
    """The periods by start, with those that overlap or touch merged into one."""
    merged: list[Period] = []
    for begins, ends in sorted(periods):
        if merged and begins <= merged[-1][1]:
            before, until = merged.pop()
            merged.append((before, max(until, ends)))
        else:
            merged.append((begins, ends))
    return merged


def overlaps_any(period: Period, periods: Sequence[Period]) -> bool:
    """Whether `period` overlaps any of `periods`, which must be merged."""
    first_ending_later = bisect_right(periods, period[0], key=lambda merged: merged[1])
    return first_ending_later < len(periods) and periods[first_ending_later][0] < period[1]


def difference(periods: Sequence[Period], others: Sequence[Period]) -> list[Period]:
    """The time in `periods` that is not in `others`. Both are merged."""
    rest: list[Period] = []
    for begins, ends in periods:
        since = begins
        first = bisect_right(others, begins, key=lambda merged: merged[1])
        for other_begins, other_ends in islice(others, first, None):
            if other_begins >= ends:
                break
            if since < other_begins:
                rest.append((since, other_begins))
            since = max(since, other_ends)
        if since < ends:
            rest.append((since, ends))
    return rest


def subtract_periods(working: Iterable[WorkingPeriod], periods: Sequence[Period]) -> Iterator[WorkingPeriod]:
    """The slots of working periods that lie wholly outside `periods`, as working periods. No slot moves.

    :param periods: merged
    """
    ends = [end for _, end in periods]
    for working_period in working:
        first_ending_later = bisect_right(ends, working_period.starts_at)
        if first_ending_later == len(periods) or periods[first_ending_later][0] >= working_period.ends_at:
            yield working_period
        else:
            yield from _cut_out(working_period, islice(periods, first_ending_later, None))


def subtract_by_place(working: Iterable[WorkingPeriod], periods: PeriodsByPlace) -> Iterator[WorkingPeriod]:
    """As `subtract_periods`, with the periods at the place of each working period."""
    return chain.from_iterable(
        subtract_periods([working_period], periods.at(working_period.place)) for working_period in working
    )


def _cut_out(working: WorkingPeriod, periods: Iterable[Period]) -> Iterator[WorkingPeriod]:
    """The rest of a working period, cut between its slots, without the slots that overlap `periods`."""
    step = timedelta(minutes=working.slot_minutes)
    starts_at = working.starts_at
    for begins, ends in periods:
        if begins >= working.ends_at:
            break
        last_slot_end = working.starts_at + (begins - working.starts_at) // step * step
        if last_slot_end > starts_at:
            yield working._replace(starts_at=starts_at, ends_at=last_slot_end)
        # Rounded up to a slot's start: floor division of the negative distance.
        starts_at = working.starts_at - (working.starts_at - ends) // step * step
    if working.ends_at - starts_at >= step:
        yield working._replace(starts_at=starts_at)
