"""`manage.py delete_old_audit_entries --before YYYY-MM-DD [--clinic SLUG]`."""

from argparse import ArgumentParser
from contextlib import nullcontext
from datetime import UTC, date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError

from tenants.accounts.audit.verification import delete_old_entries, verify_log
from tenants.base.clock import now
from tenants.current import enter_clinic
from tenants.models import Clinic


class Command(BaseCommand):
    """Deletes entries of the audit log that are older than the law allows or demands."""

    help = (
        "Delete audit entries whose batch was closed before a day (UTC). Their digests stay, so the rest of "
        "the log can be verified. Needs DB_OWNER_USER."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the arguments."""
        parser.add_argument("--before", type=date.fromisoformat, required=True)
        parser.add_argument("--clinic", help="the clinic's web address; without it, the platform's log")

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete the entries.

        :raises CommandError: there is no such clinic, the log is broken, or the login may not delete entries
        """
        slug, before = options["clinic"], datetime.combine(options["before"], time(), tzinfo=UTC)
        clinic = Clinic.objects.filter(slug=slug).first() if slug else None
        if slug and clinic is None:
            raise CommandError(f"There is no clinic “{slug}”.")
        with enter_clinic(clinic) if clinic else nullcontext():
            if verify_log(now=now()).fault is not None:
                raise CommandError("The log is broken. Run verify_audit_log first.")
            try:
                deleted = delete_old_entries(before=before, now=now())
            except ProgrammingError as error:
                raise CommandError("Only the owner of the tables may do this. Set DB_OWNER_USER.") from error
        self.stdout.write(f"{deleted} entries deleted.")
