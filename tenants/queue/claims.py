"""Claims: a worker leases due jobs for a minute, fairly between the clinics, and renews or releases them."""

import time
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from tenants.current import enter_public
from tenants.models import QueueLine
from tenants.queue import clock

LEASE = timedelta(seconds=60)
"""How long a claim lasts. A worker renews it in time, so only the jobs of a dead worker become due again."""
_RENEW_AFTER = 10
"""Seconds after which a worker renews its claims before it starts something that may take long."""

_CLAIM = """
WITH RECURSIVE clinic AS (
    -- Every clinic with jobs in this lane: jump from one to the next in the index. Reading all jobs for a
    -- DISTINCT would cost more with each job that waits.
    (SELECT clinic_id FROM tenants_queueline WHERE lane = %(lane)s ORDER BY clinic_id LIMIT 1)
    UNION ALL
    SELECT (
        SELECT later.clinic_id FROM tenants_queueline AS later
        WHERE later.lane = %(lane)s AND later.clinic_id > clinic.clinic_id
        ORDER BY later.clinic_id LIMIT 1
    )
    FROM clinic WHERE clinic.clinic_id IS NOT NULL
), due_clinic AS MATERIALIZED (
    SELECT clinic_id FROM clinic
    WHERE EXISTS (
            SELECT FROM tenants_queueline AS due
            WHERE due.lane = %(lane)s AND due.clinic_id = clinic.clinic_id AND due.due_at <= %(now)s
        )
        -- Jobs of suspended and closed clinics wait. NOT EXISTS keeps those whose clinic is gone, so that
        -- they fail visibly.
        AND NOT EXISTS (SELECT FROM tenants_clinic WHERE id = clinic.clinic_id AND status <> 'live')
    -- If there are more clinics than jobs to claim, chance decides, so that none waits for the backlogs of
    -- the others.
    ORDER BY random() LIMIT %(limit)s
), chosen AS (
    SELECT id, previously_due_at, place
    FROM due_clinic CROSS JOIN LATERAL (
        SELECT id, due_at AS previously_due_at, row_number() OVER (ORDER BY due_at, id) AS place
        -- Each clinic has the same share. Window functions cannot be combined with FOR UPDATE, hence the
        -- inner query. Jobs that another worker is claiming are skipped; `due_at` is checked again because
        -- it may have claimed them just before.
        FROM (
            SELECT id, due_at FROM tenants_queueline AS job
            WHERE job.lane = %(lane)s AND job.clinic_id = due_clinic.clinic_id AND job.due_at <= %(now)s
            ORDER BY due_at, id
            LIMIT (SELECT ceil(%(limit)s::numeric / count(*))::int FROM due_clinic)
            FOR UPDATE SKIP LOCKED
        ) AS available
    ) AS first_jobs
    ORDER BY place, previously_due_at, id LIMIT %(limit)s
)
UPDATE tenants_queueline AS job SET updated_at = %(now)s, due_at = %(until)s, attempts = attempts + 1
FROM chosen WHERE job.id = chosen.id
RETURNING job.id, job.lane, job.clinic_id, job.kind, job.row_id, job.due_at, job.attempts,
    job.request_id, chosen.previously_due_at, chosen.place
"""
_RENEW = """
UPDATE tenants_queueline AS job SET updated_at = %(now)s, due_at = %(until)s
FROM unnest(%(ids)s::bigint[], %(attempts)s::int[]) AS own(id, attempts)
-- Every claim counts an attempt, so the count tells whether another worker has claimed the job since.
WHERE job.id = own.id AND job.attempts = own.attempts
RETURNING job.id
"""
_RELEASE = """
UPDATE tenants_queueline AS job
SET updated_at = %(now)s, due_at = own.due_at, attempts = job.attempts - own.undone
FROM unnest(%(ids)s::bigint[], %(attempts)s::int[], %(due)s::timestamptz[], %(undone)s::int[])
    AS own(id, attempts, due_at, undone)
WHERE job.id = own.id AND job.attempts = own.attempts
"""


