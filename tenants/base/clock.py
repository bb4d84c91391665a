"""The current time, time zones and local times."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tenants.base.words import city_name, clock_time, full_date


def now() -> datetime:
    """Return the current time in UTC."""
    return timezone.now()


@cache
def time_zone_names() -> frozenset[str]:
    """Return the names of all IANA time zones in the pinned tzdata package."""
    return frozenset(available_timezones())


def validate_time_zone(name: str) -> None:
    """Validate the name of a time zone.

    :raises ValidationError: it is not an IANA time zone
    """
    if name not in time_zone_names():
        raise ValidationError(
            _("“%(name)s” is not a time zone. Use a name such as Europe/London."),
            code="zone",
            params={"name": name},
        )


def time_zone_label(name: str) -> str:
    """Return a time zone's name for patients: “New York time” for `America/New_York`."""
    return _time_zone_label(name, get_language())


@lru_cache(maxsize=1024)
def _time_zone_label(name: str, _language: str | None) -> str:
    """Return the label in the active language. Lists name the zone of each of their rows."""
    return _("%(city)s time") % {"city": city_name(name)}


@dataclass(frozen=True, slots=True)
class LocalTime:
    """The local date and time of an instant."""

    on: date
    time: str
    """Hours and minutes in 24-hour format, such as `09:30`."""


def local_time(instant: datetime, zone: ZoneInfo) -> LocalTime:
    """Return the local date and time of `instant` in `zone`."""
    local = instant.astimezone(zone)
    return LocalTime(on=local.date(), time=f"{local:%H:%M}")


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """Return the first instant of `day` in `zone`.

    If midnight is skipped (Havana in spring), that is the instant of the clock change. If midnight occurs
    twice (Havana in autumn), it is the first one.
    """
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def format_day(instant: datetime, zone: ZoneInfo) -> str:
    """Return the local date in `zone`: “Tuesday 24 November 2026”; in en-US “Tuesday, November 24, 2026”."""
    return format_date_with_weekday(instant.astimezone(zone).date())


def format_date_with_weekday(day: date) -> str:
    """Return a date with its weekday, in the active locale."""
    return full_date(day)


def format_time(instant: datetime, zone: ZoneInfo) -> str:
    """Return the local time in `zone`: “9:30 am”. Show `time_zone_label` beside it."""
    return clock_time(f"{instant.astimezone(zone):%H:%M}")


def format_staff_time(instant: datetime) -> str:
    """Return `instant` as all staff pages show it: “Tue 24 November 2026, 9:30 am”, in the active time zone.

    Pages name their time zone once, at the top. In the hour that a clock change repeats, the abbreviation
    of the offset tells the two times apart: “1:30 am (BST)”.
    """
    local = timezone.localtime(instant)
    text = formats.date_format(local, "DATETIME_FORMAT")
    is_repeated = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    return f"{text} ({local:%Z})" if is_repeated else text
