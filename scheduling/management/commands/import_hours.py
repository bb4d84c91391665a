"""`manage.py import_hours`: a file of opening hours becomes bookable doctors."""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from scheduling.hours_file import BadRecord, FileRefused, ImportedWeek, read_hours
from scheduling.planning import LONGEST_SLOT, SHORTEST_SLOT
from scheduling.services.importing import Imported, Outcome, WeekRefused, import_week
from tenants.base.clock import now
from tenants.door import enter_clinic
from tenants.models import Clinic

_PROGRESS_INTERVAL = 10
"""After how many records the command says how far it is: about once a second."""


class Command(BaseCommand):
    """Takes over every good record and says why the others are left out.

    The exit status is 0 when records went in or were there already, even where others are bad; 1 when the
    file or the clinic is not there, the file cannot be read, or every record in it is bad.
    """

    help = (
        "Make a bookable doctor of each record of a file of opening hours (JSON), and their slots. A record "
        "that is there already is brought in line with the file; running it again changes nothing. Bad "
        "records are listed on stderr and left out."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which file, for which clinic."""
        parser.add_argument("file", type=Path, help="the file")
        parser.add_argument(
            "--clinic", required=True, metavar="SLUG", help="the clinic's address, such as riverside"
        )
        parser.add_argument("--slot-minutes", type=int, default=15, help="how long an appointment lasts (15)")

    def handle(self, *args: object, file: Path, clinic: str, slot_minutes: int, **options: object) -> None:
        """Import, record by record.

        :raises CommandError: nothing could be taken over
        """
        if not SHORTEST_SLOT <= slot_minutes <= LONGEST_SLOT:
            raise CommandError(f"An appointment lasts from {SHORTEST_SLOT} to {LONGEST_SLOT} minutes.")
        found = Clinic.objects.filter(slug=clinic).first()
        if found is None:
            raise CommandError(f"There is no clinic “{clinic}”.")
        records = _read_records(file)
        with enter_clinic(found):
            done = [
                self._import_record(record, len(records), slot_minutes)
                for record in enumerate(records, start=1)
            ]
        self.stdout.write(_summary([imported for imported in done if imported], len(records)))
        if records and not any(done):
            raise CommandError("No record could be taken over.")

    def _import_record(
        self, numbered: tuple[int, ImportedWeek | BadRecord], total: int, slot_minutes: int
    ) -> Imported | None:
        """Import one record, or say on stderr why not. Every so often, say how far it is."""
        position, record = numbered
        imported = None
        try:
            if isinstance(record, BadRecord):
                raise WeekRefused(record.reason)
            imported = import_week(week=record, slot_minutes=slot_minutes, now=now())
        except WeekRefused as refused:
            named = f"Record {position}" + (f" ({record.id})" if record.id else "")
            self.stderr.write(f"{named} is left out: {refused}")
        if position % _PROGRESS_INTERVAL == 0 or position == total:
            self.stdout.write(f"{position} of {total} records")
            self.stdout.flush()
        return imported


def _read_records(file: Path) -> list[ImportedWeek | BadRecord]:
    """What stands in the file.

    :raises CommandError: it cannot be read
    """
    try:
        return list(read_hours(file.read_bytes()))
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
    except FileRefused as refused:
        raise CommandError(str(refused)) from refused


def _summary(imported: list[Imported], total: int) -> str:
    """What was done, in a sentence or two."""
    outcomes = Counter(each.outcome for each in imported)
    left_out = total - len(imported)
    if len(imported) == outcomes[Outcome.UNCHANGED]:
        return f"Nothing changed: {len(imported)} doctors are as the file says, {left_out} records left out."
    return (
        f"{outcomes[Outcome.ADDED]} doctors added, {outcomes[Outcome.UPDATED]} updated, "
        f"{outcomes[Outcome.UNCHANGED]} unchanged, {left_out} records left out. "
        f"{sum(each.slots.added for each in imported):,} slots added, "
        f"{sum(each.slots.removed for each in imported):,} removed."
    )
