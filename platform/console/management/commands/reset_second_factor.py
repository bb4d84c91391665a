"""`manage.py reset_second_factor E-MAIL [--clinic SLUG]`."""

from argparse import ArgumentParser
from contextlib import nullcontext
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.accounts.enrolment import reset_second_factor
from tenants.accounts.errors import SecondFactorOff
from tenants.accounts.models import User
from tenants.door import enter_clinic
from tenants.models import Clinic


class Command(BaseCommand):
    """Lets somebody back in who has lost phone and recovery codes, and whom no admin can help."""

    help = (
        "Take the second step of signing in away from an operator, or, with --clinic, from a clinic's user."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose."""
        parser.add_argument("email")
        parser.add_argument("--clinic", help="the clinic's address; without it an operator is meant")

    def handle(self, *args: Any, **options: Any) -> None:
        """Reset it.

        :raises CommandError: there is no such clinic or user, or nothing to reset
        """
        clinic = Clinic.objects.filter(slug=options["clinic"]).first() if options["clinic"] else None
        if options["clinic"] and clinic is None:
            raise CommandError(f"There is no clinic “{options['clinic']}”.")
        with enter_clinic(clinic) if clinic else nullcontext():
            user = User.objects.filter(email=options["email"].strip().lower()).first()
            if user is None:
                raise CommandError("Nobody there has this e-mail address.")
            try:
                reset_second_factor(user=user, by=None)
            except SecondFactorOff as refused:
                raise CommandError(refused.in_words) from refused
        self.stdout.write("Reset. Every session of theirs has ended.")
