"""`manage.py resume_clinic SLUG`."""

from typing import Any

from clinics.services.life import resume_clinic
from console.management.clinic_command import ClinicCommand
from tenants.models import Clinic


class Command(ClinicCommand):
    """Opens a suspended clinic again."""

    help = "Open a suspended clinic again: mail that waited goes out, unless it is too late for it."

    def act(self, clinic: Clinic, options: dict[str, Any]) -> str:
        """Resume it."""
        resume_clinic(clinic=clinic, by=None)
        return f"{clinic.name} is open again. Every web process knows within seconds."
