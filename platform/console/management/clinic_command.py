"""The base class of commands for one clinic."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.base.errors import DomainError
from tenants.models import Clinic


class ClinicCommand(BaseCommand):
    """Finds the clinic, carries out the command, and prints one line about the result."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the argument for the clinic."""
        parser.add_argument("slug", help="the clinic's web address: the first part of its host name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Carry out the command.

        :raises CommandError: there is no such clinic, or the command is refused
        """
        clinic = Clinic.objects.filter(slug=options["slug"]).first()
        if clinic is None:
            raise CommandError(f"There is no clinic “{options['slug']}”.")
        try:
            result = self.act(clinic, options)
        except DomainError as error:
            raise CommandError(error.message_with_details) from error
        self.stdout.write(result)

    def act(self, clinic: Clinic, options: dict[str, Any]) -> str:
        """Carry out the command for `clinic`. Return the result in a sentence."""
        raise NotImplementedError
