"""Weekdays as Django Admin shows them."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from scheduling.models.time_off import every_day
from tenants.base.weekdays import Weekday


def format_weekdays(weekdays: Sequence[int]) -> str:
    """Return the names of the days, or “every day”."""
    if sorted(weekdays) == every_day():
        return _("every day")
    return ", ".join(str(Weekday(day).label) for day in weekdays)
