"""Beat: one of several processes sends the periodic tasks, and a missed task is caught up."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from celery.schedules import crontab
from django.db import connection

from config.celery import app
from tenants.current import enter_public
from tenants.models import Clinic, PeriodicRun
from tenants.queue.beat import LockedScheduler

NIGHTLY = "delete expired sign-ups"
EVENING = datetime(2026, 5, 4, 22, tzinfo=UTC)


class QuietScheduler(LockedScheduler):
    """The product's scheduler, with its sent tasks in a list instead of a broker."""

    def __init__(self, **options: Any) -> None:
        self.sent: list[str] = []
        super().__init__(app=app, max_interval=10, **options)

    def apply_async(self, entry: Any, producer: Any = None, advance: bool = True, **options: Any) -> None:
        """Record the task."""
        self.sent.append(entry.name)

    def tick_until_idle(self) -> list[str]:
        """Run all tasks that are due; return those that are stored between runs."""
        while self.tick() == 0:
            pass
        return [name for name in self.sent if name == NIGHTLY]


@pytest.fixture(autouse=True)
def _no_sweeps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the tasks of every two seconds, which go to the broker of this run."""
    monkeypatch.setattr("tenants.queue.beat.publish_sweep", lambda lane: True)


@pytest.fixture
def thread(open_clinic: Clinic) -> Iterator[ThreadPoolExecutor]:
    """A thread with a connection of its own, like another process."""
    with ThreadPoolExecutor(1) as pool, enter_public():
        yield pool
        pool.submit(_close_connection).result()
        PeriodicRun.objects.all().delete()


def test_of_two_beats_one_sends_and_the_other_takes_over(thread: ThreadPoolExecutor) -> None:
    first, second = QuietScheduler(), QuietScheduler()

    first.tick()
    thread.submit(second.tick).result()
    both_run = (first.is_leader, second.is_leader)
    first.close()
    thread.submit(second.tick).result()

    assert (both_run, second.is_leader) == ((True, False), True)
    thread.submit(second.close).result()


def test_a_beat_whose_connection_was_lost_sends_nothing_until_it_has_the_lock_again(
    thread: ThreadPoolExecutor,
) -> None:
    first, second = QuietScheduler(), QuietScheduler()
    first.tick()
    connection.close()  # the lock ends with the connection

    thread.submit(second.tick).result()
    wait = first.tick()

    assert (first.is_leader, second.is_leader, wait) == (False, True, 5)
    thread.submit(second.close).result()


@pytest.mark.parametrize(("down_for", "sent"), [(timedelta(hours=3), []), (timedelta(hours=11), [NIGHTLY])])
def test_a_nightly_task_that_was_missed_is_sent_once_after_the_restart(
    db: None, down_for: timedelta, sent: list[str]
) -> None:
    assert settings_of(NIGHTLY) == crontab(hour=2, minute=20)
    with time_machine.travel(EVENING, tick=False) as clock:
        before = QuietScheduler()
        before.tick_until_idle()
        before.close()
        clock.shift(down_for)
        after = QuietScheduler()

        assert after.tick_until_idle() == sent
        assert after.tick_until_idle() == sent
        after.close()


def test_a_task_that_ran_in_the_future_of_this_clock_runs_again(db: None) -> None:
    with time_machine.travel(EVENING, tick=False) as clock:
        scheduler = QuietScheduler()
        scheduler.tick_until_idle()
        clock.shift(-timedelta(hours=1))
        scheduler.tick_until_idle()
        scheduler.sent.clear()
        clock.shift(timedelta(seconds=301))
        scheduler.tick_until_idle()

        assert "nightly maintenance" in scheduler.sent
        scheduler.close()


def _close_connection() -> None:
    """Close the connection of the calling thread."""
    connection.close()


def settings_of(name: str) -> Any:
    """Return the schedule of a periodic task."""
    return app.conf.beat_schedule[name]["schedule"]
