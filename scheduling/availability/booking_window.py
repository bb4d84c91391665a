"""The booking window: how soon and how far ahead a time can be booked."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from clinics.models import ClinicSettings
from scheduling.calendar.holidays import business_day_after
from scheduling.calendar.local_times import booking_horizon, clinic_day
from scheduling.models import VisitType
from tenants.base.clock import day_start
from tenants.current import current_clinic


@dataclass(frozen=True, slots=True)
class Window:
    """A slot can be booked if it starts at `soonest` or later, and before `before` (UTC)."""

    soonest: datetime
    before: datetime


def booking_window(
    settings: ClinicSettings, *, visit_type: VisitType | None, by_staff: bool = False, now: datetime
) -> Window:
    """The window in which a visit of this type can be booked at `now`. Staff need not give notice."""
    last = last_bookable_day(settings, visit_type=None if by_staff else visit_type, now=now)
    return Window(
        soonest=now if by_staff else now + notice_period(settings, visit_type),
        before=day_start(last + timedelta(days=1), current_clinic().zone),
    )


def notice_period(settings: ClinicSettings, visit_type: VisitType | None) -> timedelta:
    """The notice that patients must give: the longer of the clinic's and the visit type's."""
    of_visit_type = visit_type.notice_minutes if visit_type else 0
    return timedelta(minutes=max(settings.booking_notice_minutes, of_visit_type))


def last_bookable_day(settings: ClinicSettings, *, visit_type: VisitType | None, now: datetime) -> date:
    """The last of the clinic's days on which the visit type can be booked at `now`."""
    furthest = booking_horizon(settings, now=now)
    if visit_type is None or visit_type.window_days is None:
        return furthest
    today = clinic_day(now)
    if visit_type.window_counts == VisitType.DaysCounted.BUSINESS:
        last = business_day_after(settings, today=today, count=visit_type.window_days)
    else:
        last = today + timedelta(days=visit_type.window_days)
    return min(furthest, last)
