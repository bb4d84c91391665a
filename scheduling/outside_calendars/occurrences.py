"""When the events of a calendar take place, in UTC: repetitions, exceptions, moved and cancelled ones."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar import Calendar

from scheduling.clock.time_off import Period, merge_periods

_DAY = timedelta(days=1)
_SHIFTED = {"DAILY": _DAY, "WEEKLY": 7 * _DAY}
"""Rules that may begin later without another result: a whole number of their intervals later."""
MAX_PERIODS = 5000


class TooManyPeriods(Exception):
    """The calendar has more busy periods than are stored."""


@dataclass(frozen=True, slots=True)
class Window:
    """The instants between which periods count, and the zones of dates and of local times."""

    begins: datetime
    ends: datetime
    zones: tuple[tzinfo, ...]
    """The zones in which the doctor works. A whole day lasts from its first begin to its last end in them."""
    floating: tzinfo
    """The zone of local times that name none."""


def busy_periods(calendar: Calendar, window: Window) -> list[Period]:
    """The busy periods within the window, merged, in order.

    :raises TooManyPeriods: there are more than `MAX_PERIODS`
    :raises ValueError: an event has values that mean nothing
    """
    found: list[Period] = []
    for period in _all_periods(calendar, window):
        begins, ends = max(period[0], window.begins), min(period[1], window.ends)
        if begins < ends:
            found.append((begins, ends))
        if len(found) > 4 * MAX_PERIODS:
            raise TooManyPeriods
    merged = merge_periods(found)
    if len(merged) > MAX_PERIODS:
        raise TooManyPeriods
    return merged


def _all_periods(calendar: Calendar, window: Window) -> Iterator[Period]:
    masters: list[Any] = []
    changed: dict[str, list[Any]] = defaultdict(list)
    for event in calendar.walk("VEVENT"):
        if "RECURRENCE-ID" in event:
            changed[str(event.get("UID", ""))].append(event)
        else:
            masters.append(event)
    for event in masters:
        yield from _event_periods(event, changed[str(event.get("UID", ""))], window)
    for event in (event for events in changed.values() for event in events):
        if _takes_time(event):
            span = _Span.of(event, window)
            yield span.period(span.starts)
    for answer in calendar.walk("VFREEBUSY"):
        yield from _free_busy(answer)


def _takes_time(event: Any) -> bool:
    """Whether the event keeps its time busy: it is neither cancelled nor marked as free."""
    return (
        str(event.get("STATUS", "")).upper() != "CANCELLED"
        and str(event.get("TRANSP", "")).upper() != "TRANSPARENT"
        and str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() != "FREE"
    )


@dataclass(frozen=True, slots=True)
class _Span:
    """The start of an event in local time, and how long it lasts."""

    starts: datetime
    """Local time, without a zone."""
    zone: tzinfo | None
    """The zone of the local time; None for whole days."""
    days: int
    """The part of the length that is in days of the calendar."""
    exact: timedelta
    """The rest of the length, in real time."""
    zones: tuple[tzinfo, ...]

    @classmethod
    def of(cls, event: Any, window: Window) -> "_Span":
        """The span of an event. Without an end, a date lasts a day and a time does not last.

        :raises ValueError: it has no start
        """
        if "DTSTART" not in event:
            raise ValueError("no start")
        value = event["DTSTART"].dt
        duration = event["DURATION"].dt if "DURATION" in event else None
        if not isinstance(value, datetime):
            end = event["DTEND"].dt if "DTEND" in event else None
            days = duration.days if duration else (_as_date(end) - value).days if end else 1
            return cls(datetime.combine(value, time()), None, max(days, 1), timedelta(), window.zones)
        zone = value.tzinfo or window.floating
        start = value.replace(tzinfo=None)
        if duration is not None:
            days, exact = duration.days, timedelta(seconds=duration.seconds)
        else:
            end = event["DTEND"].dt if "DTEND" in event else value
            days, exact = 0, _instant(_as_time(end), window.floating) - _instant(value, window.floating)
        return cls(start, zone, days, max(exact, timedelta()), window.zones)

    def period(self, starts: datetime) -> Period:
        """The period (UTC) of the occurrence that starts at that local time."""
        if self.zone is None:
            ends = starts + self.days * _DAY
            begin = min(starts.replace(tzinfo=zone).astimezone(UTC) for zone in self.zones)
            return begin, max(ends.replace(tzinfo=zone).astimezone(UTC) for zone in self.zones)
        begin = starts.replace(tzinfo=self.zone).astimezone(UTC)
        if not self.days:
            return begin, begin + self.exact
        return begin, (starts + self.days * _DAY).replace(tzinfo=self.zone).astimezone(UTC) + self.exact

    def local(self, value: date) -> datetime:
        """A date or time of the calendar in the local time of this event."""
        if not isinstance(value, datetime):
            return datetime.combine(value, time())
        if value.tzinfo is None or self.zone is None:
            return value.replace(tzinfo=None)
        return value.astimezone(self.zone).replace(tzinfo=None)


def _event_periods(event: Any, changed: list[Any], window: Window) -> Iterator[Period]:
    """The periods of an event and its repetitions, without those that another event replaces."""
    span = _Span.of(event, window)
    replaced = {span.local(other["RECURRENCE-ID"].dt) for other in changed}
    # From such a change on, all later occurrences are moved by as much.
    later = sorted(
        ((span.local(other["RECURRENCE-ID"].dt), other) for other in changed if _is_for_later(other)),
        key=lambda pair: pair[0],
    )
    for starts in _starts(event, span, window):
        if starts in replaced:
            continue
        change = next((pair for pair in reversed(later) if pair[0] <= starts), None)
        if change is None:
            if _takes_time(event):
                yield span.period(starts)
        elif _takes_time(change[1]):
            moved = _Span.of(change[1], window)
            yield moved.period(moved.starts + (starts - change[0]))
    if _takes_time(event):
        for begins, ends in _periods_of(event.get("RDATE")):
            yield _period(begins, ends, window.floating)


def _is_for_later(event: Any) -> bool:
    return str(event["RECURRENCE-ID"].params.get("RANGE", "")).upper() == "THISANDFUTURE"


def _starts(event: Any, span: _Span, window: Window) -> set[datetime]:
    """The local starts of the event and its repetitions that may overlap the window."""
    length = (span.days + 2) * _DAY + span.exact
    first = (window.begins - length).replace(tzinfo=None)
    last = (window.ends + 2 * _DAY).replace(tzinfo=None)
    starts = {span.starts, *(span.local(value) for value in _dates_of(event.get("RDATE")))}
    for rule in _listed(event.get("RRULE")):
        starts |= set(_repetitions(rule, span, first, last))
        if len(starts) > 4 * MAX_PERIODS:
            raise TooManyPeriods
    excluded = list(_dates_of(event.get("EXDATE")))
    days = {value for value in excluded if not isinstance(value, datetime)}
    times = {span.local(value) for value in excluded}
    return {
        start
        for start in starts
        if first <= start <= last and start not in times and start.date() not in days
    }


def _repetitions(rule: Any, span: _Span, first: datetime, last: datetime) -> Iterable[datetime]:
    """The local starts that a recurrence rule yields between two local times.

    :raises ValueError: the rule means nothing
    """
    parts = {name.upper(): list(values) for name, values in rule.items()}
    if int(parts.get("INTERVAL", [1])[0]) < 1:
        raise ValueError("interval")
    until = parts.pop("UNTIL", [None])[0]
    begin = span.starts
    step = _SHIFTED.get(str(parts["FREQ"][0]).upper())
    if step and "COUNT" not in parts and begin < first:
        step *= int(parts.get("INTERVAL", [1])[0])
        begin += (first - begin) // step * step
    text = rule.to_ical().decode()
    text = ";".join(part for part in text.split(";") if not part.upper().startswith("UNTIL="))
    found = rrulestr(f"RRULE:{text}", dtstart=begin)
    if until is not None:
        end = span.local(until)
        if not isinstance(until, datetime) and span.zone is not None:
            end = datetime.combine(until, time.max)
        last = min(last, end)
    for start in found.xafter(first, inc=True):
        if start > last:
            return
        yield start


def _listed(values: Any) -> list[Any]:
    """The values of a property: icalendar returns None for none, the value for one, else a list."""
    if isinstance(values, list):
        return values
    return [values] if values else []


def _dates_of(values: Any) -> Iterator[date]:
    """The dates and times of EXDATE or RDATE properties, without periods."""
    for value in _listed(values):
        for each in value.dts:
            if not isinstance(each.dt, tuple):
                yield each.dt


def _periods_of(values: Any) -> Iterator[tuple[datetime, Any]]:
    """The periods of RDATE properties."""
    for value in _listed(values):
        for each in value.dts:
            if isinstance(each.dt, tuple):
                yield each.dt


def _free_busy(answer: Any) -> Iterator[Period]:
    """The periods of a free-busy component that are not marked as free."""
    for value in _listed(answer.get("FREEBUSY")):
        if str(value.params.get("FBTYPE", "BUSY")).upper() != "FREE":
            begins, ends = value.dt
            yield _period(begins, ends, UTC)


def _period(begins: datetime, ends: datetime | timedelta, floating: tzinfo) -> Period:
    """A period (UTC) that is given by its start, and its end or length."""
    start = _instant(begins, floating)
    return start, start + ends if isinstance(ends, timedelta) else _instant(ends, floating)


def _as_date(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _as_time(value: date) -> datetime:
    return value if isinstance(value, datetime) else datetime.combine(value, time())


def _instant(value: datetime, floating: tzinfo) -> datetime:
    return (value if value.tzinfo else value.replace(tzinfo=floating)).astimezone(UTC)


def zone_or(name: str, default: tzinfo) -> tzinfo:
    """The time zone with that name, or else `default`."""
    try:
        return ZoneInfo(name) if name else default
    except (ValueError, OSError, KeyError):
        return default
