"""`manage.py drop_clinic SLUG --yes-really`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from clinics.services.lifecycle import drop_clinic
from console.management.clinic_command import ClinicCommand
from tenants.base.clock import now
from tenants.models import Clinic


class Command(ClinicCommand):
    """Deletes a closed clinic whose grace period has ended."""

    help = "Delete a closed clinic and all its data after its grace period. This cannot be undone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the option that confirms the command."""
        super().add_arguments(parser)
        parser.add_argument("--yes-really", action="store_true", help="confirm that all data is deleted")

    def act(self, clinic: Clinic, options: dict[str, Any]) -> str:
        """Delete the clinic.

        :raises CommandError: the command is not confirmed
        """
        if not options["yes_really"]:
            raise CommandError(f"This deletes {clinic.name} and all its data. Add --yes-really to confirm.")
        name = clinic.name
        drop_clinic(clinic=clinic, by=None, now=now())
        return f"{name} and all its data were deleted."
