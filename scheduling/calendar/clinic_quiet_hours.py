"""The clinic's quiet hours."""

from clinics.models import ClinicSettings
from scheduling.clock.quiet_hours import QuietHours
from tenants.current import current_clinic


def quiet_hours(settings: ClinicSettings) -> QuietHours:
    """The clinic's quiet hours: no offer is made in them, and they do not count as time to answer one."""
    return QuietHours(settings.quiet_from, settings.quiet_until, current_clinic().zone)
