"""An inbox that real SMTP fills, and the worker's round run at the test's own time."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import time_machine

from clinics.models import Doctor, Patient
from scheduling.models import Booking
from tests.factories.queue import kinds_waiting, sweep
from tests.factories.schedule import make_booking, make_slot

SUMMER_EVENING = datetime.fromisoformat("2026-05-25T17:30:00Z")


class Inbox:
    """What the mail sink was given since this test began."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.before = folder, set(folder.glob("*.eml"))

    def mails(self) -> list[EmailMessage]:
        """The mails, in the order in which they came."""
        files = sorted(set(self.folder.glob("*.eml")) - self.before)
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]


@pytest.fixture
def inbox(settings: Any) -> Inbox:
    """The sink behind the mail server of this run. pytest-django would keep mails in memory."""
    if "MAIL_DIR" not in os.environ:
        pytest.skip("EMAIL_URL names a mail server whose mails cannot be read here")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    return Inbox(Path(os.environ["MAIL_DIR"]))


@pytest.fixture
def clock(now: datetime) -> Iterator[Any]:
    """The product's clock, standing at `now` until it is moved."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


@pytest.fixture
def work_off(clinic: object, clock: Any, inbox: Inbox) -> Callable[[], list[str]]:
    """Runs the worker's round until nothing is due; the kinds of lines that are left for later."""

    def run() -> list[str]:
        sweep()
        return kinds_waiting()

    return run


@pytest.fixture
def booking(doctor: Doctor, patient: Patient, now: datetime) -> Booking:
    """A booking for Monday 25 May 2026, 18:30 London summer time, for a private reason."""
    return make_booking(make_slot(doctor, SUMMER_EVENING), patient, now=now, reason="Private cough")
