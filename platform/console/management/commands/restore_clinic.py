"""`manage.py restore_clinic FILE`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinics.services.transfer import restore_clinic
from console.management.encryption_keys import add_decryption_arguments, decryption_key_from
from tenants.base.clock import now
from tenants.base.errors import DomainError


class Command(BaseCommand):
    """Restores a clinic from an exported file."""

    help = "Restore a clinic from an exported file. It starts suspended, without sessions or emails to send."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the arguments for the file, its key and the web address."""
        parser.add_argument("file", type=Path, help="a file written by export_clinic")
        parser.add_argument("--slug", help="the clinic's web address; by default the one in the file")
        add_decryption_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore the clinic. If this fails, nothing has changed.

        :raises CommandError: the file cannot be read or restored
        """
        try:
            with options["file"].open("rb") as file:
                restored = restore_clinic(
                    file=file, key=decryption_key_from(options), slug=options["slug"], by=None, now=now()
                )
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
        except DomainError as error:
            raise CommandError(error.message_with_details) from error
        clinic = restored.clinic
        self.stdout.write(
            f"{clinic.name} was restored as {clinic.slug} and is suspended. {restored.rows} rows in "
            f"{restored.tables} tables match the checksums in the file. "
            f"`resume_clinic {clinic.slug}` resumes it."
        )
