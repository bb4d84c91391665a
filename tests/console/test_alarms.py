"""Operators are told once of each problem of the installation, and once of its end."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client

from config.health import Watcher
from console.alarms import WATCH, watch
from console.health import SILENT_AFTER, current_problems
from console.models import Alarm
from notifications.models import Message
from notifications.services.ledger import park
from scheduling.models import BookingEvent
from tenants.base.clock import now as clock_now
from tenants.current import enter_clinic, enter_public
from tenants.models import CircuitBreaker, Clinic, Heartbeat, ParkedMessages, PeriodicRun, QueueLine
from tenants.tasks import HEARTBEATS, record_heartbeat
from tests.factories.people import make_doctor, make_patient, user_of
from tests.factories.queue import run_due_jobs
from tests.factories.schedule import make_booking, make_slot
from tests.notifications.conftest import Inbox

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _healthy(clinic: Clinic, now: datetime) -> Iterator[None]:
    """An installation whose processes have just been seen, at a stopped clock."""
    with time_machine.travel(now, tick=False), enter_public():
        QueueLine.objects.all().delete()
        see_all(now)
        yield


def see_all(now: datetime) -> None:
    """Let beat and all workers give a sign of life."""
    for lane, run in HEARTBEATS.items():
        PeriodicRun.objects.update_or_create(name=run, defaults={"last_run_at": now})
        Heartbeat.objects.update_or_create(name=lane, defaults={"seen_at": now})


@pytest.fixture
def inbox(settings: Any) -> Inbox:
    """The operators' mailbox."""
    if "MAIL_DIR" not in os.environ:
        pytest.skip("EMAIL_URL names a mail server whose mails cannot be read here")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.OPERATORS_EMAIL = ["ops@platform.example"]
    return Inbox(Path(os.environ["MAIL_DIR"]))


def subjects(inbox: Inbox) -> list[str]:
    """Return the subjects of the emails without the name of the installation."""
    return [str(mail["Subject"]).partition("] ")[2] for mail in inbox.mails()]


def keys(now: datetime) -> list[str]:
    """Return the keys of the problems."""
    return [problem.key for problem in current_problems(now=now)]


def add_job(clinic: Clinic, *, due_at: datetime, **fields: Any) -> QueueLine:
    """Add a job to the queue."""
    values = {"clinic_id": clinic.pk, "kind": "message", "row_id": uuid4(), "due_at": due_at, **fields}
    return QueueLine.objects.create(**values)


def test_a_healthy_installation_has_no_problems(now: datetime) -> None:
    assert keys(now) == []
    assert keys(now + SILENT_AFTER) == []


def test_a_stopped_beat_is_one_problem_and_not_also_stopped_workers(now: datetime) -> None:
    assert keys(now + SILENT_AFTER + MINUTE) == ["beat"]


@pytest.mark.parametrize("lane", HEARTBEATS)
def test_workers_of_one_lane_that_stopped_are_a_problem(now: datetime, lane: str) -> None:
    later = now + SILENT_AFTER + MINUTE
    see_all(later)
    Heartbeat.objects.filter(name=lane).update(seen_at=now)

    assert keys(later) == [f"workers:{lane}"]
    with time_machine.travel(later, tick=False):
        record_heartbeat(lane)
    assert keys(later) == []


def test_workers_that_never_ran_are_a_problem_once_beat_has_run_for_a_while(now: datetime) -> None:
    Heartbeat.objects.all().delete()
    first = keys(now)
    later = now + SILENT_AFTER + MINUTE
    PeriodicRun.objects.update(last_run_at=later, created_at=now)

    assert (first, keys(later)) == ([], ["workers:delivery", "workers:work"])


@pytest.mark.parametrize(("minutes", "stuck"), [(10, []), (11, ["queue:delivery"])])
def test_a_job_that_is_due_for_more_than_ten_minutes_is_a_stuck_queue(
    clinic: Clinic, now: datetime, minutes: int, stuck: list[str]
) -> None:
    add_job(clinic, due_at=now - minutes * MINUTE, lane=QueueLine.Lane.DELIVERY)

    assert keys(now) == stuck


def test_jobs_of_a_suspended_clinic_wait_and_are_no_problem(clinic: Clinic, now: datetime) -> None:
    add_job(clinic, due_at=now - timedelta(hours=1))
    Clinic.objects.filter(pk=clinic.pk).update(status=Clinic.Status.SUSPENDED)

    assert keys(now) == []


