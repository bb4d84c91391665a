"""`manage.py rename_clinic SLUG NAME`."""

from argparse import ArgumentParser
from typing import Any

from clinics.services.life import rename_clinic
from console.management.clinic_command import ClinicCommand
from tenants.models import Clinic


class Command(ClinicCommand):
    """Gives a clinic another name."""

    help = "Give a clinic another name. Its address stays as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which clinic, and what it is called from now on."""
        super().add_arguments(parser)
        parser.add_argument("name", help="the new name")

    def act(self, clinic: Clinic, options: dict[str, Any]) -> str:
        """Rename it."""
        before = clinic.name
        rename_clinic(clinic=clinic, name=options["name"], by=None)
        return f"{before} is now called {clinic.name}."
