"""Run claimed jobs inside their clinics. A job that fails is retried later and never dropped."""

import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import structlog

from tenants.current import clinic_by_id, enter_clinic, recycle_connection
from tenants.models import Clinic, QueueLine
from tenants.queue import clock
from tenants.queue.claims import Claim, claim_jobs
from tenants.queue.jobs import Lane, handlers, register_lane
from tenants.queue.running_job import RetryLater, running_job

MAX_RETRY_DELAY = timedelta(hours=1)
_MAX_RUN_SECONDS = 20
"""How long one run lasts."""
_BATCH_SECONDS = 2
"""How long a batch of one clinic lasts, once one of its jobs is done. The next clinic waits for it."""
_CLAIM_SIZE = {Lane.WORK: 32, Lane.DELIVERY: 64, Lane.FEEDS: 4}

log = structlog.get_logger(__name__)


class Batch:
    """Claimed jobs of one kind in one clinic. The handler reports what became of each row.

    A row that it does not report was not attempted; its job is released.
    """

    def __init__(self, jobs: Sequence[QueueLine], claim: Claim, *, until: float) -> None:
        self._jobs = {job.row_id: job for job in jobs}
        self._claim = claim
        self._until = until
        self._ends = time.monotonic() + _BATCH_SECONDS
        self._started = 0
        self.done: list[QueueLine] = []
        self.failed: list[tuple[QueueLine, datetime]] = []
        self.waiting: dict[datetime, list[QueueLine]] = {}

    @property
    def row_ids(self) -> list[uuid.UUID]:
        """The ids of the rows that are left, the one to start with first."""
        return list(self._jobs)

    def may_start(self, row_id: uuid.UUID) -> bool:
        """Return whether to start on a row now: this worker still has its job, and time for it.

        If so, no other worker starts on it during the next 50 seconds.
        """
        if self._started and time.monotonic() > min(self._ends, self._until):
            return False
        self._started += 1
        return row_id in self._jobs and self._claim.owns(self._jobs[row_id])

    def running(self, row_id: uuid.UUID) -> AbstractContextManager[None]:
        """Handle a row in this block: its log lines get the id of the request that caused its job."""
        return running_job(self._jobs[row_id])

    def finish(self, row_id: uuid.UUID) -> None:
        """Report that nothing is left to do for a row."""
        self.done.append(self._jobs.pop(row_id))

    def retry(self, row_id: uuid.UUID, *, at: datetime) -> None:
        """Report that a row failed and is to be tried again at that time."""
        self.failed.append((self._jobs.pop(row_id), at))

    def fail(self, row_id: uuid.UUID) -> None:
        """Report that a row failed with the exception that is being handled. It is tried again later."""
        job = self._jobs[row_id]
        _log_failure(job)
        self.retry(row_id, at=_retry_at(job))

    def put_back(self, row_ids: Sequence[uuid.UUID], *, until: datetime) -> None:
        """Report that rows wait until then without an attempt, for example for a server that is down."""
        self.waiting.setdefault(until, []).extend(self._jobs.pop(row_id) for row_id in row_ids)

    def settle(self) -> int:
        """Record the results in the queue. Return how many jobs are done."""
        self._claim.finish(self.done)
        self._claim.retry(self.failed)
        for until, jobs in self.waiting.items():
            self._claim.release(jobs, until=until)
        return len(self.done)

    def release_rest(self) -> None:
        """Release the jobs of the rows that were not reported."""
        self._claim.release(self._jobs.values())


BatchHandler = Callable[[Batch, datetime], None]
"""Takes a batch and the current time. It runs inside the clinic and must be idempotent for each row."""
_batch_handlers: dict[str, BatchHandler] = {}


def queue_batch_handler(kind: str, *, lane: Lane) -> Callable[[BatchHandler], BatchHandler]:
    """Register the decorated function as the handler for all due jobs of `kind` in one clinic at once."""

    def register(handler: BatchHandler) -> BatchHandler:
        _batch_handlers[kind] = handler
        register_lane(kind, lane)
        return handler

    return register


