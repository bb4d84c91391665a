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

DAY = timedelta(days=1)
NOTHING = timedelta()


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
        return self.later(instant, NOTHING)

    def later(self, instant: datetime, lasts: timedelta) -> datetime:
        """When something has lasted that long which began at `instant`, quiet hours not counted.

        It may end at the moment at which they begin, yet never begins then.
        """
        at, left = instant, lasts
        for begins_at, ends_at in self._nights(instant):
            if ends_at <= at:
                continue
            if at < begins_at and at + left <= begins_at:
                break
            left -= max(begins_at - at, NOTHING)
            at = ends_at
        return at + left

    def _nights(self, instant: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The nights around an instant and all that follow, in UTC, each beginning after the one before."""
        if self.begins == self.ends:
            return
        # From the day before yesterday on: where a zone has skipped a date, last night began then.
        first = instant.astimezone(self.zone).date() - 2 * DAY
        for number in count():
            day = first + number * DAY
            begins_at = self._shown(day, self.begins)[0]
            ends_at = self._shown(day if self.begins < self.ends else day + DAY, self.ends)[-1]
            if begins_at < ends_at:
                yield begins_at, ends_at

    def _shown(self, day: date, wall: time) -> list[datetime]:
        """When the clock shows that time of the day; where it never does, the first moment after it."""
        after = timedelta(hours=wall.hour, minutes=wall.minute)
        shown = instants_of(day, wall.hour * 60 + wall.minute, self.zone)
        later = [part.begins for part in stretches_of(self.zone, day) if part.begins > part.midnight + after]
        return shown or later[:1] or self._shown(day + DAY, time.min)
