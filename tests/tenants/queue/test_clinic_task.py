"""Tasks, with Valkey and a real worker: each runs inside the clinic that sent it, or not at all."""

import uuid
from collections.abc import Iterator
from queue import SimpleQueue
from typing import Any

import pytest
from celery import shared_task
from celery.contrib.testing.worker import start_worker
from celery.signals import task_failure, task_postrun
from django.db import connection

from clinics.models import Specialty
from config.celery import app
from tenants.current import current_clinic_or_none, leave_clinic
from tenants.models import Clinic
from tenants.queue.clinic_task import HEADER, ClinicSuspended, ClinicTask, UnknownClinic
from tenants.services.lifecycle import resume_clinic, suspend_clinic

QUEUE = f"tests-{uuid.uuid4().hex}"
places: SimpleQueue[Any] = SimpleQueue()


def current_place() -> tuple[str | None, str]:
    """Return the clinic of this thread and the schema of its connection."""
    clinic = current_clinic_or_none()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        (schema,) = cursor.fetchone()
    return clinic.slug if clinic else None, schema


@shared_task(base=ClinicTask, name="tests.report_place")
def report_place(*, word: str = "") -> None:
    """Report where the task ran."""
    places.put((*current_place(), word))


@shared_task(base=ClinicTask, name="tests.report_place_in_public", public=True)
def report_place_in_public() -> None:
    """Report where the task ran."""
    places.put(current_place())


@shared_task(base=ClinicTask, name="tests.fail_inside_a_clinic")
def fail_inside_a_clinic() -> None:
    """Fail while the connection is in a clinic."""
    Specialty.objects.count()
    raise ZeroDivisionError


@pytest.fixture
def worker(open_clinic: Clinic) -> Iterator[SimpleQueue[Any]]:
    """Start a worker on a queue of this test; yield the errors of its tasks."""
    failures: SimpleQueue[Any] = SimpleQueue()

    def record_failure(exception: Exception, **_signal: Any) -> None:
        failures.put((type(exception), str(exception)))

    def close(**_signal: Any) -> None:
        connection.close()

    app.loader.import_default_modules()
    task_failure.connect(record_failure)
    task_postrun.connect(close)
    with start_worker(app, pool="solo", queues=[QUEUE], perform_ping_check=False, shutdown_timeout=20):
        yield failures
    task_postrun.disconnect(close)
    task_failure.disconnect(record_failure)
    while not places.empty():
        places.get_nowait()


def send(task: ClinicTask, **kwargs: Any) -> None:
    """Send a task to the test's own worker, like `.delay()`."""
    task.apply_async(kwargs=kwargs, queue=QUEUE)


def test_a_task_runs_inside_the_clinic_that_sent_it(open_clinic: Clinic, worker: SimpleQueue[Any]) -> None:
    send(report_place, word="hello")

    assert places.get(timeout=10) == (open_clinic.slug, open_clinic.schema_name, "hello")


def test_a_public_task_runs_in_public(open_clinic: Clinic, worker: SimpleQueue[Any]) -> None:
    send(report_place)
    send(report_place_in_public)

    assert places.get(timeout=10)[0] == open_clinic.slug
    assert places.get(timeout=10) == (None, "public")


def test_after_a_failed_task_the_next_one_runs_in_its_own_clinic(
    open_clinic: Clinic, worker: SimpleQueue[Any]
) -> None:
    send(fail_inside_a_clinic)
    send(report_place_in_public)
    send(report_place)

    assert places.get(timeout=10) == (None, "public")
    assert places.get(timeout=10)[:2] == (open_clinic.slug, open_clinic.schema_name)
    assert worker.get(timeout=10)[0] is ZeroDivisionError


def test_a_task_without_an_existing_clinic_does_not_run(worker: SimpleQueue[Any]) -> None:
    owners = ["a clinic's name", str(uuid.UUID(int=7)), "public", "", 7, None]

    for headers in [{}, *({HEADER: owner} for owner in owners)]:
        app.send_task("tests.report_place", queue=QUEUE, headers=headers)

    assert [worker.get(timeout=10)[0] for _headers in range(7)] == [UnknownClinic] * 7
    assert places.empty()


def test_a_task_of_a_clinic_suspended_in_the_meantime_is_refused(
    open_clinic: Clinic, worker: SimpleQueue[Any]
) -> None:
    suspend_clinic(clinic=open_clinic)
    try:
        send(report_place)

        assert worker.get(timeout=10)[0] is ClinicSuspended
    finally:
        resume_clinic(clinic=open_clinic)
    assert places.empty()


def test_a_clinics_task_cannot_be_sent_from_outside_any_clinic(db: None) -> None:
    leave_clinic()

    with pytest.raises(UnknownClinic, match=r"tests\.report_place"):
        report_place.delay()


def test_a_task_called_as_a_function_runs_where_it_is_called(clinic: Clinic) -> None:
    report_place(word="here")

    assert places.get_nowait() == ("riverside", clinic.schema_name, "here")
