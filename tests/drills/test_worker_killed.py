"""One message per event although workers, Valkey and Postgres are killed thirty times each meanwhile."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from django.db import DatabaseError, connection
from psycopg import sql

from embedded import servers
from notifications.models import Message
from scheduling.models import BookingEvent
from tenants.base.clock import now
from tenants.models import Clinic
from tenants.queue.claims import LEASE
from tests.drills.figures import RecordFigure
from tests.drills.installation import Installation, open_installation
from tests.drills.processes import children_of, postgres_process
from tests.drills.slot_race import signed_in_patient
from tests.factories.database_logins import owner_connection
from tests.factories.people import make_doctor
from tests.factories.queue import is_done
from tests.factories.schedule import make_booking, make_slot
from tests.factories.waiting import wait_until
from tests.profiles import examples

KILLS, EVENTS_A_KILL = examples(quick=3, full=30), examples(quick=5, full=22)


@pytest.fixture
def _durable_commits(committed_clinic: Clinic) -> Iterator[None]:
    """Let a commit wait until it is written. Postgres runs without that in tests, and would lose some."""
    database = sql.Identifier(str(connection.settings_dict["NAME"]))
    with owner_connection() as owner:
        owner.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit = on").format(database))
    connection.close()
    yield
    with owner_connection() as owner:
        owner.execute(sql.SQL("ALTER DATABASE {} RESET synchronous_commit").format(database))


@pytest.fixture
def installation(committed_clinic: Clinic, _durable_commits: None) -> Iterator[Installation]:
    """An installation with its own Valkey and mail sink."""
    with open_installation() as installation:
        installation.settings |= servers.start_valkey(installation.home, installation.launch, {})
        installation.settings |= servers.start_mail(installation.home, installation.launch, {})
        yield installation


def test_kills_lose_no_message_and_make_no_second_one(
    committed_clinic: Clinic, installation: Installation, record_figure: RecordFigure
) -> None:
    inbox = Path(installation.settings["MAIL_DIR"])
    chance = random.Random(2026)
    kills = [kill_workers, kill_valkey, kill_postgres]
    installation.start("worker", "delivery", "beat")
    for number in range(KILLS):
        for kill in kills:
            before = len(stored_messages(inbox))
            make_bookings(number * len(kills) + kills.index(kill))
            wait_until(lambda before=before: len(stored_messages(inbox)) > before, "an email", seconds=120)  # type: ignore[misc]
            time.sleep(chance.uniform(0, 0.1))
            kill(installation)
    wait_until(lambda: is_done(committed_clinic.pk), "the jobs to be done", seconds=LEASE.total_seconds() * 5)

    copies = Counter(message_from_bytes(file.read_bytes())["Message-ID"] for file in stored_messages(inbox))
    planned = {message.message_id for message in Message.objects.filter(sent_at__isnull=False)}
    repeats = copies.total() - len(copies)
    events = BookingEvent.objects.count()
    summary = f"{events} events, {events - len(copies)} lost, {repeats} sent again under the same Message-ID"
    record_figure(f"{KILLS} kills each of workers, Valkey and Postgres", summary)
    assert events == KILLS * len(kills) * EVENTS_A_KILL
    assert set(copies) == planned
    assert len(planned) == events
    # A kill between the mail server's confirmation and the database write sends the message again. One
    # process sends, and it has at most one message in that state.
    assert repeats <= KILLS * len(kills)


def kill_workers(installation: Installation) -> None:
    """Kill the processes that plan and send messages, and start others."""
    for name in ["worker", "delivery"]:
        installation.kill(name)
    installation.start("worker", "delivery")


def kill_valkey(installation: Installation) -> None:
    """Kill the broker and cache, and start it again, without its data."""
    installation.kill("valkey")
    installation.launch(installation.running["valkey"].program)


def kill_postgres(_installation: Installation) -> None:
    """Kill a process of Postgres. It ends all connections and recovers from its log, as after a crash."""
    victim = children_of(postgres_process())[-1]
    connection.close()
    os.kill(victim, signal.SIGKILL)
    wait_until(accepts_connections, "Postgres to recover", seconds=60)


def accepts_connections() -> bool:
    """Return whether Postgres is there."""
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        connection.close()
        return False
    return True


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
