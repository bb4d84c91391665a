"""`manage.py import_hours`: create bookable doctors from a file of opening hours."""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from scheduling.clock.planning import LONGEST_SLOT, SHORTEST_SLOT
from scheduling.hours.import_file import Imported, Outcome, WeekRefused, import_week
from scheduling.hours.nhs_file import BadRecord, FileRefused, ImportedWeek, read_hours
from tenants.base.clock import now
from tenants.current import enter_clinic
from tenants.models import Clinic

_PROGRESS_INTERVAL = 10
"""Number of records between two lines of progress: about one line a second."""


class Command(BaseCommand):
    """Import every valid record and report why the others are rejected.

    The exit status is 0 if at least one record was imported or was up to date; 1 if the file or the clinic
    does not exist, the file cannot be read, or every record is invalid.
    """

    help = (
        "Create a bookable doctor, with slots, for each record of a file of opening hours (JSON). Doctors "
        "imported before are updated; importing the same file again changes nothing. Invalid records are "
        "listed on stderr and skipped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file, `--clinic` and `--slot-minutes`."""
        parser.add_argument("file", type=Path, help="the file")
        parser.add_argument(
            "--clinic", required=True, metavar="SLUG", help="the clinic's address, such as riverside"
        )
        parser.add_argument("--slot-minutes", type=int, default=15, help="length of an appointment (15)")

    def handle(self, *args: object, file: Path, clinic: str, slot_minutes: int, **options: object) -> None:
        """Import, record by record.

        :raises CommandError: no record could be imported
        """
        if not SHORTEST_SLOT <= slot_minutes <= LONGEST_SLOT:
            raise CommandError(f"An appointment must last from {SHORTEST_SLOT} to {LONGEST_SLOT} minutes.")
        found = Clinic.objects.filter(slug=clinic).first()
        if found is None:
            raise CommandError(f"There is no clinic “{clinic}”.")
        records = _read_records(file)
        with enter_clinic(found):
            results = [
                self._import_record(record, len(records), slot_minutes)
                for record in enumerate(records, start=1)
            ]
        self.stdout.write(_summary([imported for imported in results if imported], len(records)))
        if records and not any(results):
            raise CommandError("No record could be imported. The reason for each is listed above.")

    def _import_record(
        self, numbered: tuple[int, ImportedWeek | BadRecord], total: int, slot_minutes: int
    ) -> Imported | None:
        """Import one record, or report on stderr why it is rejected. Report the progress now and then."""
        position, record = numbered
        imported = None
        try:
            if isinstance(record, BadRecord):
                raise WeekRefused(record.reason)
            imported = import_week(week=record, slot_minutes=slot_minutes, now=now())
        except WeekRefused as error:
            name = f"Record {position}" + (f" ({record.id})" if record.id else "")
            self.stderr.write(f"{name} is skipped: {error}")
        if position % _PROGRESS_INTERVAL == 0 or position == total:
            self.stdout.write(f"{position} of {total} records")
            self.stdout.flush()
        return imported


def _read_records(file: Path) -> list[ImportedWeek | BadRecord]:
    """The records in the file.

    :raises CommandError: the file cannot be read
    """
    try:
        return list(read_hours(file.read_bytes()))
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
    except FileRefused as error:
        raise CommandError(str(error)) from error


def _summary(imported: list[Imported], total: int) -> str:
    """The result of the import, in a sentence or two."""
    outcomes = Counter(result.outcome for result in imported)
    skipped = total - len(imported)
    if len(imported) == outcomes[Outcome.UNCHANGED]:
        return f"Nothing changed: {len(imported)} doctors are up to date, {skipped} records skipped."
    return (
        f"{outcomes[Outcome.ADDED]} doctors added, {outcomes[Outcome.UPDATED]} updated, "
        f"{outcomes[Outcome.UNCHANGED]} unchanged, {skipped} records skipped. "
        f"{sum(result.slots.added for result in imported):,} slots added, "
        f"{sum(result.slots.removed for result in imported):,} removed."
    )
