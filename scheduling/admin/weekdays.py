"""Weekdays and times of day as Django Admin shows them."""

from collections.abc import Sequence
from datetime import time

from django.utils.formats import time_format
from django.utils.translation import gettext as _

from scheduling.models.hours import MIDNIGHT, Weekday
from scheduling.models.time_off import every_day


def days_in_words(weekdays: Sequence[int]) -> str:
    """Return the names of the days, or “every day”."""
    if sorted(weekdays) == every_day():
        return _("every day")
    return ", ".join(str(Weekday(day).label) for day in weekdays)


def clock_range(opens: int, closes: int) -> str:
    """Return two times of day, given in minutes after midnight: “9:00 am to 5:00 pm”, or “all day”."""
    if (opens, closes) == (0, MIDNIGHT):
        return _("all day")
    return _("%(opens)s to %(closes)s") % {"opens": _clock(opens), "closes": _clock(closes)}


def _clock(minutes: int) -> str:
    if minutes == MIDNIGHT:
        return _("midnight")
    return time_format(time(*divmod(minutes, 60)), "TIME_FORMAT")
