"""When reminders of a visit are due. Pure: no Django, no clock, no I/O."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from clinics.reminder_offsets import is_in_days
from scheduling.clock.quiet_hours import QuietHours

_BEFORE_QUIET_HOURS = timedelta(minutes=5)
"""How long before quiet hours a reminder is due that would fall into them, so that it arrives before them."""
_DAY_MINUTES = 24 * 60


class DueReminder(NamedTuple):
    """A reminder: its offset in minutes, when it is due, and until when it is useful (UTC)."""

    offset: int
    due_at: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True)
class VisitStart:
    """When a visit starts (UTC), the zone in which its local time counts, and its recipient's quiet hours."""

    starts_at: datetime
    zone: ZoneInfo
    quiet: QuietHours

    def before(self, minutes: int) -> datetime:
        """Return the time that is `minutes` before the start.

        Offsets in days keep the local time: "7 days" before 9:00 is 9:00, also if the clocks change between.
        Offsets in hours and minutes are exact, as in RFC 5545, section 3.3.6.
        """
        if is_in_days(minutes):
            return self.days_later(self.starts_at, -(minutes // _DAY_MINUTES))
        return self.starts_at - timedelta(minutes=minutes)

    def days_later(self, instant: datetime, days: int) -> datetime:
        """Return the same local time, a number of days later.

        If the clock skips that time, it moves by the length of the gap. If it repeats it, the first counts.
        """
        local = instant.astimezone(self.zone).replace(tzinfo=None) + timedelta(days=days)
        return local.replace(tzinfo=self.zone).astimezone(UTC)

    def outside_quiet_hours(self, instant: datetime, *, earliest: datetime) -> datetime:
        """Return the last time before the quiet hours around `instant`, or their end if that is too early.

        :param earliest: the result is later
        """
        period = self.quiet.period_around(instant)
        if period is None:
            return instant
        before = period[0] - _BEFORE_QUIET_HOURS
        return before if before > earliest else period[1]


def due_reminders(visit: VisitStart, offsets: Iterable[int], *, earliest: datetime) -> Iterator[DueReminder]:
    """Yield the reminders of a visit, latest first.

    A reminder is useful until the next one is due, and at most until the visit starts. One that quiet hours
    move past the next one is left out.

    :param offsets: minutes before the start
    :param earliest: reminders that would be due then or earlier are left out: when the visit was booked
    """
    not_after = visit.starts_at
    for offset in sorted(offsets):
        wanted_at = visit.before(offset)
        if wanted_at <= earliest:
            return
        due_at = visit.outside_quiet_hours(wanted_at, earliest=earliest)
        if due_at < not_after:
            yield DueReminder(offset, due_at, not_after)
            not_after = due_at
