"""`manage.py reset_second_factor EMAIL [--clinic SLUG]`."""

from argparse import ArgumentParser
from contextlib import nullcontext
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.accounts.errors import SecondFactorOff
from tenants.accounts.models import User
from tenants.accounts.second_factor.enrolment import reset_second_factor
from tenants.current import enter_clinic
from tenants.models import Clinic


class Command(BaseCommand):
    """Turns off two-step sign-in for a user who lost phone and recovery codes."""

    help = "Turn off two-step sign-in for an operator or, with --clinic, for a user of a clinic."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the arguments for the user."""
        parser.add_argument("email")
        parser.add_argument("--clinic", help="the clinic's web address; without it, the user is an operator")

    def handle(self, *args: Any, **options: Any) -> None:
        """Turn off two-step sign-in.

        :raises CommandError: there is no such clinic or user, or nothing to reset
        """
        clinic = Clinic.objects.filter(slug=options["clinic"]).first() if options["clinic"] else None
        if options["clinic"] and clinic is None:
            raise CommandError(f"There is no clinic “{options['clinic']}”.")
        with enter_clinic(clinic) if clinic else nullcontext():
            user = User.objects.owner_of(options["email"])
            if user is None:
                raise CommandError("There is no user with this email address.")
            try:
                reset_second_factor(user=user, by=None)
            except SecondFactorOff as error:
                raise CommandError(error.message_with_details) from error
        self.stdout.write("Two-step sign-in is off. All sessions of this user have ended.")
