"""On which days a series of visits falls. Pure: no Django, no clock, no I/O."""

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple


class Unit(StrEnum):
    """What repeats: the day of the week, of the month (the 15th), or the nth weekday of it (2nd Tuesday)."""

    WEEK = "week"
    MONTH_DAY = "month_day"
    MONTH_WEEKDAY = "month_weekday"


class Missing(NamedTuple):
    """A month that has no such day: no 31st, no fifth Tuesday."""

    year: int
    month: int


def series_days(*, first: date, unit: Unit, every: int, count: int) -> list[date | Missing]:
    """The day of each visit, `every` weeks or months after the one before.

    A month without such a day takes its place in the series, and is counted, as `Missing`: whether to
    move that visit or leave it out is for a person to say.
    """
    if unit is Unit.WEEK:
        return [first + timedelta(weeks=every * n) for n in range(count)]
    months = range(first.month - 1, first.month - 1 + every * count, every)
    return [_corresponding_day(first, unit, first.year + month // 12, month % 12 + 1) for month in months]


def _corresponding_day(first: date, unit: Unit, year: int, month: int) -> date | Missing:
    """The day of that month which corresponds to `first` in its own."""
    weekday_of_the_1st, length = monthrange(year, month)
    day = first.day
    if unit is Unit.MONTH_WEEKDAY:
        weeks_before = (first.day - 1) // 7
        day = 1 + (first.weekday() - weekday_of_the_1st) % 7 + 7 * weeks_before
    return date(year, month, day) if day <= length else Missing(year, month)
