"""Days of the week as the admin's pages say them."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from scheduling.models.hours import Weekday
from scheduling.models.time_off import every_day


def days_in_words(weekdays: Sequence[int]) -> str:
    """Their names, or that it is every day."""
    if sorted(weekdays) == every_day():
        return _("every day")
    return ", ".join(str(Weekday(day).label) for day in weekdays)
