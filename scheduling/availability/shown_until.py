"""Until when doctors with their next open slots are shown correctly if nothing is changed."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from clinics.selectors import clinic_settings
from scheduling.availability.booking_window import notice_period
from scheduling.calendar.local_times import clinic_day
from tenants.base.clock import day_start
from tenants.current import current_clinic


def shown_until(next_open: Iterable[datetime | None], *, now: datetime) -> datetime:
    """Return when one of the next open slots is too soon to be booked, at the latest the end of the day.

    On the next day of the clinic, patients can book one day further ahead.

    :param next_open: the start of each doctor's next open slot; None: there is none
    """
    notice = notice_period(clinic_settings(), None)
    end_of_day = day_start(clinic_day(now) + timedelta(days=1), current_clinic().zone)
    return min([end_of_day, *(start - notice for start in next_open if start is not None)])
