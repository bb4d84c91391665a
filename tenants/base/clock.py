"""The one door to wall-clock time: zones by name, their labels, instants as a clinic reads them."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _


def now() -> datetime:
    """This instant, aware, in UTC."""
    return timezone.now()


@cache
def zone_names() -> frozenset[str]:
    """Every IANA zone the pinned tzdata package knows."""
    return frozenset(available_timezones())


def check_zone(name: str) -> None:
    """Refuse what is not an IANA zone name.

    :raises ValidationError: tzdata has no such zone
    """
    if name not in zone_names():
        raise ValidationError(
            _("“%(name)s” is not a time zone. Use a name such as Europe/London."),
            code="zone",
            params={"name": name},
        )


def zone_label(name: str) -> str:
    """The zone in a patient's words: `America/New_York` is “New York time”."""
    return _("%(city)s time") % {"city": name.rsplit("/", 1)[-1].replace("_", " ")}


@dataclass(frozen=True, slots=True)
class LocalTime:
    """An instant on a clinic's wall."""

    on: date
    time: str
    """Hours and minutes, 24 hours, `09:30`."""


def local_time(instant: datetime, zone: ZoneInfo) -> LocalTime:
    """What calendar and clock on the wall in `zone` show at `instant`."""
    wall = instant.astimezone(zone)
    return LocalTime(on=wall.date(), time=f"{wall:%H:%M}")


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of `day` in `zone`.

    A skipped midnight (Havana in spring), read with the offset before it, is the instant of the change; of a
    midnight that comes twice (Havana in autumn) it is the first.
    """
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def spoken_day(instant: datetime, zone: ZoneInfo) -> str:
    """The day on the wall in `zone`, in words: “Tuesday 24 November 2026”."""
    return date_format(instant.astimezone(zone), _("l j F Y"))


def spoken_time(instant: datetime, zone: ZoneInfo) -> str:
    """The time on the wall in `zone`, in words: “9:30 am”. Say the zone beside it."""
    wall = instant.astimezone(zone)
    half = _("am") if wall.hour < 12 else _("pm")  # noqa: PLR2004
    return _("%(time)s %(half)s") % {"time": date_format(wall, "g:i"), "half": half}
