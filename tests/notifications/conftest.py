"""Fixtures: an inbox that is filled over SMTP, a stopped clock, and a function that runs the queue."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import time_machine

from clinics.models import ClinicSettings, Doctor, Patient
from clinics.reminder_offsets import default_reminder_minutes
from scheduling.models import Booking
from tenants.models import Clinic
from tests.factories.queue import queued_job_kinds, run_due_jobs
from tests.factories.schedule import make_booking, make_slot
from tests.notifications.link_requests import LinkReader

SUMMER_EVENING = datetime.fromisoformat("2026-05-25T17:30:00Z")


class Inbox:
    """The emails that the mail sink has received since the test began."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.before = folder, set(folder.glob("*.eml"))

    def mails(self) -> list[EmailMessage]:
        """Return the emails in the order of arrival."""
        files = sorted(set(self.folder.glob("*.eml")) - self.before)
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]


@pytest.fixture
def inbox(settings: Any) -> Inbox:
    """Send emails to the mail server of this run and read what it received, not Django's outbox."""
    if "MAIL_DIR" not in os.environ:
        pytest.skip("EMAIL_URL names a mail server whose mails cannot be read here")
    settings.EMAIL_BACKEND = "notifications.smtp.EmailBackend"
    return Inbox(Path(os.environ["MAIL_DIR"]))


@pytest.fixture
def clock(now: datetime) -> Iterator[Any]:
    """Stop the product's clock at `now`. A test can move it."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


@pytest.fixture
def run_queue(clinic: object, clock: Any, inbox: Inbox) -> Callable[[], list[str]]:
    """Return a function that runs all due jobs and returns the kinds of the jobs that are left."""

    def run() -> list[str]:
        run_due_jobs()
        return queued_job_kinds()

    return run


@pytest.fixture
def booking(doctor: Doctor, patient: Patient, now: datetime) -> Booking:
    """A booking for Monday 25 May 2026, 18:30 London summer time, with a private reason."""
    return make_booking(make_slot(doctor, SUMMER_EVENING), patient, now=now, reason="Private cough")


@pytest.fixture
def reader(clinic: object, clock: Any) -> LinkReader:
    """Somebody who opens links of messages at `now`, without being signed in."""
    return LinkReader()


@pytest.fixture
def at(clock: Any, run_queue: Callable[[], list[str]], inbox: Inbox) -> Callable[[datetime], list[str]]:
    """Return a function that runs the queue at a time and returns the subjects of the new emails."""

    def run_at(instant: datetime) -> list[str]:
        before = len(inbox.mails())
        clock.move_to(instant)
        run_queue()
        return [str(mail["Subject"]) for mail in inbox.mails()[before:]]

    return run_at


@pytest.fixture
def with_reminders(clinic: Clinic) -> None:
    """Remind patients a week, a day and two hours before, as new clinics do."""
    ClinicSettings.objects.update(reminder_minutes=default_reminder_minutes())
