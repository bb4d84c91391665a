"""`manage.py clock_report`: how clock changes and new time zone data affect a clinic's appointments."""

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError

from scheduling.clock_report.selectors import ClockReport, ReportedChange, clock_report
from scheduling.models import Booking, Slot
from tenants.base.clock import local_time, now
from tenants.current import current_clinic, enter_clinic
from tenants.models import Clinic


class Command(BaseCommand):
    """Print the report. It contains no patient's name: bookings and series are listed by id."""

    help = (
        "List the slots, appointments and recurring visits close to coming clock changes, and the "
        "appointments whose local time differs from the one their patients were given, as after an update "
        "of the time zone data (tzdata)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add `--clinic`."""
        parser.add_argument(
            "--clinic", required=True, metavar="SLUG", help="the clinic's address, such as riverside"
        )

    def handle(self, *args: object, clinic: str, **options: object) -> None:
        """Print the report.

        :raises CommandError: the clinic does not exist
        """
        found = Clinic.objects.filter(slug=clinic).first()
        if found is None:
            raise CommandError(f"There is no clinic “{clinic}”.")
        with enter_clinic(found):
            for line in _report_lines(clock_report(now=now())):
                self.stdout.write(line)


def _report_lines(report: ClockReport) -> Iterator[str]:
    """The report, line by line."""
    if not report.changes:
        yield f"No clock changes until {report.until}."
    for change in report.changes:
        yield from _change_lines(change)
    if not report.moved:
        yield "Every appointment is at the local time its patient was given."
    for moved in report.moved:
        yield (
            f"Appointment {moved.booking} with {moved.doctor_name} on {moved.on}: the patient was given "
            f"{moved.told}, the local time is now {moved.shown} ({moved.zone})."
        )
    for slot in report.unfitting:
        name = slot.doctor.display_name
        yield f"{_local_start(slot)} with {name} is outside the doctor's hours (slot {slot.pk})."


def _change_lines(reported: ReportedChange) -> Iterator[str]:
    """A clock change, with the slots, appointments and recurring visits it affects."""
    change, (first, last) = reported.change, reported.skipped or reported.doubled or ("", "")
    effect = "are skipped" if reported.skipped else "are repeated"
    yield (
        f"{reported.zone}: on {reported.on}, at {change.instant:%Y-%m-%d %H:%M} UTC, the clock changes from "
        f"{_format_offset(change.before)} to {_format_offset(change.after)}; {first} to {last} {effect}."
    )
    for slot in reported.slots:
        yield f"  nearby: {_local_start(slot)} with {slot.doctor.display_name} (slot {slot.pk})"
    for booking in reported.bookings:
        doctor = booking.doctor.display_name
        yield f"  nearby: {_local_start(booking)} with {doctor} (appointment {booking.pk})"
    for series in reported.series:
        further = "longer" if series.shift_minutes > 0 else "shorter"
        yield (
            f"  before and after: recurring visits {series.series} with {series.doctor_name} stay at "
            f"{series.local_time}; the time between two is {abs(series.shift_minutes)} minutes {further}"
        )


def _local_start(period: Slot | Booking) -> str:
    """The start of a slot or booking in the local time of its place."""
    local = local_time(period.starts_at, (period.place or current_clinic()).zone)
    return f"{local.on} {local.time}"


def _format_offset(offset: timedelta) -> str:
    """The offset as `UTC+05:45`."""
    minutes = round(offset / timedelta(minutes=1))
    return f"UTC{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
