"""An instant as the clinic's wall shows it, in the fields every object with a time carries."""

from datetime import date, datetime, timedelta
from typing import Any

from clinics.models import ClinicSettings
from tenants.base.clock import day_start, local_time, zone_label
from tenants.door import current_clinic


def wall_fields(starts_at: datetime, ends_at: datetime) -> dict[str, Any]:
    """Start and end in UTC, and on the clinic's wall, so that no client needs zone data of its own."""
    clinic = current_clinic()
    start, end = local_time(starts_at, clinic.zone), local_time(ends_at, clinic.zone)
    return {
        "starts_at": starts_at,
        "ends_at": ends_at,
        "time_zone": clinic.time_zone,
        "tz_label": zone_label(clinic.time_zone),
        "local_date": start.on,
        "local_time": start.time,
        "local_end_time": end.time,
    }


def clinic_day(now: datetime) -> date:
    """The day it is at the clinic."""
    return now.astimezone(current_clinic().zone).date()


def last_bookable_day(settings: ClinicSettings, *, now: datetime) -> date:
    """The last of the clinic's days that can be booked at `now`."""
    return clinic_day(now) + timedelta(days=settings.horizon_days)


def last_bookable_instant(settings: ClinicSettings, *, now: datetime) -> datetime:
    """The instant from which on nothing can be booked yet."""
    return day_start(last_bookable_day(settings, now=now) + timedelta(days=1), current_clinic().zone)
