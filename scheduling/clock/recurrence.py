"""The days of recurring visits. Pure: no Django, no clock, no I/O."""

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple


class Unit(StrEnum):
    """How visits recur: on a weekday, a day of the month (the 15th) or its nth weekday (the 2nd Tuesday)."""

    WEEK = "week"
    MONTH_DAY = "month_day"
    MONTH_WEEKDAY = "month_weekday"


class MissingDay(NamedTuple):
    """A month without the requested day: no 31st, no fifth Tuesday."""

    year: int
    month: int


def series_days(*, first: date, unit: Unit, every: int, count: int) -> list[date | MissingDay]:
    """The day of each visit, `every` weeks or months after the previous one.

    A month without such a day counts as a visit and is returned as `MissingDay`, so that a person can decide
    whether to move that visit or leave it out.
    """
    if unit is Unit.WEEK:
        return [first + timedelta(weeks=every * n) for n in range(count)]
    months = range(first.month - 1, first.month - 1 + every * count, every)
    return [_corresponding_day(first, unit, first.year + month // 12, month % 12 + 1) for month in months]


def _corresponding_day(first: date, unit: Unit, year: int, month: int) -> date | MissingDay:
    """The day of a month that corresponds to `first` in its own month."""
    weekday_of_the_1st, length = monthrange(year, month)
    day = first.day
    if unit is Unit.MONTH_WEEKDAY:
        weeks_before = (first.day - 1) // 7
        day = 1 + (first.weekday() - weekday_of_the_1st) % 7 + 7 * weeks_before
    return date(year, month, day) if day <= length else MissingDay(year, month)
