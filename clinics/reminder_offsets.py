"""How long before a visit reminders are sent: in minutes, and as staff enter it ("7 days, 2 hours")."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

_HOUR, _DAY, _WEEK = 60, 24 * 60, 7 * 24 * 60
MAX_OFFSETS = 5
LONGEST_OFFSET = 60 * _DAY
SHORTEST_OFFSET = 5
_UNITS = {
    **dict.fromkeys(["m", "min", "mins", "minute", "minutes"], 1),
    **dict.fromkeys(["h", "hr", "hrs", "hour", "hours"], _HOUR),
    **dict.fromkeys(["d", "day", "days"], _DAY),
    **dict.fromkeys(["w", "week", "weeks"], _WEEK),
}
_OFFSET = re.compile(r"(\d{1,6})\s*([a-z]+)\Z", re.IGNORECASE)


def default_reminder_minutes() -> list[int]:
    """Return the reminders of a new clinic: 7 days, 24 hours and 2 hours before the visit."""
    return [7 * _DAY, _DAY, 2 * _HOUR]


def check_reminder_offsets(minutes: list[int]) -> None:
    """Check the offsets of reminders.

    :raises ValidationError: there are too many, two are the same, or one is too short or too long
    """
    if len(minutes) > MAX_OFFSETS:
        raise ValidationError(_("Enter at most %(count)d reminders.") % {"count": MAX_OFFSETS})
    if len(set(minutes)) < len(minutes):
        raise ValidationError(_("Enter each reminder once."))
    if any(not SHORTEST_OFFSET <= offset <= LONGEST_OFFSET for offset in minutes):
        raise ValidationError(_("A reminder can be sent 5 minutes to 60 days before the visit."))


def parse_offsets(text: str) -> list[int]:
    """Return the offsets that somebody entered, in minutes, longest first.

    :raises ValidationError: a part of the text is not a number with a unit
    """
    minutes = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        found = _OFFSET.match(part)
        unit = _UNITS.get(found[2].lower()) if found else None
        if found is None or unit is None:
            raise ValidationError(
                _("“%(part)s” is not a time. Enter numbers with a unit, for example 7 days, 2 hours.")
                % {"part": part}
            )
        minutes.append(int(found[1]) * unit)
    return sorted(minutes, reverse=True)


def offsets_in_words(minutes: list[int]) -> str:
    """Return offsets in the form in which they can be entered again, longest first."""
    return ", ".join(_in_words(offset) for offset in sorted(minutes, reverse=True))


def is_in_days(minutes: int) -> bool:
    """Return whether an offset is counted in days on the calendar, and not in hours: from two days on."""
    return minutes % _DAY == 0 and minutes > _DAY


def _in_words(minutes: int) -> str:
    """Return one offset, such as "2 hours", in the largest unit without a fraction. One day is 24 hours."""
    if is_in_days(minutes):
        return ngettext("%(count)d day", "%(count)d days", minutes // _DAY) % {"count": minutes // _DAY}
    if minutes % _HOUR == 0:
        return ngettext("%(count)d hour", "%(count)d hours", minutes // _HOUR) % {"count": minutes // _HOUR}
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
