"""The clinic's holidays and business days."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta

from clinics.models import ClinicSettings
from clinics.public_holidays import RegionUnknown, public_holidays
from scheduling.models import HolidayChoice

_SATURDAY = 5


def closed_days(settings: ClinicSettings, *, first: date, last: date) -> dict[date, str]:
    """The names of the clinic's holidays from `first` to `last` (inclusive), its own exceptions applied."""
    closed: dict[date, str] = {}
    for year in range(first.year, last.year + 1):
        closed |= _public_holidays(settings, year)
    for choice in HolidayChoice.objects.filter(day__range=(first, last)):
        if choice.is_open:
            closed.pop(choice.day, None)
        else:
            closed[choice.day] = choice.name
    return {day: name for day, name in sorted(closed.items()) if first <= day <= last}


def is_public_holiday(settings: ClinicSettings, day: date) -> bool:
    """Whether the clinic is closed on the day unless it chooses to be open."""
    return day in _public_holidays(settings, day.year)


def _public_holidays(settings: ClinicSettings, year: int) -> dict[date, str]:
    """The names of the public holidays that the clinic follows in a year."""
    if settings.holiday_country:
        # The region was valid when it was set, but a later version of `holidays` may not know it.
        with suppress(RegionUnknown):
            return dict(public_holidays(settings.holiday_country, settings.holiday_region, year))
    return {}


def business_day_after(settings: ClinicSettings, *, today: date, count: int) -> date:
    """The `count`-th day after `today` that is a Monday to Friday and not a holiday of the clinic."""
    # Five of seven days are weekdays, and a year has fewer than 40 holidays.
    furthest = today + timedelta(days=count * 2 + 60)
    closed = closed_days(settings, first=today, last=furthest)
    business_days = (day for day in _days_after(today) if day.weekday() < _SATURDAY and day not in closed)
    day = today
    for _ in range(count):
        day = next(business_days)
    return day


def _days_after(day: date) -> Iterator[date]:
    while True:
        day += timedelta(days=1)
        yield day