def test_a_clinic_whose_mail_keeps_failing_is_a_problem(clinic: Clinic, now: datetime, settings: Any) -> None:
    settings.MAIL_ALARM_COUNT = 2
    add_job(clinic, due_at=now + MINUTE, attempts=5)
    one = keys(now)
    add_job(clinic, due_at=now + MINUTE, attempts=5)

    assert (one, keys(now)) == ([], [f"mail:{clinic.pk}"])
    assert clinic.slug in current_problems(now=now)[0].text


def test_messages_given_up_are_counted_by_clinic_and_hour(
    clinic: Clinic, now: datetime, settings: Any
) -> None:
    settings.MAIL_ALARM_COUNT = 1
    with enter_clinic(clinic):
        patient, slot = make_patient(), make_slot(make_doctor(), now + timedelta(days=3))
        booking = make_booking(slot, patient, now=now)
        message = Message.objects.create(
            booking=booking,
            event=BookingEvent.objects.get(),
            recipient=user_of(patient),
            kind="confirmation",
            due_at=now,
            not_after=booking.starts_at,
        )
        park(message, because=Message.Parked.REFUSED, now=now)
        run_due_jobs()

    assert list(ParkedMessages.objects.values_list("clinic_id", "count")) == [(clinic.pk, 1)]
    assert keys(now + timedelta(minutes=4)) == [f"mail:{clinic.pk}"]


def test_a_server_that_fails_again_and_again_is_a_problem(now: datetime) -> None:
    CircuitBreaker.objects.create(name="smtp:mail.example:25", failures=10, last_error="refused")

    assert keys(now) == ["server:smtp:mail.example:25"]


def test_operators_are_told_once_of_a_problem_and_once_of_its_end(now: datetime, inbox: Inbox) -> None:
    for minute in range(4):
        watch(now=now + SILENT_AFTER + (1 + minute) * MINUTE)
    recovered = now + SILENT_AFTER + 6 * MINUTE
    see_all(recovered)
    for minute in range(3):
        watch(now=recovered + minute * MINUTE)

    text = "Beat has not run since 2026-03-02 12:00 (UTC)."
    assert subjects(inbox) == [f"Problem: {text}", f"Over: {text}"]
    alarm = Alarm.objects.get()
    assert (alarm.cleared_at, alarm.told_over_at) == (recovered, recovered)


def test_an_email_that_fails_is_sent_with_the_next_check(now: datetime, inbox: Inbox, settings: Any) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    watch(now=now + SILENT_AFTER + MINUTE)
    settings.EMAIL_PORT = port
    failed = len(inbox.mails())
    watch(now=now + SILENT_AFTER + 2 * MINUTE)

    assert (failed, len(inbox.mails())) == (0, 1)


def test_of_several_processes_one_checks_in_a_minute(now: datetime) -> None:
    assert [watch(now=now), watch(now=now), watch(now=now + MINUTE)] == [True, False, True]


def test_the_console_shows_problems_and_when_processes_were_last_seen(browser: Client) -> None:
    Heartbeat.objects.filter(name="delivery").update(seen_at=clock_now() - timedelta(hours=1))

    page = browser.get("/console/health/").content.decode()

    assert "The workers of the queue “delivery” have not run since" in page
    assert "heartbeat of the workers" in page


def test_a_web_process_checks_the_installation_once_a_minute_without_waiting() -> None:
    def forget() -> None:
        Heartbeat.objects.filter(name=WATCH).delete()
        connection.close()

    watcher = Watcher()
    thread = watcher.start()
    again = watcher.start()

    assert thread is not None
    thread.join()
    assert again is None
    assert Heartbeat.objects.filter(name=WATCH).exists()
    cleaning = Thread(target=forget)  # on a connection of its own, outside the test's transaction
    cleaning.start()
    cleaning.join()


def test_a_problem_that_returns_is_told_again(now: datetime, inbox: Inbox) -> None:
    for hours in (1, 2):
        stopped = now + timedelta(hours=hours)
        watch(now=stopped)
        see_all(stopped + MINUTE)
        watch(now=stopped + MINUTE)

    assert [subject.partition(":")[0] for subject in subjects(inbox)] == ["Problem", "Over"] * 2
