"""`manage.py close_clinic SLUG`."""

from typing import Any

from clinics.services.life import close_clinic
from console.management.clinic_command import ClinicCommand
from tenants.base.clock import now
from tenants.models import Clinic


class Command(ClinicCommand):
    """Closes a clinic for good."""

    help = "Close a clinic for good: its data are kept for the grace period (CLOSING_DAYS), then dropped."

    def act(self, clinic: Clinic, options: dict[str, Any]) -> str:
        """Close it."""
        close_clinic(clinic=clinic, by=None, now=now())
        return (
            f"{clinic.name} is closed. `reopen_clinic {clinic.slug}` takes that back until "
            f"{clinic.drop_after:%Y-%m-%d %H:%M} UTC; then its data are dropped. "
            f"Keep them with `export_clinic {clinic.slug} FILE`."
        )
