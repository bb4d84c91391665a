"""The hours said a second time, as plainly as possible: walk every minute that passes and look at the clock.

Knows nothing of offsets, clock changes or the planner's ways; reads only the fields of its `Hours`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from scheduling.planning import DatedException, Hours

Slot = tuple[datetime, datetime]


class MinuteWalk:
    """Every minute of the zone's days from `first` to `last`, each under the date its wall clock shows."""

    def __init__(self, zone: ZoneInfo, first: date, last: date) -> None:
        self.first, self.last = first, last
        self.minutes: dict[date, list[tuple[int, int]]] = defaultdict(list)
        begin = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(days=1)
        end = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=2)
        for passed in range(int(begin.timestamp()) // 60, int(end.timestamp()) // 60):
            wall = datetime.fromtimestamp(passed * 60, zone)
            self.minutes[wall.date()].append((passed, wall.hour * 60 + wall.minute))
        self.slots_on = cache(self._slots_on)

    def _slots_on(self, day: date, opens: int, closes: int, slot_minutes: int) -> list[Slot]:
        """A slot each time that `slot_minutes` open minutes have passed in a row."""
        slots = []
        since = before = None
        for passed, wall in self.minutes.get(day, []):
            if opens <= wall < closes:
                if since is None or passed - 1 != before:
                    since = passed
                before = passed
                if passed + 1 - since == slot_minutes:
                    slots.append((_instant(since), _instant(passed + 1)))
                    since = passed + 1
        return slots

    def slots(self, hours: Iterable[Hours], exceptions: Mapping[date, DatedException]) -> list[Slot]:
        hours = list(hours)
        found: list[Slot] = []
        for n in range((self.last - self.first).days + 1):
            day = self.first + timedelta(days=n)
            if day in exceptions:
                other = exceptions[day]
                for opens, closes in other.intervals:
                    found += self.slots_on(day, opens, closes, other.slot_minutes)
                continue
            for each in hours:
                begun = each.valid_from is None or day >= each.valid_from
                over = each.valid_until is not None and day > each.valid_until
                if each.weekday == day.weekday() and begun and not over:
                    found += self.slots_on(day, each.opens, each.closes, each.slot_minutes)
        return sorted(found)


def _instant(minutes: int) -> datetime:
    return datetime.fromtimestamp(minutes * 60, UTC)
