"""The clinic's days as the calendar draws them: in real minutes since the day began."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduling.clock.clock_changes import clock_changes, clock_pass
from tenants.base.clock import day_start

_DAY = timedelta(days=1)
_MARK_STEP = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Mark:
    """A full hour on the day's clock. In a doubled hour there are two with the same local time."""

    minute: int
    local_time: str
    clock_pass: int


@dataclass(frozen=True, slots=True)
class ClockChangeOnDay:
    """A clock change: by how many minutes the clock goes forward (or, if negative, back), and when."""

    at: datetime
    minute: int
    forward_minutes: int


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day of the clinic. It lasts 23 or 25 hours if the clocks change."""

    date: date
    starts_at: datetime
    ends_at: datetime
    holiday: str | None
    clock_change: ClockChangeOnDay | None
    marks: list[Mark]

    @property
    def minutes(self) -> int:
        """The length of the day in real minutes."""
        return self.minute_of(self.ends_at)

    def minute_of(self, instant: datetime) -> int:
        """Real minutes from the start of the day to `instant`; negative before it."""
        return int((instant - self.starts_at).total_seconds() // 60)

    def overlaps(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether any part of the period is on this day."""
        return starts_at < self.ends_at and ends_at > self.starts_at


def calendar_days(
    zone: ZoneInfo, *, first: date, last: date, closed: Mapping[date, str]
) -> list[CalendarDay]:
    """The days `first` to `last` (inclusive) in `zone`, each with its holiday from `closed`."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [_calendar_day(day, zone, closed.get(day)) for day in days]


def _calendar_day(day: date, zone: ZoneInfo, holiday: str | None) -> CalendarDay:
    # In UTC: two times in one zone would be subtracted as local times.
    starts_at, ends_at = _instant(day, zone), _instant(day + _DAY, zone)
    changes = clock_changes(zone, starts_at, ends_at)
    change = None
    if changes:
        minute = int((changes[0].instant - starts_at).total_seconds() // 60)
        forward = int((changes[0].after - changes[0].before).total_seconds() // 60)
        change = ClockChangeOnDay(changes[0].instant, minute, forward)
    return CalendarDay(day, starts_at, ends_at, holiday, change, _marks(starts_at, ends_at, zone))


def _instant(day: date, zone: ZoneInfo) -> datetime:
    utc = ZoneInfo("UTC")
    return day_start(day, zone).astimezone(utc)


def _marks(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> list[Mark]:
    marks = []
    for step in range((ends_at - starts_at) // _MARK_STEP):
        local = (starts_at + step * _MARK_STEP).astimezone(zone)
        if local.minute == 0:
            passed = clock_pass(starts_at + step * _MARK_STEP, zone)
            marks.append(Mark(step * 15, f"{local:%H:%M}", passed))
    return marks
