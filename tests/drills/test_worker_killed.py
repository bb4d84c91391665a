"""One message per event although the worker is killed thirty times during three hundred events."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest

from embedded import servers
from notifications.models import Message
from scheduling.models import BookingEvent
from tenants.base.clock import now
from tenants.models import Clinic
from tenants.queue.claims import LEASE
from tests.drills.figures import RecordFigure
from tests.drills.installation import Installation, open_installation
from tests.drills.slot_race import signed_in_patient
from tests.factories.people import make_doctor
from tests.factories.queue import queued_jobs
from tests.factories.schedule import make_booking, make_slot
from tests.factories.waiting import wait_until

KILLS, EVENTS_A_KILL = 30, 10


@pytest.fixture
def installation(committed_clinic: Clinic) -> Iterator[Installation]:
    """An installation with its own Valkey and mail sink."""
    with open_installation() as installation:
        installation.settings |= servers.start_valkey(installation.home, installation.launch, {})
        installation.settings |= servers.start_mail(installation.home, installation.launch, {})
        yield installation


def test_thirty_kills_lose_no_message_and_make_no_second_one(
    committed_clinic: Clinic, installation: Installation, record_figure: RecordFigure
) -> None:
    inbox = Path(installation.settings["MAIL_DIR"])
    chance = random.Random(2026)
    installation.start("beat")
    for number in range(KILLS):
        installation.start("worker")
        make_bookings(number)
        wait_for_more(inbox)
        time.sleep(chance.uniform(0, 0.1))
        installation.kill("worker")
    installation.start("worker")
    filters = {"clinic_id": committed_clinic.pk}
    wait_until(lambda: not queued_jobs(**filters), "the queue to be empty", seconds=LEASE.total_seconds() * 2)

    copies = Counter(message_from_bytes(file.read_bytes())["Message-ID"] for file in stored_messages(inbox))
    planned = {message.message_id for message in Message.objects.filter(sent_at__isnull=False)}
    sent_twice = sum(count > 1 for count in copies.values())
    events = BookingEvent.objects.count()
    summary = (
        f"{events} events, {events - len(copies)} lost, {sent_twice} sent again under the same Message-ID"
    )
    record_figure(f"{KILLS} kills of the worker", summary)
    assert events == KILLS * EVENTS_A_KILL
    assert set(copies) == planned
    assert len(planned) == events
    # A kill between the mail server's confirmation and the database write sends the message again. Each of
    # the worker's two processes has at most one message in that state.
    assert sent_twice <= KILLS * 2


def wait_for_more(inbox: Path) -> None:
    """Wait until the worker has sent another message."""
    before = len(stored_messages(inbox))
    wait_until(lambda: len(stored_messages(inbox)) > before, "the worker to send", seconds=120)


def make_bookings(number: int) -> None:
    """Create events for the worker, each with its own patient."""
    doctor = make_doctor()
    for hour in range(EVENTS_A_KILL):
        patient, _token = signed_in_patient()
        slot = make_slot(doctor, now() + timedelta(days=1 + number, hours=hour))
        make_booking(slot, patient, now=now())


def stored_messages(inbox: Path) -> list[Path]:
    """Return the messages that the mail server has stored."""
    return list(inbox.glob("[0-9]*.eml"))
