"""`manage.py suspend_clinic SLUG`."""

from typing import Any

from clinics.services.lifecycle import suspend_clinic
from console.management.clinic_command import ClinicCommand
from tenants.models import Clinic


class Command(ClinicCommand):
    """Suspends a clinic."""

    help = "Suspend a clinic: it answers 503, its emails wait and its data is kept."

    def act(self, clinic: Clinic, options: dict[str, Any]) -> str:
        """Suspend the clinic."""
        suspend_clinic(clinic=clinic, by=None)
        return f"{clinic.name} was suspended. All web processes apply this within seconds."
