"""What the commands share that do something to one clinic."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.base.errors import DomainError
from tenants.models import Clinic


class ClinicCommand(BaseCommand):
    """Finds the clinic, acts, and says in one line what was done or why not."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which clinic."""
        parser.add_argument("slug", help="the clinic's address: the part of its host name before the dot")

    def handle(self, *args: Any, **options: Any) -> None:
        """Act.

        :raises CommandError: there is no such clinic, or the step is refused
        """
        clinic = Clinic.objects.filter(slug=options["slug"]).first()
        if clinic is None:
            raise CommandError(f"There is no clinic “{options['slug']}”.")
        try:
            said = self.act(clinic, options)
        except DomainError as refused:
            raise CommandError(refused.in_words) from refused
        self.stdout.write(said)

    def act(self, clinic: Clinic, options: dict[str, Any]) -> str:
        """Do it; what was done, in a sentence."""
        raise NotImplementedError
