"""Emails and calendar files as other programs read them: three parsers of emails, three of calendars."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import mail
from icalendar import Calendar

from clinics.models import ClinicSettings, Doctor, Patient
from scheduling.bookings.cancel import cancel_booking
from scheduling.bookings.reschedule import reschedule_booking
from scheduling.visit_types.details_changed import record_address_changed
from tenants.accounts.models import User
from tests.factories.people import user_of
from tests.factories.queue import run_due_jobs
from tests.factories.schedule import make_booking, make_slot

PROGRAMS = Path(__file__).parent / "mail_clients"
NODE = Path(sys.executable).parent
HOUR = timedelta(hours=1)


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the parsers of `mail_clients/package-lock.json`, and return the program that uses them."""
    folder = tmp_path_factory.mktemp("mail_clients")
    shutil.copytree(PROGRAMS, folder, dirs_exist_ok=True)
    path = f"{NODE}{os.pathsep}{os.environ['PATH']}"
    command = [str(NODE / "npm"), "ci", "--ignore-scripts", "--no-audit"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env={**os.environ, "PATH": path})
    return folder / "read.mjs"


def part_of(message: EmailMessage, kind: str) -> str:
    """Return the content of the only part of a type that is not a file."""
    (part,) = [part for part in message.walk() if part.get_content_type() == kind and not part.get_filename()]
    return str(part.get_content())


def entry(content: str) -> dict[str, Any]:
    """Return what icalendar reads in a calendar file."""
    calendar: Any = Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    return {
        "method": str(calendar["METHOD"]),
        "uid": str(event["UID"]),
        "sequence": event["SEQUENCE"],
        "start": in_javascript(event["DTSTART"].dt),
        "end": in_javascript(event["DTEND"].dt),
        "status": str(event["STATUS"]),
        "summary": str(event["SUMMARY"]),
        "location": str(event["LOCATION"]),
        "alarms": len(event.walk("VALARM")),
        "class": str(event["CLASS"]),
    }


def in_javascript(instant: datetime) -> str:
    """Return an instant as JavaScript's `toISOString` writes it."""
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"


def words(text: str) -> list[str]:
    """Return the words of a text, without its line ends."""
    return text.split()


def test_other_programs_read_what_was_written_and_follow_a_booking_to_its_end(
    doctor: Doctor, patient: Patient, admin: User, now: datetime, *, reader: Path, tmp_path: Path,
    record_figure: Callable[[str, str], None],
) -> None:  # fmt: skip
    ClinicSettings.objects.update(address="1 Höhe St; Flat 2, Rear\nLondon", phone="+44 20 7946 0123")
    first, second = (make_slot(doctor, now + hours * HOUR) for hours in (26, 50))
    with time_machine.travel(now, tick=False) as clock:
        booking = make_booking(first, patient, now=now)
        run_due_jobs()
        clock.shift(HOUR)
        booking = reschedule_booking(booking=booking, slot_id=second.pk, by=user_of(patient), now=now + HOUR)
        run_due_jobs()
        clock.shift(HOUR)
        ClinicSettings.objects.update(address="2 New St\nLondon")
        record_address_changed(place=None, by=admin, now=now + 2 * HOUR)
        run_due_jobs()
        clock.shift(HOUR)
        booking.refresh_from_db()
        cancel_booking(booking=booking, by=admin, reason="Übung; fire, drill", now=now + 3 * HOUR)
        run_due_jobs()
    raws = [email.message().as_bytes() for email in mail.outbox]
    files = [tmp_path / f"{number}.eml" for number in range(len(raws))]
    for file, raw in zip(files, raws, strict=True):
        file.write_bytes(raw)

    answer = subprocess.run([NODE / "node", reader, *files], check=True, capture_output=True).stdout
    read = json.loads(answer)

    parsed = [message_from_bytes(raw, policy=policy.default) for raw in raws]
    for other in ("mailparser", "postalMime"):
        for ours, theirs in zip(parsed, read["mails"][other], strict=True):
            assert theirs["subject"] == ours["Subject"]
            assert theirs["id"] == ours["Message-ID"]
            assert theirs["to"] == ours["To"].addresses[0].addr_spec
            assert theirs["from"]["name"] == "Riverside"
            assert words(theirs["text"]) == words(part_of(ours, "text/plain"))
            assert words(theirs["html"]) == words(part_of(ours, "text/html"))
            assert sorted(file["type"] for file in theirs["files"]) == ["application/ics", "text/calendar"]
            assert {words(file["content"])[0] for file in theirs["files"]} == {"BEGIN:VCALENDAR"}
    entries = [entry(part_of(message, "text/calendar")) for message in parsed]
    assert read["events"]["icalJs"] == entries
    assert read["events"]["nodeIcal"] == entries
    assert [(event["method"], event["sequence"], event["alarms"]) for event in entries] == [
        ("REQUEST", 0, 1), ("REQUEST", 1, 1), ("REQUEST", 2, 1), ("CANCEL", 3, 0),
    ]  # fmt: skip
    starts = [[in_javascript(slot.starts_at)] for slot in (first, second, second)]
    assert read["calendars"] == {"icalJs": [*starts, []], "nodeIcal": [*starts, []]}
    record_figure("messages read by three parsers of emails and three of calendars", str(len(raws)))
