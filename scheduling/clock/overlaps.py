"""Find hours that overlap in real time. Pure: no Django, no clock, no I/O.

Hours at two places may have the same local times and not overlap, or other local times and overlap: 14:00 in
London is 09:00 in New York, except in the weeks between their clock changes.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scheduling.clock.planning import (
    DAY,
    MAX_CALENDAR_DIFFERENCE,
    DatedException,
    Hours,
    HoursRefused,
    format_clock,
    gettext_noop,
    hours_on,
    interval_periods,
)

CHECKED_AHEAD = timedelta(days=6 * 366)
"""How far ahead hours are compared. It contains every clock change in A weeks and in B weeks, and no booking
horizon is longer."""


_LATEST_START = date(9998, 12, 31) - CHECKED_AHEAD


class Overlap(NamedTuple):
    """Two intervals that overlap, the earlier one first, each with its local day."""

    earlier: Hours
    later: Hours
    earlier_day: date
    later_day: date
    starts_at: datetime
    """The start of the overlap, in UTC."""


def find_overlaps(
    *,
    hours: Iterable[Hours],
    exceptions: Mapping[date, DatedException],
    zone: ZoneInfo,
    first: date,
    last: date,
) -> Iterator[Overlap]:
    """The overlaps of hours in different time zones on the days `first` to `last` (inclusive), by start.

    Without hours in another zone than `zone`, the clinic's, there are none: see `check_week`.
    """
    hours = tuple(hours)
    zones = {item.zone or zone for item in hours} | {each.zone or zone for each in exceptions.values()}
    if len(zones) < 2:  # noqa: PLR2004
        return
    days = (first + n * DAY for n in range((last - first).days + 1))
    periods = sorted(
        (
            (starts_at, ends_at, day, item)
            for day in days
            for item in hours_on(day, hours, exceptions.get(day))
            for starts_at, ends_at in interval_periods(item.zone or zone, day, item.opens, item.closes)
        ),
        key=lambda period: period[:3],
    )
    latest = None
    for period in periods:
        starts_at, ends_at, day, item = period
        if latest is not None and starts_at < latest[1]:
            yield Overlap(latest[3], item, latest[2], day, starts_at)
        if latest is None or ends_at > latest[1]:
            latest = period


def check_real_time(*, hours: Iterable[Hours], zone: ZoneInfo, first: date) -> None:
    """Check that weekly hours do not overlap in real time from `first` on, while they are valid.

    :raises HoursRefused: they do; the message names the first day of the overlap
    """
    hours = tuple(hours)
    last = first + CHECKED_AHEAD
    later_starts = sorted({item.valid_from for item in hours if item.valid_from and item.valid_from > last})
    for start in [first, *later_starts]:
        begin, end = start - MAX_CALENDAR_DIFFERENCE, min(start, _LATEST_START) + CHECKED_AHEAD
        refuse_first(find_overlaps(hours=hours, exceptions={}, zone=zone, first=begin, last=end), zone)


def refuse_first(overlaps: Iterable[Overlap], zone: ZoneInfo) -> None:
    """Refuse the first of the overlaps, if there is one.

    :param zone: the clinic's
    :raises HoursRefused: there is one
    """
    for overlap in overlaps:
        message = gettext_noop(
            "On %(day)s, %(earlier)s (%(earlier_zone)s) and %(later)s (%(later_zone)s) overlap. Change one "
            "of them."
        )
        raise HoursRefused(
            "overlap_in_real_time",
            message,
            day=overlap.starts_at.astimezone(zone).date(),
            earlier=_interval(overlap.earlier),
            earlier_zone=(overlap.earlier.zone or zone).key,
            later=_interval(overlap.later),
            later_zone=(overlap.later.zone or zone).key,
        )


def _interval(hours: Hours) -> str:
    return f"{format_clock(hours.opens)}-{format_clock(hours.closes)}"
