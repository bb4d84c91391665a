"""One message for each event, whatever becomes of the worker: thirty kills over three hundred events."""

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
from tenants.queue.jobs import LEASE
from tests.drills.figures import Note
from tests.drills.installation import House, open_house, wait_until
from tests.drills.slot_race import signed_in_patient
from tests.factories.people import make_doctor
from tests.factories.queue import waiting
from tests.factories.schedule import make_booking, make_slot

KILLS, EVENTS_A_KILL = 30, 10


@pytest.fixture
def house(committed_clinic: Clinic) -> Iterator[House]:
    """Worker, beat, Valkey and mail sink of the drill's own."""
    with open_house() as house:
        house.settings |= servers.start_valkey(house.home, house.launch, {})
        house.settings |= servers.start_mail(house.home, house.launch, {})
        yield house


def test_thirty_kills_lose_no_message_and_make_no_second_one(
    committed_clinic: Clinic, house: House, figures: Note
) -> None:
    inbox = Path(house.settings["MAIL_DIR"])
    chance = random.Random(2026)
    house.start("beat")
    for number in range(KILLS):
        house.start("worker")
        book_some(number)
        wait_for_more(inbox)
        time.sleep(chance.uniform(0, 0.1))
        house.kill("worker")
    house.start("worker")
    own = {"clinic_id": committed_clinic.pk}
    wait_until(lambda: not waiting(**own), "the queue to be empty", seconds=LEASE.total_seconds() * 2)

    copies = Counter(message_from_bytes(file.read_bytes())["Message-ID"] for file in kept(inbox))
    planned = {message.message_id for message in Message.objects.filter(sent_at__isnull=False)}
    again = sum(count > 1 for count in copies.values())
    events = BookingEvent.objects.count()
    found = f"{events} events, {events - len(copies)} lost, {again} sent again under the same Message-ID"
    figures(f"{KILLS} kills of the worker", found)
    assert events == KILLS * EVENTS_A_KILL
    assert set(copies) == planned
    assert len(planned) == events
    # A kill between the mail server's yes and the note of it in the database sends again. Each of the
    # worker's two processes has at most one message in that gap.
    assert again <= KILLS * 2


def wait_for_more(inbox: Path) -> None:
    """Until the worker is at work."""
    before = len(kept(inbox))
    wait_until(lambda: len(kept(inbox)) > before, "the worker to send", seconds=120)


def book_some(number: int) -> None:
    """Events for the worker, each of a patient of its own."""
    doctor = make_doctor()
    for hour in range(EVENTS_A_KILL):
        patient, _token = signed_in_patient()
        slot = make_slot(doctor, now() + timedelta(days=1 + number, hours=hour))
        make_booking(slot, patient, now=now())


def kept(inbox: Path) -> list[Path]:
    """The messages that the mail server took."""
    return list(inbox.glob("[0-9]*.eml"))
