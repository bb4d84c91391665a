"""The line of work to do: written with its cause, claimed by a worker, kept until it is done."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db import connection
from django.db.models import F

from tenants.base.clock import now as clock_now
from tenants.door import clinic_by_id, current_clinic, enter_clinic
from tenants.models import QueueLine

LEASE = timedelta(seconds=60)
"""How long a claimed line is left alone. No handler takes longer, so only a dead worker's line returns."""
LONGEST_WAIT = timedelta(hours=1)

Handler = Callable[[uuid.UUID, datetime], None]
"""Takes the row's id and the time; may run again for the same row, and must then change nothing."""

log = structlog.get_logger(__name__)
_handlers: dict[str, Handler] = {}

CLAIM = """
UPDATE tenants_queueline SET due_at = %(until)s, attempts = attempts + 1
WHERE id IN (
    SELECT id FROM tenants_queueline
    WHERE due_at <= %(now)s AND id IN (
        SELECT id FROM (
            SELECT id, row_number() OVER (PARTITION BY clinic_id ORDER BY due_at, id) AS place
            FROM tenants_queueline
            WHERE due_at <= %(now)s
                AND clinic_id NOT IN (SELECT id FROM tenants_clinic WHERE status <> 'live')
        ) AS waiting ORDER BY place, id LIMIT %(limit)s
    )
    FOR UPDATE SKIP LOCKED
)
RETURNING id
"""


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the decorated function for lines of `kind`."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def enqueue(*, kind: str, row_id: uuid.UUID, due_at: datetime) -> QueueLine:
    """Write a line for a row of the current clinic, in the transaction that is open.

    :raises NotFound: outside any clinic
    """
    return QueueLine.objects.create(clinic_id=current_clinic().pk, kind=kind, row_id=row_id, due_at=due_at)


def claim_lines(*, now: datetime, limit: int) -> list[QueueLine]:
    """Take up to `limit` due lines for a lease: clinics in turn, so that none waits for another.

    The lines of a suspended clinic stay where they are until it is resumed.
    """
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"now": now, "until": now + LEASE, "limit": limit})
        ids = [row[0] for row in cursor.fetchall()]
    return list(QueueLine.objects.filter(pk__in=ids).order_by("id"))


def put_back(lines: list[QueueLine], *, now: datetime) -> None:
    """Give claimed lines back untried."""
    QueueLine.objects.filter(pk__in=[line.pk for line in lines]).update(
        due_at=now, attempts=F("attempts") - 1
    )


def run_line(line: QueueLine) -> bool:
    """Do what `line` asks for, inside its clinic. A failure is seen, put off and tried again, never dropped.

    Where the clinic was suspended after the claim, the line goes back untried.

    :return: whether it is done
    """
    try:
        clinic = clinic_by_id(line.clinic_id)
        if not clinic.is_live:
            put_back([line], now=clock_now())
            return False
        with enter_clinic(clinic):
            _handlers[line.kind](line.row_id, clock_now())
    except Exception:
        wait = min(LONGEST_WAIT, timedelta(seconds=5) * 2 ** min(line.attempts, 12))
        QueueLine.objects.filter(pk=line.pk).update(due_at=clock_now() + wait)
        log.exception("queue_line_failed", kind=line.kind, clinic=str(line.clinic_id), attempts=line.attempts)
        return False
    QueueLine.objects.filter(pk=line.pk).delete()
    return True
