"""The queue: a job is written with its cause, claimed by one worker and kept until it is done."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from threading import Thread

import pytest
import time_machine
from django.db import connection, transaction

from tenants.base.errors import NotFound
from tenants.current import current_clinic, current_clinic_or_none, enter_clinic, enter_public
from tenants.models import Clinic, QueueLine
from tenants.queue import jobs
from tenants.queue.claims import LEASE, claim_jobs
from tenants.queue.jobs import enqueue
from tenants.queue.runner import MAX_RETRY_DELAY
from tenants.services.lifecycle import resume_clinic, suspend_clinic
from tenants.tasks import sweep_queue
from tests.factories.queue import claim_at, delete_queued_jobs, run_claimed

Done = list[tuple[str, uuid.UUID]]
POISON = uuid.UUID(int=13)


@pytest.fixture
def clinic(clinics: tuple[Clinic, Clinic], db: None) -> Clinic:
    """Return the London clinic, with the test itself outside of it, like a worker."""
    return clinics[0]


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> Done:
    """Record the jobs that were done, with clinic and row. Jobs for the row `POISON` fail."""
    recorded: Done = []

    def record_job(row_id: uuid.UUID, now: datetime) -> None:
        if row_id == POISON:
            raise ValueError("poison")
        recorded.append((current_clinic().slug, row_id))

    monkeypatch.setitem(jobs.handlers, "note", record_job)
    return recorded


def add_job(
    clinic: Clinic, due_at: datetime, row_id: uuid.UUID | None = None, *, kind: str = "note"
) -> QueueLine:
    """Add a job for that clinic."""
    with enter_clinic(clinic):
        return enqueue(kind=kind, row_id=row_id or uuid.uuid4(), due_at=due_at)


def test_a_new_job_has_clinic_row_due_time_and_no_attempts(clinic: Clinic, now: datetime) -> None:
    row_id = uuid.uuid4()

    job = add_job(clinic, now, row_id)

    assert (job.clinic_id, job.kind, job.row_id) == (clinic.pk, "note", row_id)
    assert (job.due_at, job.attempts) == (now, 0)


def test_a_job_is_rolled_back_with_its_cause(clinic: Clinic, now: datetime) -> None:
    with transaction.atomic():
        add_job(clinic, now)
        transaction.set_rollback(True)

    assert QueueLine.objects.count() == 0


def test_no_job_is_added_outside_a_clinic(clinic: Clinic, now: datetime) -> None:
    with pytest.raises(NotFound):
        enqueue(kind="note", row_id=uuid.uuid4(), due_at=now)


def test_only_due_jobs_are_claimed(clinic: Clinic, now: datetime) -> None:
    overdue, due_now = add_job(clinic, now - timedelta(days=1)), add_job(clinic, now)
    add_job(clinic, now + timedelta(microseconds=1))

    claimed = claim_at(now, limit=10).jobs

    assert claimed == [overdue, due_now]
    assert [(job.due_at, job.attempts) for job in claimed] == [(now + LEASE, 1)] * 2


def test_jobs_are_claimed_round_robin_by_clinic(clinic: Clinic, other_clinic: Clinic, now: datetime) -> None:
    busy = [add_job(clinic, now - timedelta(hours=1)) for _number in range(5)]
    quiet = add_job(other_clinic, now)

    rounds = [claim_at(now, limit=2).jobs, claim_at(now, limit=2).jobs]

    assert rounds == [[busy[0], quiet], [busy[1], busy[2]]]


def test_a_claimed_job_is_not_claimed_again_during_its_lease(clinic: Clinic, now: datetime) -> None:
    job = add_job(clinic, now)
    claim_at(now)

    assert claim_at(now + LEASE - timedelta(microseconds=1)).jobs == []
    assert claim_at(now + LEASE).jobs == [job]


def test_a_released_job_keeps_its_place_and_has_no_attempt(clinic: Clinic, now: datetime) -> None:
    job = add_job(clinic, now - timedelta(hours=1))

    claim = claim_at(now)
    claim.release(claim.jobs)

    job.refresh_from_db()
    assert (job.attempts, job.due_at) == (0, now - timedelta(hours=1))


def test_jobs_of_a_suspended_clinic_wait_and_block_no_other_clinic(
    clinic: Clinic, other_clinic: Clinic, now: datetime, done: Done
) -> None:
    waiting, other_job = add_job(clinic, now), add_job(other_clinic, now)
    suspend_clinic(clinic=clinic)

    while_suspended = sweep_queue()
    waiting.refresh_from_db()
    untouched = (waiting.due_at, waiting.attempts)
    resume_clinic(clinic=clinic)
    after = sweep_queue()

    assert (while_suspended, untouched, after) == (1, (now, 0), 1)
    assert done == [("hudson", other_job.row_id), ("riverside", waiting.row_id)]


def test_a_job_claimed_just_before_its_clinic_was_suspended_is_released(
    clinic: Clinic, now: datetime, done: Done
) -> None:
    job = add_job(clinic, now)
    claim = claim_at(now)
    suspend_clinic(clinic=clinic)

    assert run_claimed(claim) == 0

    job.refresh_from_db()
    assert (done, job.attempts) == ([], 0)


@pytest.fixture
def committed_jobs(open_clinic: Clinic, now: datetime) -> Iterator[list[QueueLine]]:
    """Add three due jobs that every connection sees."""
    with enter_public():
        yield [add_job(open_clinic, now) for _number in range(3)]
    delete_queued_jobs(clinic_id=open_clinic.pk)


def test_two_workers_never_claim_the_same_job(committed_jobs: list[QueueLine], now: datetime) -> None:
    theirs: list[QueueLine] = []

    def claim() -> None:
        theirs.extend(claim_jobs(limit=10).jobs)
        connection.close()

    other = Thread(target=claim)
    with transaction.atomic():
        mine = claim_jobs(limit=1).jobs
        other.start()
        other.join(timeout=2)
        waited = other.is_alive()

    other.join()
    assert (mine, theirs, waited) == (committed_jobs[:1], committed_jobs[1:], False)


def test_a_job_that_is_done_is_deleted(clinic: Clinic, now: datetime, done: Done) -> None:
    job = add_job(clinic, now)

    assert run_claimed(claim_at(now)) == 1

    assert done == [("riverside", job.row_id)]
    assert (QueueLine.objects.count(), current_clinic_or_none()) == (0, None)


@pytest.mark.parametrize(
    ("attempts", "wait"),
    [
        (1, timedelta(seconds=10)),
        (2, timedelta(seconds=20)),
        (3, timedelta(seconds=40)),
        (9, timedelta(seconds=2560)),
        (10, MAX_RETRY_DELAY),
        (10_000, MAX_RETRY_DELAY),
    ],
)
def test_a_failed_job_is_retried_after_growing_delays(
    clinic: Clinic, now: datetime, done: Done, attempts: int, wait: timedelta
) -> None:
    job = add_job(clinic, now, POISON)
    QueueLine.objects.update(attempts=attempts - 1)

    with time_machine.travel(now, tick=False):
        assert sweep_queue() == 0

    job.refresh_from_db()
    assert job.due_at == now + wait


def test_a_job_without_a_handler_is_retried_later(clinic: Clinic, now: datetime) -> None:
    job = add_job(clinic, now, kind="of another version")

    assert run_claimed(claim_at(now)) == 0
    assert QueueLine.objects.get() == job


def test_a_failing_job_does_not_block_others(
    clinic: Clinic, other_clinic: Clinic, now: datetime, done: Done
) -> None:
    poison = add_job(clinic, now, POISON)
    good = [add_job(clinic, now), add_job(other_clinic, now)]

    assert sweep_queue() == 2

    assert sorted(done) == [("hudson", good[1].row_id), ("riverside", good[0].row_id)]
    assert list(QueueLine.objects.all()) == [poison]


def test_a_job_of_a_deleted_clinic_does_not_run(clinic: Clinic, now: datetime, done: Done) -> None:
    job = QueueLine.objects.create(clinic_id=uuid.uuid4(), kind="note", row_id=uuid.uuid4(), due_at=now)

    assert run_claimed(claim_at(now)) == 0

    assert done == []
    assert QueueLine.objects.get() == job
