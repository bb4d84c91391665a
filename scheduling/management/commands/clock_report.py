"""`manage.py clock_report`: what coming clock changes, and new zone data, do to a clinic's appointments."""

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError

from scheduling.models import Booking, Slot
from scheduling.selectors.clock_report import ClockReport, ReportedChange, clock_report
from tenants.base.clock import local_time, now
from tenants.door import current_clinic, enter_clinic
from tenants.models import Clinic


class Command(BaseCommand):
    """Prints the report. Names no patient: bookings and series by their ids, doctors as on the door."""

    help = (
        "Say which slots, appointments and recurring visits a coming change of the clock lies beside, and "
        "which appointments the clock will show at another time than their patients were told, as after an "
        "update of the zone data (tzdata)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """For which clinic."""
        parser.add_argument(
            "--clinic", required=True, metavar="SLUG", help="the clinic's address, such as riverside"
        )

    def handle(self, *args: object, clinic: str, **options: object) -> None:
        """Print it.

        :raises CommandError: there is no such clinic
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
        yield "Every appointment is at the time that its patient was told."
    for moved in report.moved:
        yield (
            f"Appointment {moved.booking} with {moved.doctor_name} on {moved.on}: told {moved.told}, "
            f"the clock will show {moved.shown} ({moved.zone})."
        )
    for slot in report.unfitting:
        yield f"{_local_start(slot)} with {slot.doctor.display_name} is outside the hours (slot {slot.pk})."


def _change_lines(reported: ReportedChange) -> Iterator[str]:
    """One change and what lies beside it."""
    change, stretch = reported.change, reported.skipped or reported.doubled or ("", "")
    does = "are skipped" if reported.skipped else "are shown twice"
    yield (
        f"{reported.zone}: on {reported.on}, at {change.instant:%Y-%m-%d %H:%M} UTC, the clock goes from "
        f"{_format_offset(change.before)} to {_format_offset(change.after)}; {stretch[0]} to {stretch[1]} {does}."
    )
    for slot in reported.slots:
        yield f"  beside it: {_local_start(slot)} with {slot.doctor.display_name} (slot {slot.pk})"
    for booking in reported.bookings:
        yield f"  beside it: {_local_start(booking)} with {booking.doctor.display_name} (appointment {booking.pk})"
    for series in reported.series:
        further = "longer" if series.shift_minutes > 0 else "shorter"
        yield (
            f"  on both sides: recurring visits {series.series} with {series.doctor_name} stay at "
            f"{series.local_time}; the time between is {abs(series.shift_minutes)} minutes {further}"
        )


def _local_start(period: Slot | Booking) -> str:
    """Its start on the wall where it takes place."""
    shown = local_time(period.starts_at, (period.place or current_clinic()).zone)
    return f"{shown.on} {shown.time}"


def _format_offset(distance: timedelta) -> str:
    """`UTC+05:45`."""
    minutes = round(distance / timedelta(minutes=1))
    return f"UTC{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
