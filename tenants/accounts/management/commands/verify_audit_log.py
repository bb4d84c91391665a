"""`manage.py verify_audit_log [--clinic SLUG] [--accept-earlier-seals] [--last-digest DIGEST]`."""

from argparse import ArgumentParser
from contextlib import nullcontext
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.accounts.audit.verification import Fault, Verification, accept_earlier_seals, verify_log
from tenants.accounts.models import AuditBatch
from tenants.base.clock import now
from tenants.current import enter_clinic
from tenants.models import Clinic


class Command(BaseCommand):
    """Verifies that nobody has changed the audit log of a clinic or of the platform."""

    help = (
        "Verify the audit log of a clinic or, without --clinic, of the platform. Fails and names the first "
        "broken batch if entries were changed, removed or added in the past."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the arguments."""
        parser.add_argument("--clinic", help="the clinic's web address; without it, the platform's log")
        parser.add_argument(
            "--accept-earlier-seals",
            action="store_true",
            help="accept batches sealed with another SECRET_KEY, if their digests are right",
        )
        parser.add_argument(
            "--last-digest",
            help="a digest from the worker's log (audit_batch_closed): fail if the chain does not contain it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify the log.

        :raises CommandError: there is no such clinic, or the log was tampered with
        """
        slug = options["clinic"]
        clinic = Clinic.objects.filter(slug=slug).first() if slug else None
        if slug and clinic is None:
            raise CommandError(f"There is no clinic “{slug}”.")
        with enter_clinic(clinic) if clinic else nullcontext():
            if options["accept_earlier_seals"] and not accept_earlier_seals(now=now()):
                raise CommandError("The digests are not right, so the seals are not accepted.")
            result = verify_log(now=now())
            digest = options["last_digest"]
            if digest and not AuditBatch.objects.filter(digest=digest).exists():
                raise CommandError("The chain does not contain this digest: its end was removed or replaced.")
        self._report(result)

    def _report(self, result: Verification) -> None:
        if result.fault is not None:
            hint = (
                " Use --accept-earlier-seals if SECRET_KEY was changed." if result.fault is Fault.SEAL else ""
            )
            raise CommandError(f"Batch {result.broken_batch} is broken: {result.fault}.{hint}")
        if result.overdue:
            raise CommandError(
                f"{result.overdue} entries older than an hour are in no batch. Is the worker running?"
            )
        if result.accepted_through:
            self.stdout.write(
                f"Batches 1 to {result.accepted_through} were sealed with another key; "
                "their digests are right."
            )
        if result.deleted_through:
            self.stdout.write(f"The entries of batches 1 to {result.deleted_through} were deleted.")
        self.stdout.write(
            f"{result.batches} batches with {result.entries} entries are intact; "
            f"{result.waiting} later entries."
        )
        if result.last_digest:
            self.stdout.write(f"Last digest: {result.last_digest}")
