"""`manage.py suspend_clinic SLUG`."""

from typing import Any

from clinics.services.life import suspend_clinic
from console.management.clinic_command import ClinicCommand
from tenants.models import Clinic


class Command(ClinicCommand):
    """Closes a clinic for now."""

    help = "Close a clinic for now: it answers 503, its mail waits, its data stays."

    def act(self, clinic: Clinic, options: dict[str, Any]) -> str:
        """Suspend it."""
        suspend_clinic(clinic=clinic, by=None)
        return f"{clinic.name} is suspended. Every web process knows within seconds."
