"""When nobody is to be disturbed, and how long something lasts that only runs while people are up.

Pure: no Django, no clock, no I/O.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from scheduling.clock_changes import instants_of
from scheduling.planning import stretches_of

_DAY = timedelta(days=1)
_ZERO = timedelta()


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The hours between two times on the wall clock of a zone, every night; none where both are the same.

    Where the clock is set back and shows a time twice, they begin at the first and end at the second: nobody
    is woken because an hour comes again. A time that it skips is the moment at which it does.
    """

    begins: time
    ends: time
    zone: ZoneInfo

    def end_of(self, instant: datetime) -> datetime:
        """When people are up again: `instant` itself where they are."""
        return self.later(instant, _ZERO)

    def later(self, instant: datetime, lasts: timedelta) -> datetime:
        """When something has lasted that long which began at `instant`, quiet hours not counted.

        It may end at the moment at which they begin, yet never begins then.
        """
        at, left = instant, lasts
        for begins_at, ends_at in self._quiet_periods(instant):
            if ends_at <= at:
                continue
            if at < begins_at and at + left <= begins_at:
                break
            left -= max(begins_at - at, _ZERO)
            at = ends_at
        return at + left

    def _quiet_periods(self, instant: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The nights around an instant and all that follow, in UTC, each beginning after the one before."""
        if self.begins == self.ends:
            return
        # From the day before yesterday on: where a zone has skipped a date, last night began then.
        first = instant.astimezone(self.zone).date() - 2 * _DAY
        for number in count():
            day = first + number * _DAY
            begins_at = self._instants(day, self.begins)[0]
            ends_at = self._instants(day if self.begins < self.ends else day + _DAY, self.ends)[-1]
            if begins_at < ends_at:
                yield begins_at, ends_at

    def _instants(self, day: date, wall: time) -> list[datetime]:
        """When the clock shows that time of the day; where it never does, the first moment after it."""
        after = timedelta(hours=wall.hour, minutes=wall.minute)
        shown = instants_of(day, wall.hour * 60 + wall.minute, self.zone)
        later = [part.begins for part in stretches_of(self.zone, day) if part.begins > part.midnight + after]
        return shown or later[:1] or self._instants(day + _DAY, time.min)
