"""Open times grouped by day and part of the day."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from scheduling.availability.conditions import PARTS_OF_DAY
from scheduling.clock.planning import parse_clock

DAYS_SHOWN = 7
FOLDED_ABOVE = 8
"""A day with more times is folded."""


@dataclass(frozen=True, slots=True)
class DayPart:
    """The open slots of a part of a day."""

    part: str
    """A key of `PARTS_OF_DAY`."""
    slots: list[dict[str, Any]]
    is_open: bool
    """Whether the times are shown although the day is folded."""


@dataclass(slots=True)
class DayGroup:
    """A day with its open slots, or consecutive days without any."""

    days: list[date]
    slots: list[dict[str, Any]] = field(default_factory=list)
    until: date | None = None
    """The next day of the week with times, for days without any."""
    parts: list[DayPart] = field(default_factory=list)

    @property
    def is_folded(self) -> bool:
        """Whether the day has so many times that each part of it is folded."""
        return len(self.slots) > FOLDED_ABOVE


def group_days(first: date, slots: list[dict[str, Any]], *, chosen: str | None) -> list[DayGroup]:
    """Return seven days from `first` on. Consecutive days without times form one group.

    :param chosen: the id of the chosen slot, which is never folded away
    """
    groups: list[DayGroup] = []
    for number in range(DAYS_SHOWN):
        day = first + timedelta(days=number)
        open_slots_of_day = [slot for slot in slots if slot["local_date"] == day.isoformat()]
        if open_slots_of_day:
            if groups and not groups[-1].slots:
                groups[-1].until = day
            is_first = not any(group.slots for group in groups)
            parts = parts_of_day(open_slots_of_day, chosen=chosen, is_first=is_first)
            groups.append(DayGroup([day], open_slots_of_day, parts=parts))
        elif groups and not groups[-1].slots:
            groups[-1].days.append(day)
        else:
            groups.append(DayGroup([day]))
    return groups


def parts_of_day(slots: list[dict[str, Any]], *, chosen: str | None, is_first: bool) -> list[DayPart]:
    """Return the parts of a day that have open slots.

    :param is_first: whether it is the first day with times, whose first part is shown
    """
    parts: list[DayPart] = []
    for part, (begins, ends) in PARTS_OF_DAY.items():
        found = [slot for slot in slots if begins <= parse_clock(slot["local_time"]) < ends]
        if found:
            is_chosen = any(slot["id"] == chosen for slot in found)
            parts.append(DayPart(part, found, is_open=is_chosen or (is_first and not parts)))
    return parts
