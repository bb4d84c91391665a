"""`manage.py reopen_clinic SLUG`."""

from typing import Any

from clinics.services.lifecycle import reopen_clinic
from console.management.clinic_command import ClinicCommand
from tenants.models import Clinic


class Command(ClinicCommand):
    """Reopens a closed clinic."""

    help = "Reopen a closed clinic within its grace period."

    def act(self, clinic: Clinic, options: dict[str, Any]) -> str:
        """Reopen the clinic."""
        reopen_clinic(clinic=clinic, by=None)
        return f"{clinic.name} was reopened. It can be reached within seconds."