def run_due_jobs(lane: Lane, *, seconds: float = _MAX_RUN_SECONDS) -> int:
    """Run due jobs of a lane for at most `seconds`, then those that have been started.

    :return: the number of jobs done
    """
    done, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        claim = claim_jobs(lane=lane, limit=_CLAIM_SIZE[lane])
        if not claim.jobs:
            break
        done += run_claim(claim, until=until)
    return done


def run_claim(claim: Claim, *, until: float) -> int:
    """Run claimed jobs, clinic by clinic, and release those that do not start before `until`.

    :param until: the end on Python's monotonic clock
    :return: the number of jobs done
    """
    done = 0
    groups = _groups(claim.jobs)
    for number, jobs in enumerate(groups):
        if time.monotonic() >= until:
            claim.release([job for group in groups[number:] for job in group])
            break
        done += _run_group(jobs, claim, until=until)
        recycle_connection()
    return done


def _groups(jobs: list[QueueLine]) -> list[list[QueueLine]]:
    """Return the jobs in their order, those of one clinic that have a batch handler together."""
    groups: dict[tuple[object, ...], list[QueueLine]] = {}
    seen: set[tuple[str, uuid.UUID]] = set()
    for job in jobs:
        row = (job.kind, job.row_id)
        # A second job about the same row runs by itself, after the first.
        together = job.kind in _batch_handlers and row not in seen
        groups.setdefault((job.clinic_id, job.kind) if together else (job.pk,), []).append(job)
        seen.add(row)
    return list(groups.values())


def _run_group(jobs: list[QueueLine], claim: Claim, *, until: float) -> int:
    """Run jobs of one clinic. If it was suspended after the claim, release them without an attempt."""
    owned = [job for job in jobs if claim.owns(job)]
    if not owned:
        return 0
    try:
        clinic = clinic_by_id(owned[0].clinic_id)
    except Clinic.DoesNotExist:
        _fail(owned, claim)
        return 0
    if not clinic.is_live:
        claim.release(owned)
        return 0
    if owned[0].kind in _batch_handlers:
        return _run_batch(owned, clinic, claim, until=until)
    return _run_job(owned[0], clinic, claim)


def _run_job(job: QueueLine, clinic: Clinic, claim: Claim) -> int:
    try:
        now = clock.queue_now()
        with enter_clinic(clinic), running_job(job):
            handlers[job.kind](job.row_id, now)
    except RetryLater as later:
        if later.is_counted:
            claim.retry([(job, later.until)])
        else:
            claim.release([job], until=later.until)
        return 0
    except Exception:
        _fail([job], claim)
        return 0
    claim.finish([job])
    return 1


def _run_batch(jobs: list[QueueLine], clinic: Clinic, claim: Claim, *, until: float) -> int:
    """Run a batch. If its handler fails, run the rows that are left one by one: one may be the cause."""
    batch = Batch(jobs, claim, until=until)
    try:
        now = clock.queue_now()
        with enter_clinic(clinic):
            _batch_handlers[jobs[0].kind](batch, now)
    except Exception:
        left = [job for job in jobs if job.row_id in batch.row_ids]
        if len(jobs) == 1:
            _fail(left, claim)
            return batch.settle()
        return batch.settle() + sum(_run_group([job], claim, until=until) for job in left)
    batch.release_rest()
    return batch.settle()


def _fail(jobs: list[QueueLine], claim: Claim) -> None:
    """Log the exception that is being handled, and retry the jobs later."""
    for job in jobs:
        _log_failure(job)
    claim.retry([(job, _retry_at(job)) for job in jobs])


def _retry_at(job: QueueLine) -> datetime:
    delay: timedelta = min(MAX_RETRY_DELAY, timedelta(seconds=5) * 2 ** min(job.attempts, 12))
    return clock.queue_now() + delay


def _log_failure(job: QueueLine) -> None:
    with running_job(job):
        log.exception("job_failed", kind=job.kind, clinic=str(job.clinic_id), attempts=job.attempts)
