"""`manage.py restore_clinic FILE`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinics.services.moving import restore_clinic
from console.management.file_keys import add_key_arguments, key_from
from tenants.base.clock import now
from tenants.base.errors import DomainError


class Command(BaseCommand):
    """Makes a clinic of an exported file."""

    help = "Make a clinic of an exported file: suspended, with nobody signed in and no mail sent."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which file, opened with what, and the clinic's address."""
        parser.add_argument("file", type=Path, help="a file that export_clinic has written")
        parser.add_argument("--slug", help="the clinic's address, if not the one it had")
        add_key_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore it, or say why not; then nothing has changed.

        :raises CommandError: the file cannot be read, or does not fit
        """
        try:
            with options["file"].open("rb") as file:
                restored = restore_clinic(
                    file=file, key=key_from(options), slug=options["slug"], by=None, now=now()
                )
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
        except DomainError as refused:
            raise CommandError(refused.in_words) from refused
        clinic = restored.clinic
        self.stdout.write(
            f"{clinic.name} is restored as {clinic.slug}, suspended: {restored.rows} rows, the checksums of "
            f"{restored.tables} tables are those of the file. `resume_clinic {clinic.slug}` opens it."
        )
