"""`manage.py resume_clinic SLUG`."""

from typing import Any

from clinics.services.lifecycle import resume_clinic
from console.management.clinic_command import ClinicCommand
from tenants.models import Clinic


class Command(ClinicCommand):
    """Resumes a suspended clinic."""

    help = "Resume a suspended clinic. Waiting emails are sent, unless they are out of date."

    def act(self, clinic: Clinic, options: dict[str, Any]) -> str:
        """Resume the clinic."""
        resume_clinic(clinic=clinic, by=None)
        return f"{clinic.name} was resumed. It can be reached within seconds."
