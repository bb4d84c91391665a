"""The work queue. A job is written in the transaction of its cause and deleted when it has succeeded."""

import uuid
from collections.abc import Callable, Iterable
from datetime import datetime

from tenants.base.clock import now as clock_now
from tenants.current import current_clinic
from tenants.models import QueueLine
from tenants.queue.running_job import current_request_id
from tenants.queue.wake_up import wake_workers

Handler = Callable[[uuid.UUID, datetime], None]
"""Takes the row's id and the current time. It may run again for the same row and must be idempotent."""
Lane = QueueLine.Lane

handlers: dict[str, Handler] = {}
_lanes: dict[str, Lane] = {}


def queue_handler(kind: str, *, lane: Lane = Lane.WORK) -> Callable[[Handler], Handler]:
    """Register the decorated function as the handler for jobs of `kind`.

    :param lane: DELIVERY for a handler that waits for a server outside the installation
    """

    def register(handler: Handler) -> Handler:
        handlers[kind] = handler
        register_lane(kind, lane)
        return handler

    return register


def register_lane(kind: str, lane: Lane) -> None:
    """Choose the lane of all jobs of `kind` that are added from now on."""
    _lanes[kind] = lane


def enqueue(*, kind: str, row_id: uuid.UUID, due_at: datetime) -> QueueLine:
    """Add a job for a row of the current clinic, in the current transaction.

    :raises NotFound: called outside any clinic
    """
    job = QueueLine.objects.create(
        clinic_id=current_clinic().pk,
        lane=_lane(kind),
        kind=kind,
        row_id=row_id,
        due_at=due_at,
        request_id=current_request_id(),
    )
    _wake_if_due(kind, [due_at])
    return job


def enqueue_all(*, kind: str, rows: Iterable[tuple[uuid.UUID, datetime]]) -> None:
    """Add a job for each row of the current clinic, given with the time when it is due.

    :raises NotFound: called outside any clinic
    """
    rows = list(rows)
    shared = {"clinic_id": current_clinic().pk, "lane": _lane(kind), "request_id": current_request_id()}
    QueueLine.objects.bulk_create(
        QueueLine(kind=kind, row_id=row_id, due_at=due_at, **shared) for row_id, due_at in rows
    )
    _wake_if_due(kind, [due_at for _row_id, due_at in rows])


def _lane(kind: str) -> Lane:
    return _lanes.get(kind, Lane.WORK)


def _wake_if_due(kind: str, due_times: list[datetime]) -> None:
    if due_times and min(due_times) <= clock_now():
        wake_workers(_lane(kind))
