"""`manage.py drop_clinic SLUG --yes-really`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from clinics.services.life import drop_clinic
from console.management.clinic_command import ClinicCommand
from tenants.base.clock import now
from tenants.models import Clinic


class Command(ClinicCommand):
    """Drops a closed clinic whose grace period is over."""

    help = "Drop a closed clinic whose grace period is over, with everything it has. There is no way back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which clinic, and that it is meant."""
        super().add_arguments(parser)
        parser.add_argument("--yes-really", action="store_true", help="without it nothing is dropped")

    def act(self, clinic: Clinic, options: dict[str, Any]) -> str:
        """Drop it.

        :raises CommandError: it was not said that this is meant
        """
        if not options["yes_really"]:
            raise CommandError(f"This drops {clinic.name} and everything it has. Say so with --yes-really.")
        name = clinic.name
        drop_clinic(clinic=clinic, by=None, now=now())
        return f"{name} and everything it had is gone."
