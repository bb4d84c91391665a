"""Dates, times, lengths and languages in the words of the web app (`frontend/src/shared/times/format.ts`).

The arguments are those of the API: days as `2026-11-24` and local times as `09:30`.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any, TypeVar

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_currency
from django.utils.dateformat import format as date_format
from django.utils.dates import WEEKDAYS
from django.utils.formats import get_format
from django.utils.translation import get_language, ngettext, to_locale
from django.utils.translation import gettext as _

from tenants.base.locales import Language, language_of

_Value = TypeVar("_Value")

# Patterns of the Unicode CLDR, which browsers use too.
_LONG_DATE = {"ar": "EEEE، d MMMM", "de": "EEEE, d. MMMM", "es": "EEEE, d 'de' MMMM"}
_FULL_DATE = {"ar": "EEEE، d MMMM y", "de": "EEEE, d. MMMM y", "es": "EEEE, d 'de' MMMM 'de' y"}
_PLAIN_DATE = {"ar": "d MMMM y", "de": "d. MMMM y", "es": "d 'de' MMMM 'de' y"}
_SHORT_DATE = {"ar": "EEE، d MMM", "de": "EEE, d. MMM", "es": "EEE, d MMM", "es_US": "EEE, d 'de' MMM"}
_HALVES_OF_DAY = {"ar": ("ص", "م"), "es_US": ("a. m.", "p. m."), "en_GB": ("am", "pm"), "en_US": ("am", "pm")}
"""How the hours before and after noon are marked. The others count to 24."""

_MINUTES_IN_HOUR, _MINUTES_IN_DAY, _NOON = 60, 1440, 12


def _day(day: str | date) -> date:
    return day if isinstance(day, date) else date.fromisoformat(day)


def _written(day: str | date, english: str, patterns: Mapping[str, str]) -> str:
    """Return a date: in English by a format of Django's, in the other languages by a pattern of CLDR's."""
    if language_of(get_language()) == Language.ENGLISH:
        return date_format(_day(day), english)
    return format_date(_day(day), _for_locale(patterns) or "long", locale=_locale())


def _for_locale(values: Mapping[str, _Value]) -> _Value | None:
    """Return the value for the active language and region, or for the language."""
    return values.get(to_locale(get_language() or "en-gb")) or values.get(language_of(get_language()))


def long_date(day: str | date) -> str:
    """Return “Tuesday 24 November”; in en-US “Tuesday, November 24”."""
    # Translators: a date format of Django's, with weekday, day and month.
    return _written(day, _("l j F"), _LONG_DATE)


def full_date(day: str | date) -> str:
    """Return “Tuesday 24 November 2026”; in en-US “Tuesday, November 24, 2026”."""
    # Translators: a date format of Django's, with weekday, day, month and year.
    return _written(day, _("l j F Y"), _FULL_DATE)


def plain_date(day: str | date) -> str:
    """Return “24 November 2026”; in en-US “November 24, 2026”."""
    return _written(day, get_format("DATE_FORMAT"), _PLAIN_DATE)


def short_date(day: str | date) -> str:
    """Return “Tue 24 Nov”; in en-US “Tue, Nov 24”."""
    # Translators: a date format of Django's, with short weekday, day and short month.
    return _written(day, _("D j M"), _SHORT_DATE)


def clock_time(time: str) -> str:
    """Return “9:30 am” for `09:30`; in German “09:30”."""
    hour, minutes = int(time[:2]), time[3:5]
    if halves := _for_locale(_HALVES_OF_DAY):
        return f"{hour % _NOON or _NOON}:{minutes} {halves[hour >= _NOON]}"
    return time[:5] if language_of(get_language()) == Language.GERMAN else f"{hour}:{minutes}"


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
    return day_and_time(short_date(time["local_date"]), start_time(time))


def full_date_time(time: Mapping[str, Any]) -> str:
    """Return “Tuesday 24 November 2026, 9:30 am”."""
    return day_and_time(full_date(time["local_date"]), start_time(time))


def day_and_time(day: str, time: str) -> str:
    """Return “Tue 24 Nov, 9:30 am” for a day and a time in words, with the comma of the language's script."""
    comma = "،" if language_of(get_language()) == Language.ARABIC else ","
    return f"{day}{comma} {time}"


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


def city_name(zone: str) -> str:
    """Return the city of a time zone in the active language: “New York” for `America/New_York`."""
    in_english = zone.rsplit("/", 1)[-1].replace("_", " ")
    if language_of(get_language()) == Language.ENGLISH:
        return in_english
    return str(_locale().time_zones.get(zone, {}).get("city") or in_english)


def _locale() -> Locale:
    return _babel_locale(to_locale(get_language() or "en-gb"))


@cache
def _babel_locale(name: str) -> Locale:
    """Return the locale, or that of its language if the language has none for the region (`de_US`)."""
    try:
        return Locale.parse(name)
    except UnknownLocaleError:
        return Locale.parse(name.partition("_")[0])


def weekdays() -> list[tuple[int, str]]:
    """Return the weekdays as the API numbers them (0 is Monday), in the order of the active locale."""
    is_american = to_locale(get_language() or "").endswith("_US")
    order = [6, 0, 1, 2, 3, 4, 5] if is_american else [0, 1, 2, 3, 4, 5, 6]
    return [(number, str(WEEKDAYS[number])) for number in order]
