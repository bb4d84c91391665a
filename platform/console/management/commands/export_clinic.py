"""`manage.py export_clinic SLUG FILE`."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from clinics.services.transfer import export_clinic
from console.management.clinic_command import ClinicCommand
from console.management.encryption_keys import add_encryption_arguments, encryption_key_from, private_file
from tenants.base.clock import now
from tenants.models import Clinic


class Command(ClinicCommand):
    """Exports a clinic to an encrypted file."""

    help = "Write all data of a clinic to an encrypted file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the arguments for the file and its encryption."""
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, help="the file to write; it must not exist yet")
        add_encryption_arguments(parser)

    def act(self, clinic: Clinic, options: dict[str, Any]) -> str:
        """Export the clinic. An incomplete file is deleted.

        :raises CommandError: the file cannot be created
        """
        path: Path = options["file"]
        key = encryption_key_from(options)
        try:
            descriptor = private_file(path)
        except OSError as error:
            raise CommandError(f"{path} cannot be created: {error.strerror}.") from error
        try:
            with os.fdopen(descriptor, "wb") as file:
                exported = export_clinic(clinic=clinic, file=file, key=key, by=None, now=now())
        except BaseException:
            path.unlink()
            raise
        return f"{clinic.name} was exported to {path}: {exported.rows} rows in {exported.tables} tables."