class Claim:
    """Jobs that this worker has leased, in the order in which they are to be run: round robin by clinic."""

    def __init__(self, jobs: list[QueueLine], was_due_at: dict[int, datetime], claimed: float) -> None:
        self.jobs = jobs
        self._was_due_at = was_due_at
        self._renewed = claimed
        self._owned = {job.pk: job for job in jobs}

    def owns(self, job: QueueLine) -> bool:
        """Return whether this worker may start on a job now. If not, another one has it.

        The lease then lasts at least until `LEASE` less ten seconds from now: one that is older is renewed.
        """
        if _steady_clock() - self._renewed > _RENEW_AFTER:
            self._renew()
        return job.pk in self._owned

    def _renew(self) -> None:
        """Extend the lease of all jobs that are left, and forget those that another worker has claimed."""
        renewed = _steady_clock()  # before the statement, which may take a while
        with enter_public(), connection.cursor() as cursor:
            now = clock.queue_now()
            cursor.execute(_RENEW, {"now": now, "until": now + LEASE, **_identities(self._owned.values())})
            kept = {row[0] for row in cursor.fetchall()}
        self._owned = {pk: job for pk, job in self._owned.items() if pk in kept}
        self._renewed = renewed

    def finish(self, jobs: Collection[QueueLine]) -> None:
        """Delete jobs that are done."""
        if jobs:
            QueueLine.objects.filter(pk__in=self._ended(jobs)).delete()

    def retry(self, jobs: Collection[tuple[QueueLine, datetime]]) -> None:
        """Make jobs that failed due again at the given times."""
        _set_due([(job, due_at, False) for job, due_at in jobs])
        self._ended([job for job, _due_at in jobs])

    def release(self, jobs: Collection[QueueLine], *, until: datetime | None = None) -> None:
        """Release jobs that were not attempted: they keep their place in the queue, or wait `until` then."""
        _set_due([(job, until or self._was_due_at[job.pk], True) for job in jobs])
        self._ended(jobs)

    def _ended(self, jobs: Collection[QueueLine]) -> list[int]:
        for job in jobs:
            self._owned.pop(job.pk, None)
        return [job.pk for job in jobs]


def claim_jobs(*, lane: QueueLine.Lane = QueueLine.Lane.WORK, limit: int) -> Claim:
    """Claim up to `limit` due jobs of a lane, round robin by clinic, so that no clinic waits for another.

    Jobs of suspended clinics stay in the queue until the clinic is resumed.
    """
    claimed = _steady_clock()
    now = clock.queue_now()
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"lane": lane, "now": now, "until": now + LEASE, "limit": limit})
        rows = cursor.fetchall()
    fields = ["id", "lane", "clinic_id", "kind", "row_id", "due_at", "attempts", "request_id"]
    rows.sort(key=lambda row: (row[9], row[8], row[0]))
    jobs = [QueueLine.from_db(connection.alias, fields, row[: len(fields)]) for row in rows]
    return Claim(jobs, {row[0]: row[8] for row in rows}, claimed)


def _set_due(jobs: list[tuple[QueueLine, datetime, bool]]) -> None:
    """Set when claimed jobs are due again, and undo the attempt of those marked so.

    Those that another worker has claimed since are left alone.
    """
    if not jobs:
        return
    with connection.cursor() as cursor:
        parameters: dict[str, Any] = {
            "now": clock.queue_now(),
            "due": [due_at for _job, due_at, _undone in jobs],
            "undone": [int(undone) for _job, _due_at, undone in jobs],
            **_identities([job for job, _due_at, _undone in jobs]),
        }
        cursor.execute(_RELEASE, parameters)


def _identities(jobs: Collection[QueueLine]) -> dict[str, list[int]]:
    """Return what identifies this worker's claim on each job."""
    return {"ids": [job.pk for job in jobs], "attempts": [job.attempts for job in jobs]}


def _steady_clock() -> float:
    """Return seconds of a clock that nobody can set. On Linux it runs on while the machine is suspended."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()
