"""`manage.py export_clinic SLUG FILE`."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from clinics.services.moving import export_clinic
from console.management.clinic_command import ClinicCommand
from console.management.file_keys import add_lock_arguments, lock_from, private_file
from tenants.base.clock import now
from tenants.models import Clinic


class Command(ClinicCommand):
    """Writes a clinic into an encrypted file."""

    help = "Write everything a clinic has into one encrypted file, as it is at this moment."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which clinic, where to, closed with what."""
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, help="the file to write; it must not be there yet")
        add_lock_arguments(parser)

    def act(self, clinic: Clinic, options: dict[str, Any]) -> str:
        """Export it. A file that is not whole does not stay.

        :raises CommandError: the file cannot be made
        """
        path: Path = options["file"]
        lock = lock_from(options)
        try:
            descriptor = private_file(path)
        except OSError as error:
            raise CommandError(f"{path} cannot be made: {error.strerror}.") from error
        try:
            with os.fdopen(descriptor, "wb") as file:
                exported = export_clinic(clinic=clinic, into=file, lock=lock, by=None, now=now())
        except BaseException:
            path.unlink()
            raise
        return f"{clinic.name} is in {path}: {exported.rows} rows of {exported.tables} tables."
