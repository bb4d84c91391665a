"""Tasks, through Valkey and a worker: each runs inside the clinic that sent it, or not at all."""

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
from tenants.door import current_clinic_or_none, leave_clinic
from tenants.models import Clinic
from tenants.services.life import resume_clinic, suspend_clinic
from tenants.task_base import HEADER, ClinicSuspended, ClinicTask, ClinicUnknown

LINE = f"tests-{uuid.uuid4().hex}"
ran: SimpleQueue[Any] = SimpleQueue()


def whereabouts() -> tuple[str | None, str]:
    """The clinic this thread is in, and the schema its connection is on."""
    clinic = current_clinic_or_none()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        (schema,) = cursor.fetchone()
    return clinic.slug if clinic else None, schema


@shared_task(base=ClinicTask, name="tests.look_around")
def look_around(*, word: str = "") -> None:
    """Tell where it ran."""
    ran.put((*whereabouts(), word))


@shared_task(base=ClinicTask, name="tests.look_around_in_public", public=True)
def look_around_in_public() -> None:
    """Tell where it ran."""
    ran.put(whereabouts())


@shared_task(base=ClinicTask, name="tests.stumble")
def stumble() -> None:
    """Fail with the connection deep inside a clinic."""
    Specialty.objects.count()
    raise ZeroDivisionError


@pytest.fixture
def worker(open_clinic: Clinic) -> Iterator[SimpleQueue[Any]]:
    """A worker on a queue of the test's own; the errors of its tasks."""
    failures: SimpleQueue[Any] = SimpleQueue()

    def note(exception: Exception, **_about: Any) -> None:
        failures.put((type(exception), str(exception)))

    def close(**_about: Any) -> None:
        connection.close()

    app.loader.import_default_modules()
    task_failure.connect(note)
    task_postrun.connect(close)
    with start_worker(app, pool="solo", queues=[LINE], perform_ping_check=False, shutdown_timeout=20):
        yield failures
    task_postrun.disconnect(close)
    task_failure.disconnect(note)
    while not ran.empty():
        ran.get_nowait()


def send(task: ClinicTask, **kwargs: Any) -> None:
    """As `.delay()`, to the test's own worker."""
    task.apply_async(kwargs=kwargs, queue=LINE)


def test_a_task_runs_inside_the_clinic_that_sent_it(open_clinic: Clinic, worker: SimpleQueue[Any]) -> None:
    send(look_around, word="hello")

    assert ran.get(timeout=10) == (open_clinic.slug, open_clinic.schema_name, "hello")


def test_a_task_of_the_installation_runs_in_public(open_clinic: Clinic, worker: SimpleQueue[Any]) -> None:
    send(look_around)
    send(look_around_in_public)

    assert ran.get(timeout=10)[0] == open_clinic.slug
    assert ran.get(timeout=10) == (None, "public")


def test_after_a_task_that_failed_the_next_runs_in_its_own_clinic(
    open_clinic: Clinic, worker: SimpleQueue[Any]
) -> None:
    send(stumble)
    send(look_around_in_public)
    send(look_around)

    assert ran.get(timeout=10) == (None, "public")
    assert ran.get(timeout=10)[:2] == (open_clinic.slug, open_clinic.schema_name)
    assert worker.get(timeout=10)[0] is ZeroDivisionError


def test_a_task_without_a_clinic_that_is_there_runs_nowhere(worker: SimpleQueue[Any]) -> None:
    owners = ["a clinic's name", str(uuid.UUID(int=7)), "public", "", 7, None]

    for headers in [{}, *({HEADER: owner} for owner in owners)]:
        app.send_task("tests.look_around", queue=LINE, headers=headers)

    assert [worker.get(timeout=10)[0] for _headers in range(7)] == [ClinicUnknown] * 7
    assert ran.empty()


def test_a_task_of_a_clinic_suspended_meanwhile_is_refused(
    open_clinic: Clinic, worker: SimpleQueue[Any]
) -> None:
    suspend_clinic(clinic=open_clinic)
    try:
        send(look_around)

        assert worker.get(timeout=10)[0] is ClinicSuspended
    finally:
        resume_clinic(clinic=open_clinic)
    assert ran.empty()


def test_a_clinics_task_cannot_be_sent_from_outside_any_clinic(db: None) -> None:
    leave_clinic()

    with pytest.raises(ClinicUnknown, match=r"tests\.look_around"):
        look_around.delay()


def test_a_task_called_as_a_function_runs_where_it_is_called(clinic: Clinic) -> None:
    look_around(word="here")

    assert ran.get_nowait() == ("riverside", clinic.schema_name, "here")
