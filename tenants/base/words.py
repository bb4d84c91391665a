"""Dates, times, lengths and languages in the words of the web app (`frontend/src/shared/times/format.ts`).

The arguments are those of the API: days as `2026-11-24` and local times as `09:30`.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency
from django.utils.dateformat import format as date_format
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language, ngettext, to_locale
from django.utils.translation import gettext as _

_MINUTES_IN_HOUR, _MINUTES_IN_DAY, _NOON = 60, 1440, 12


def _day(day: str | date) -> date:
    return day if isinstance(day, date) else date.fromisoformat(day)


def long_date(day: str | date) -> str:
    """Return “Tuesday 24 November”; in en-US “Tuesday, November 24”."""
    # Translators: a date format of Django's, with weekday, day and month.
    return date_format(_day(day), _("l j F"))


def full_date(day: str | date) -> str:
    """Return “Tuesday 24 November 2026”; in en-US “Tuesday, November 24, 2026”."""
    # Translators: a date format of Django's, with weekday, day, month and year.
    return date_format(_day(day), _("l j F Y"))


def short_date(day: str | date) -> str:
    """Return “Tue 24 Nov”; in en-US “Tue, Nov 24”."""
    # Translators: a date format of Django's, with short weekday, day and short month.
    return date_format(_day(day), _("D j M"))


def clock_time(time: str) -> str:
    """Return “9:30 am” for `09:30`."""
    hour, minutes = int(time[:2]), time[3:5]
    return f"{hour % _NOON or _NOON}:{minutes} {'am' if hour < _NOON else 'pm'}"


def repeated_hour_note(time: Mapping[str, Any]) -> str:
    """Return which of the two hours a time is in, when the clocks go back; else ""."""
    notes = {
        1: _("(first time, before the clocks go back)"),
        2: _("(second time, after the clocks go back)"),
    }
    return notes.get(time.get("clock_pass", 0), "")


def start_time(time: Mapping[str, Any]) -> str:
    """Return “9:30 am”, with a note in the repeated hour."""
    return " ".join(filter(None, [clock_time(time["local_time"]), repeated_hour_note(time)]))


def end_time(time: Mapping[str, Any]) -> str:
    """Return the end of a period. One that starts in the first repeated hour may end in the second."""
    is_later = time.get("clock_pass") == 1 and time["local_end_time"] <= time["local_time"]
    return start_time({"local_time": time["local_end_time"], "clock_pass": 2 if is_later else 0})


def short_date_time(time: Mapping[str, Any]) -> str:
    """Return “Tue 24 Nov, 9:30 am”."""
    return f"{short_date(time['local_date'])}, {start_time(time)}"


def full_date_time(time: Mapping[str, Any]) -> str:
    """Return “Tuesday 24 November 2026, 9:30 am”."""
    return f"{full_date(time['local_date'])}, {start_time(time)}"


def duration(minutes: int) -> str:
    """Return “24 hours”, “2 days” or “45 minutes”."""
    if minutes % _MINUTES_IN_DAY == 0 and minutes > _MINUTES_IN_DAY:
        days = minutes // _MINUTES_IN_DAY
        return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
    if minutes % _MINUTES_IN_HOUR == 0:
        hours = minutes // _MINUTES_IN_HOUR
        return ngettext("%(hours)d hour", "%(hours)d hours", hours) % {"hours": hours}
    return ngettext("%(minutes)d minute", "%(minutes)d minutes", minutes) % {"minutes": minutes}


def language_names(codes: Iterable[str]) -> str:
    """Return “English, Polish” for language codes (BCP 47)."""
    return ", ".join(_language_name(code) for code in codes)


def _language_name(code: str) -> str:
    try:
        return Locale.parse(code, sep="-").get_display_name(_locale()) or code
    except (UnknownLocaleError, ValueError):
        return code


def price(amount: str, currency: str) -> str:
    """Return a price as the active locale writes it: “£45.00”."""
    return format_currency(amount, currency, locale=_locale())


def _locale() -> str:
    return to_locale(get_language() or "en-gb")


def weekdays() -> list[tuple[int, str]]:
    """Return the weekdays as the API numbers them (0 is Monday), in the order of the active locale."""
    order = [6, 0, 1, 2, 3, 4, 5] if _locale() == "en_US" else [0, 1, 2, 3, 4, 5, 6]
    return [(number, str(WEEKDAYS[number])) for number in order]
