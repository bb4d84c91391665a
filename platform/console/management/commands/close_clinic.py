"""`manage.py close_clinic SLUG`."""

from typing import Any

from clinics.services.lifecycle import close_clinic
from console.management.clinic_command import ClinicCommand
from tenants.base.clock import now
from tenants.models import Clinic


class Command(ClinicCommand):
    """Closes a clinic permanently."""

    help = "Close a clinic. Its data is deleted after the grace period (CLOSING_DAYS)."

    def act(self, clinic: Clinic, options: dict[str, Any]) -> str:
        """Close the clinic."""
        close_clinic(clinic=clinic, by=None, now=now())
        return (
            f"{clinic.name} is closed. Its data is kept until {clinic.drop_after:%Y-%m-%d %H:%M} UTC. "
            f"Until then, `reopen_clinic {clinic.slug}` reopens it. "
            f"`export_clinic {clinic.slug} FILE` saves its data."
        )
