"""The clinic's quiet hours."""

from zoneinfo import ZoneInfo

from clinics.models import ClinicSettings
from scheduling.clock.quiet_hours import QuietHours
from tenants.current import current_clinic


def quiet_hours(settings: ClinicSettings, *, zone: ZoneInfo | None = None) -> QuietHours:
    """The clinic's quiet hours: no offer is made in them, and they do not count as time to answer one.

    :param zone: the zone of the person who is contacted, if it is not the clinic's
    """
    return QuietHours(settings.quiet_from, settings.quiet_until, zone or current_clinic().zone)
