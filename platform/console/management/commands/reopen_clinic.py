"""`manage.py reopen_clinic SLUG`."""

from typing import Any

from clinics.services.life import reopen_clinic
from console.management.clinic_command import ClinicCommand
from tenants.models import Clinic


class Command(ClinicCommand):
    """Takes a closing back."""

    help = "Take back that a clinic was closed, while its data are still kept."

    def act(self, clinic: Clinic, options: dict[str, Any]) -> str:
        """Reopen it."""
        reopen_clinic(clinic=clinic, by=None)
        return f"{clinic.name} is open again. Every web process knows within seconds."
