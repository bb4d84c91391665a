"""Quiet hours, in which nobody is contacted, and durations that do not count them.

Pure: no Django, no clock, no I/O.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from scheduling.clock.clock_changes import instants_at
from scheduling.clock.planning import offset_segments

_DAY = timedelta(days=1)
_ZERO = timedelta()


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The hours from one local time to another, every night; none if both are the same.

    If the clock repeats a time, quiet hours begin at its first occurrence and end at its second. If it skips
    one, they begin or end at the clock change.
    """

    begins: time
    ends: time
    zone: ZoneInfo

    def earliest_contact(self, instant: datetime) -> datetime:
        """The end of the quiet hours around `instant`; `instant` itself if it is outside them."""
        return self.add_duration(instant, _ZERO)

    def period_around(self, instant: datetime) -> tuple[datetime, datetime] | None:
        """The quiet hours around `instant`, as a half-open period in UTC; None if it is outside them."""
        for begins_at, ends_at in self._quiet_periods(instant):
            if instant < begins_at:
                break
            if instant < ends_at:
                return begins_at, ends_at
        return None

    def add_duration(self, instant: datetime, duration: timedelta) -> datetime:
        """The end of a duration that begins at `instant`. Quiet hours do not count towards the duration.

        A duration may end at the start of quiet hours. One that begins in them begins at their end.
        """
        current, remaining = instant, duration
        for begins_at, ends_at in self._quiet_periods(instant):
            if ends_at <= current:
                continue
            if current < begins_at and current + remaining <= begins_at:
                break
            remaining -= max(begins_at - current, _ZERO)
            current = ends_at
        return current + remaining

    def _quiet_periods(self, instant: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The quiet hours around an instant and all later ones, in UTC and in order."""
        if self.begins == self.ends:
            return
        # From two days earlier on: if the zone skipped a date, the last quiet hours began then.
        first = instant.astimezone(self.zone).date() - 2 * _DAY
        for number in count():
            day = first + number * _DAY
            begins_at = self._instants(day, self.begins)[0]
            ends_at = self._instants(day if self.begins < self.ends else day + _DAY, self.ends)[-1]
            if begins_at < ends_at:
                yield begins_at, ends_at

    def _instants(self, day: date, local_time: time) -> list[datetime]:
        """The instants of a local time; if the clock skips it, the instant of the clock change."""
        after_midnight = timedelta(hours=local_time.hour, minutes=local_time.minute)
        found = instants_at(day, local_time.hour * 60 + local_time.minute, self.zone)
        segments = offset_segments(self.zone, day)
        later = [part.begins for part in segments if part.begins > part.midnight + after_midnight]
        return found or later[:1] or self._instants(day + _DAY, time.min)
