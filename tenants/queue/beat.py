"""Beat's scheduler: of any number of beat processes, one sends the periodic tasks.

It holds an advisory lock of Postgres, which ends with its connection: then another process takes over within
seconds. When each task last ran is stored in Postgres too, so a missed one is caught up.
"""

import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import structlog
from celery import Celery
from celery.beat import ScheduleEntry, Scheduler
from celery.schedules import schedule
from django.db import DatabaseError, connection

from tenants.models import PeriodicRun
from tenants.queue import clock
from tenants.queue.wake_up import TASKS, publish_sweep

_LOCK = 0x62656174
"""The key of the advisory lock: "beat" in ASCII."""
_RETRY_SECONDS = 5
_CLOCK_STEP_SECONDS = 2
_STORED_FROM_SECONDS = 60
"""The shortest interval of tasks whose last run is stored. Others run again soon anyway."""

_HAS_LOCK = """
SELECT EXISTS (
    SELECT FROM pg_locks
    WHERE locktype = 'advisory' AND objid = %s AND pid = pg_backend_pid() AND granted
)
"""
_LANES = {task: lane for lane, task in TASKS.items()}

log = structlog.get_logger(__name__)


class LockedScheduler(Scheduler):
    """Sends periodic tasks while it holds the lock."""

    def __init__(self, app: Celery, **options: Any) -> None:
        self._is_leader = self._has_failed = False
        self._clock_offset = _clock_offset()
        super().__init__(app, **options)

    @property
    def is_leader(self) -> bool:
        """Whether this process sends the tasks."""
        return self._is_leader

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send a task that is due, if this process holds the lock. Return the seconds until the next call."""
        try:
            self._check_lock()
            if not self._is_leader:
                return _RETRY_SECONDS
            self._follow_clock()
            seconds: float = super().tick(*args, **kwargs)
        except DatabaseError as error:
            # The lock ends with the connection.
            log.warning("beat_without_database", error=type(error).__name__)
            self._is_leader = False
            connection.close()
            return _RETRY_SECONDS
        if self._has_failed:  # the broker does not respond: do not try again at once
            self._has_failed, self._heap = False, None
            return _RETRY_SECONDS
        return seconds

    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:
        """Send a task. If that fails, it stays due."""
        try:
            if entry.task in _LANES:
                publish_sweep(_LANES[entry.task])
            else:
                self.apply_async(entry, producer=producer, advance=False)
        except Exception as error:
            log.warning("periodic_task_not_sent", task=entry.task, error=type(error).__name__)
            self.schedule[str(entry.name)], self._has_failed = entry, True
        else:
            self._store(entry)

    def close(self) -> None:
        """Give up the lock."""
        if self._is_leader:
            with suppress(DatabaseError):
                _query("SELECT pg_advisory_unlock(%s)", [_LOCK])
            self._is_leader = False
        super().close()

    def _check_lock(self) -> None:
        """Take the lock if it is free, or make sure that this process still has it."""
        if self._is_leader:
            self._is_leader = _query(_HAS_LOCK, [_LOCK])
        elif _query("SELECT pg_try_advisory_lock(%s)", [_LOCK]):
            self._is_leader = True
            self._load()
            log.info("beat_is_leader")

    def _load(self) -> None:
        """Continue where the last leader stopped. A task that has never run counts as run now."""
        runs = dict(PeriodicRun.objects.values_list("name", "last_run_at"))
        for name, entry in self.schedule.items():
            if name in runs:
                entry.last_run_at = runs[name]
            else:
                self._store(entry)
        self._heap = None

    def _store(self, entry: ScheduleEntry) -> None:
        if _is_stored(entry):
            run = {"last_run_at": clock.queue_now()}
            PeriodicRun.objects.update_or_create(name=entry.name, defaults=run)

    def _follow_clock(self) -> None:
        """Plan anew after this machine's clock was set. A task that ran in the future runs now."""
        now = datetime.now(tz=UTC)
        for entry in self.schedule.values():
            if entry.last_run_at is not None and entry.last_run_at > now:
                entry.last_run_at, self._heap = now, None
        offset = _clock_offset()
        if abs(offset - self._clock_offset) > _CLOCK_STEP_SECONDS:
            log.warning("clock_was_set", seconds=round(offset - self._clock_offset))
            self._heap = None
        self._clock_offset = offset


def _is_stored(entry: ScheduleEntry) -> bool:
    interval = entry.schedule
    if not isinstance(interval, schedule):
        return True  # at a time of the clock
    seconds: float = interval.run_every.total_seconds()  # type: ignore[attr-defined]  # missing in the stubs
    return seconds >= _STORED_FROM_SECONDS


def _query(statement: str, parameters: list[int]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        (answer,) = cursor.fetchone()
    return bool(answer)


def _clock_offset() -> float:
    """Return what changes only if the clock is set."""
    return time.time() - time.monotonic()
