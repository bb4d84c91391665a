"""Wake the workers of a lane after a commit, so that its jobs do not wait for the next periodic sweep.

A wake-up may be lost: it is sent without waiting for the broker, and the sweep finds every job anyway.
"""

import os
import threading
from contextlib import suppress

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import ChannelError

from tenants.models import QueueLine
from tenants.queue.clinic_task import HEADER, PUBLIC

TASKS = {
    QueueLine.Lane.WORK: "tenants.sweep_queue",
    QueueLine.Lane.DELIVERY: "tenants.sweep_deliveries",
    QueueLine.Lane.FEEDS: "tenants.sweep_feeds",
}
"""The task that runs the due jobs of each lane."""
_ENOUGH = 4
"""A sweep that waits in the broker claims jobs only when it starts. More of them than this add nothing."""

log = structlog.get_logger(__name__)


def wake_workers(lane: QueueLine.Lane = QueueLine.Lane.WORK) -> None:
    """Wake the workers of `lane` after the current transaction has been committed. It never blocks."""
    transaction.on_commit(lambda: _publisher.request(lane))


def publish_sweep(lane: QueueLine.Lane) -> bool:
    """Send the task that runs the due jobs of `lane`, unless enough of them wait already.

    :return: whether it was sent
    :raises OSError: the broker does not respond; so do the errors of kombu's transport
    """
    task = TASKS[lane]
    with current_app.producer_pool.acquire(block=True, timeout=2) as producer:
        queue = current_app.amqp.router.route({}, task)["queue"].name
        if _waiting(producer.channel, queue) >= _ENOUGH:
            return False
        current_app.send_task(task, headers={HEADER: PUBLIC}, producer=producer, retry=False)
    return True


def _waiting(channel: object, queue: str) -> int:
    """Return how many tasks wait in a queue of the broker. An empty one does not exist."""
    with suppress(ChannelError):
        return int(channel.queue_declare(queue=queue, passive=True).message_count)  # type: ignore[attr-defined]
    return 0


class _Publisher:
    """Publishes wake-ups in a thread of its own. Requests made while one is being sent are combined."""

    def __init__(self) -> None:
        self._requested = threading.Event()
        self._lanes: set[QueueLine.Lane] = set()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def request(self, lane: QueueLine.Lane) -> None:
        """Ask for a wake-up of `lane` and return at once."""
        with self._lock:
            self._lanes.add(lane)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="wake-up", daemon=True)
                self._thread.start()
        self._requested.set()

    def _run(self) -> None:
        while self._requested.wait():
            self._requested.clear()
            with self._lock:
                lanes, self._lanes = self._lanes, set()
            for lane in sorted(lanes):
                try:
                    publish_sweep(lane)
                except Exception as error:  # whatever it is, the periodic sweep finds the jobs
                    log.warning("wake_up_failed", lane=lane, error=type(error).__name__)


_publisher = _Publisher()


def _after_fork() -> None:
    """Start anew in a child process, which has no threads but the one that forked."""
    global _publisher  # noqa: PLW0603
    _publisher = _Publisher()


os.register_at_fork(after_in_child=_after_fork)
