"""`manage.py rename_clinic SLUG NAME`."""

from argparse import ArgumentParser
from typing import Any

from clinics.services.lifecycle import rename_clinic
from console.management.clinic_command import ClinicCommand
from tenants.models import Clinic


class Command(ClinicCommand):
    """Renames a clinic."""

    help = "Rename a clinic. Its web address does not change."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the argument for the new name."""
        super().add_arguments(parser)
        parser.add_argument("name", help="the new name")

    def act(self, clinic: Clinic, options: dict[str, Any]) -> str:
        """Rename the clinic."""
        before = clinic.name
        rename_clinic(clinic=clinic, name=options["name"], by=None)
        return f"{before} was renamed to {clinic.name}."
