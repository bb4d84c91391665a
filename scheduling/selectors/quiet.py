"""When the clinic disturbs nobody."""

from clinics.models import ClinicSettings
from scheduling.quiet_hours import QuietHours
from tenants.door import current_clinic


def quiet_hours(settings: ClinicSettings) -> QuietHours:
    """The hours of the night, on the clinic's wall, in which no offer is made and no offer's time runs."""
    return QuietHours(settings.quiet_from, settings.quiet_until, current_clinic().zone)
