"""What a change of the clock does to single times of the day. Pure: no Django, no clock, no I/O."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scheduling.planning import stretches_of, utc_offsets


class ClockChange(NamedTuple):
    """An instant (UTC) from which the zone has another offset."""

    instant: datetime
    before: timedelta
    after: timedelta


def clock_changes(zone: ZoneInfo, start: datetime, end: datetime) -> list[ClockChange]:
    """The zone's changes from `start` until just before `end`."""
    # From a second earlier on, as a change at `start` itself shows only beside what was before it.
    offsets = utc_offsets(zone, start - timedelta(seconds=1), end)
    return [
        ClockChange(instant, before, after)
        for (_, before), (instant, after) in pairwise(offsets)
        if instant >= start
    ]


def instants_of(day: date, minutes: int, zone: ZoneInfo) -> list[datetime]:
    """The instants (UTC) at which the zone's clock shows that time of `day`.

    None where the clock skips it, two where it shows it twice, else one.

    :param minutes: after midnight on the wall clock, less than 1440
    """
    shown = timedelta(minutes=minutes)
    return [
        midnight + shown
        for begins, ends, midnight in stretches_of(zone, day)
        if begins <= midnight + shown < ends
    ]


def which_pass(instant: datetime, zone: ZoneInfo) -> int:
    """1 or 2 for the first or second pass of a time that the zone's clock shows twice, 0 for any other."""
    local = instant.astimezone(zone)
    if local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset():
        return 0
    return 1 + local.fold
