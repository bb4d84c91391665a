"""The work queue. A job is written in the transaction of its cause and deleted when it has succeeded."""

import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import structlog
from django.db import connection
from django.db.models import F

from tenants.base.clock import now as clock_now
from tenants.current import clinic_by_id, current_clinic, enter_clinic
from tenants.models import QueueLine

LEASE = timedelta(seconds=60)
"""How long a claim lasts. No handler takes longer, so only the jobs of a dead worker become due again."""
MAX_RETRY_DELAY = timedelta(hours=1)

Handler = Callable[[uuid.UUID, datetime], None]
"""Takes the row's id and the current time. It may run again for the same row and must be idempotent."""

log = structlog.get_logger(__name__)
_handlers: dict[str, Handler] = {}

_CLAIM = """
UPDATE tenants_queueline SET updated_at = %(now)s, due_at = %(until)s, attempts = attempts + 1
WHERE id IN (
    SELECT id FROM tenants_queueline
    WHERE due_at <= %(now)s AND id IN (
        -- Round robin: the first due job of every clinic, then the second of every clinic, and so on.
        SELECT id FROM (
            SELECT id, row_number() OVER (PARTITION BY clinic_id ORDER BY due_at, id) AS place
            FROM tenants_queueline
            WHERE due_at <= %(now)s
                -- Jobs of suspended and closed clinics wait. NOT IN keeps those whose clinic is gone, so
                -- that they fail visibly.
                AND clinic_id NOT IN (SELECT id FROM tenants_clinic WHERE status <> 'live')
        ) AS waiting ORDER BY place, id LIMIT %(limit)s
    )
    -- Window functions cannot be combined with FOR UPDATE, hence the outer query. Jobs that another worker
    -- is claiming are skipped; `due_at` is checked again because it may have claimed them just before.
    FOR UPDATE SKIP LOCKED
)
RETURNING id
"""


def queue_handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the decorated function as the handler for jobs of `kind`."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def enqueue(*, kind: str, row_id: uuid.UUID, due_at: datetime) -> QueueLine:
    """Add a job for a row of the current clinic, in the current transaction.

    :raises NotFound: called outside any clinic
    """
    return QueueLine.objects.create(clinic_id=current_clinic().pk, kind=kind, row_id=row_id, due_at=due_at)


def enqueue_all(*, kind: str, rows: Iterable[tuple[uuid.UUID, datetime]]) -> None:
    """Add a job for each row of the current clinic, given with the time when it is due.

    :raises NotFound: called outside any clinic
    """
    clinic_id = current_clinic().pk
    QueueLine.objects.bulk_create(
        QueueLine(clinic_id=clinic_id, kind=kind, row_id=row_id, due_at=due_at) for row_id, due_at in rows
    )


def claim_jobs(*, now: datetime, limit: int) -> list[QueueLine]:
    """Claim up to `limit` due jobs, round robin by clinic, so that no clinic waits for another.

    Jobs of suspended clinics stay in the queue until the clinic is resumed.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"now": now, "until": now + LEASE, "limit": limit})
        ids = [row[0] for row in cursor.fetchall()]
    return list(QueueLine.objects.filter(pk__in=ids).order_by("id"))


def release_jobs(jobs: list[QueueLine], *, now: datetime) -> None:
    """Release claimed jobs that were not attempted."""
    QueueLine.objects.filter(pk__in=[job.pk for job in jobs]).update(due_at=now, attempts=F("attempts") - 1)


def run_job(job: QueueLine) -> bool:
    """Run a job inside its clinic. If it fails, log the error and retry later; a job is never dropped.

    If the clinic was suspended after the claim, the job is released without an attempt.

    :return: whether the job is done
    """
    try:
        clinic = clinic_by_id(job.clinic_id)
        if not clinic.is_live:
            release_jobs([job], now=clock_now())
            return False
        with enter_clinic(clinic):
            _handlers[job.kind](job.row_id, clock_now())
    except Exception:
        delay = min(MAX_RETRY_DELAY, timedelta(seconds=5) * 2 ** min(job.attempts, 12))
        QueueLine.objects.filter(pk=job.pk).update(due_at=clock_now() + delay)
        log.exception("job_failed", kind=job.kind, clinic=str(job.clinic_id), attempts=job.attempts)
        return False
    QueueLine.objects.filter(pk=job.pk).delete()
    return True
