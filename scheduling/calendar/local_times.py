"""Local times and days of the clinic and its places."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from clinics.models import ClinicSettings
from scheduling.clock.clock_changes import clock_pass
from scheduling.models import Place
from tenants.base.clock import local_time, time_zone_label, time_zone_names
from tenants.base.errors import InvalidInput
from tenants.current import current_clinic


def local_time_fields(starts_at: datetime, ends_at: datetime, place: Place | None = None) -> dict[str, Any]:
    """Start and end in UTC and in the local time of the place, or of the clinic, as API fields.

    With these fields, clients need no time zone data of their own.
    """
    location = place or current_clinic()
    start, end = local_time(starts_at, location.zone), local_time(ends_at, location.zone)
    return {
        "starts_at": starts_at,
        "ends_at": ends_at,
        "time_zone": location.time_zone,
        "tz_label": time_zone_label(location.time_zone),
        "local_date": start.on,
        "local_time": start.time,
        "local_end_time": end.time,
        "clock_pass": clock_pass(starts_at, location.zone),
    }


def clinic_day(now: datetime) -> date:
    """The clinic's local date at an instant."""
    return now.astimezone(current_clinic().zone).date()


def booking_horizon(settings: ClinicSettings, *, now: datetime) -> date:
    """The last of the clinic's days that can be booked at `now`, regardless of the visit type."""
    return clinic_day(now) + timedelta(days=settings.horizon_days)


def check_place_time_zones() -> None:
    """Check the time zones of all places, which a restored clinic's file may contain in any form.

    :raises InvalidInput: a place has a time zone that is not known here
    """
    for place in Place.objects.exclude(time_zone__in=time_zone_names()):
        message = _("The time zone “%(zone)s” of the place “%(place)s” is not known. Nothing was restored.")
        raise InvalidInput(errors={"file": [message % {"zone": place.time_zone, "place": place.name}]})
