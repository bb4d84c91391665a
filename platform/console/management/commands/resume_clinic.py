"""`manage.py resume_clinic SLUG`."""

from typing import Any

from console.management.clinic_command import ClinicCommand
from tenants.models import Clinic
from tenants.services.life import resume_clinic


class Command(ClinicCommand):
    """Opens a suspended clinic again."""

    help = "Open a suspended clinic again: mail that waited goes out, unless it is too late for it."

    def act(self, clinic: Clinic, options: dict[str, Any]) -> str:
        """Resume it."""
        resume_clinic(clinic=clinic)
        return f"{clinic.name} is open again. Every web process knows within seconds."
