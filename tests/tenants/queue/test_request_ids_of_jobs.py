"""The id of the request that caused a job is in the job's log lines, and in those of the jobs it causes."""

import logging
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
import structlog
import time_machine
from structlog.contextvars import bound_contextvars

from clinics.models import Doctor, Patient
from config.sentry import allowed_report
from tenants.models import Clinic
from tenants.queue import jobs, runner
from tenants.queue.jobs import Lane, enqueue, enqueue_all
from tenants.queue.runner import Batch
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import user_of
from tests.factories.queue import queued_jobs, run_due_jobs
from tests.factories.schedule import make_slot

log = structlog.get_logger(__name__)


@pytest.fixture(autouse=True)
def _clock(clinic: Clinic, now: datetime) -> Iterator[None]:
    """Stop the clock at `now`."""
    with time_machine.travel(now, tick=False):
        yield


def request_ids(caplog: pytest.LogCaptureFixture, event: str) -> list[str]:
    """Return the request ids of the log lines of an event; "" for a line without one."""
    lines = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    return [line.get("request_id", "") for line in lines if line["event"] == event]


def test_a_failing_job_is_logged_and_reported_with_the_id_of_the_request_that_booked(
    clinic: Clinic,
    doctor: Doctor,
    patient: Patient,
    now: datetime,
    *,
    client_for: Callable[..., ClinicClient],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    reported = []

    def fail(_row_id: uuid.UUID, _now: datetime) -> None:
        reported.append(allowed_report({}, {})["tags"]["request_id"])
        raise RuntimeError

    monkeypatch.setitem(jobs.handlers, "booking_event", fail)
    slot = make_slot(doctor, now.replace(day=now.day + 1))
    answer = client_for(clinic, user_of(patient)).post("/api/appointments/bookings/", {"slot": str(slot.pk)})

    run_due_jobs()

    assert (answer.status_code, reported) == (201, [answer["X-Request-ID"]])
    assert request_ids(caplog, "job_failed") == [answer["X-Request-ID"]]


def test_the_jobs_of_a_job_have_the_id_of_its_request(
    clinic: Clinic, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cause(row_id: uuid.UUID, now: datetime) -> None:
        enqueue_all(kind="effect", rows=[(row_id, now), (row_id, now)])

    monkeypatch.setitem(jobs.handlers, "cause", cause)
    monkeypatch.setitem(jobs.handlers, "effect", lambda *_args: 1 / 0)
    with bound_contextvars(request_id="request-1"):
        enqueue(kind="cause", row_id=uuid.uuid4(), due_at=now)
    enqueue(kind="cause", row_id=uuid.uuid4(), due_at=now)

    run_due_jobs()

    assert sorted(job.request_id for job in queued_jobs(kind="effect")) == ["", "", "request-1", "request-1"]


def test_each_row_of_a_batch_is_logged_with_the_id_of_its_own_request(
    clinic: Clinic,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def log_each(batch: Batch, _now: datetime) -> None:
        for row_id in batch.row_ids:
            with batch.running(row_id):
                log.warning("row")
            batch.finish(row_id)

    monkeypatch.setitem(runner._batch_handlers, "rows", log_each)
    monkeypatch.setitem(jobs._lanes, "rows", Lane.DELIVERY)
    for number in (1, 2):
        with bound_contextvars(request_id=f"request-{number}"):
            enqueue(kind="rows", row_id=uuid.uuid4(), due_at=now)

    with caplog.at_level(logging.WARNING):
        run_due_jobs()

    assert request_ids(caplog, "row") == ["request-1", "request-2"]
