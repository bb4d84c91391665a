"""Clock changes of a zone, and skipped or repeated local times. Pure: no Django, no clock, no I/O."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scheduling.clock.planning import offset_segments, utc_offsets


class ClockChange(NamedTuple):
    """The instant (UTC) at which a zone's UTC offset changes, and the offsets before and after."""

    instant: datetime
    before: timedelta
    after: timedelta


def clock_changes(zone: ZoneInfo, start: datetime, end: datetime) -> list[ClockChange]:
    """The zone's clock changes from `start` until just before `end`."""
    # One second earlier, to include a change at `start` itself: it is found by comparing with the offset
    # before.
    offsets = utc_offsets(zone, start - timedelta(seconds=1), end)
    return [
        ClockChange(instant, before, after)
        for (_, before), (instant, after) in pairwise(offsets)
        if instant >= start
    ]


def instants_at(day: date, minutes: int, zone: ZoneInfo) -> list[datetime]:
    """The instants (UTC) of a local time: none if the clock skips it, two if it repeats it, else one.

    :param minutes: after local midnight, less than 1440
    """
    time_of_day = timedelta(minutes=minutes)
    return [
        midnight + time_of_day
        for begins, ends, midnight in offset_segments(zone, day)
        if begins <= midnight + time_of_day < ends
    ]


def clock_pass(instant: datetime, zone: ZoneInfo) -> int:
    """1 or 2 for the first or second occurrence of a repeated local time, 0 for any other."""
    local = instant.astimezone(zone)
    if local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset():
        return 0
    return 1 + local.fold
