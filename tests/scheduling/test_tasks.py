"""Scheduled tasks: nightly maintenance and queued jobs."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from clinics.models import ClinicSettings, Doctor, Patient
from config.celery import app
from scheduling.models import IdempotentAnswer, Slot
from scheduling.tasks import (
    delete_old_idempotent_answers,
    regenerate_all_slots,
    regenerate_doctor_slots,
)
from tenants.base.clock import now as clock_now
from tenants.models import Clinic
from tenants.queue.jobs import enqueue
from tenants.tasks import start_nightly_maintenance, sweep_queue
from tests.factories.people import make_doctor
from tests.factories.queue import delete_queued_jobs, queued_jobs, run_due_jobs
from tests.factories.schedule import make_hours, slot_starts

EVERY_DAY = [(weekday, "09:00", "09:30") for weekday in range(7)]


@pytest.fixture
def now() -> datetime:
    """The real time, which the queue uses."""
    return clock_now()


def test_changed_hours_become_slots_in_the_workers_next_run(
    clinic: Clinic, doctor: Doctor, now: datetime
) -> None:
    make_hours(doctor, *EVERY_DAY, now=now)

    run_due_jobs()

    assert len(slot_starts(doctor)) in {90, 91}
    assert queued_jobs() == []


def test_a_new_horizon_regenerates_slots_of_active_doctors_only(
    clinic: Clinic, doctor: Doctor, now: datetime
) -> None:
    other, inactive = make_doctor(), make_doctor()
    for each in (doctor, other, inactive):
        make_hours(each, *EVERY_DAY, now=now)
    Doctor.objects.filter(pk=inactive.pk).update(is_active=False)
    delete_queued_jobs(clinic_id=clinic.pk)
    ClinicSettings.objects.update(horizon_days=10)

    regenerate_all_slots(clinic.pk, now)
    run_due_jobs()

    assert [len(slot_starts(each)) in {10, 11} for each in (doctor, other)] == [True, True]
    assert slot_starts(inactive) == []


def test_jobs_of_a_deleted_doctor_are_removed(clinic: Clinic, now: datetime) -> None:
    regenerate_doctor_slots(uuid4(), now)
    enqueue(kind="doctor_hours", row_id=uuid4(), due_at=now)

    run_due_jobs()

    assert queued_jobs() == []


def test_nightly_maintenance_deletes_old_idempotent_responses(
    clinic: Clinic, patient: Patient, now: datetime
) -> None:
    assert patient.user is not None
    for days in (1, 3):
        IdempotentAnswer.objects.create(
            user=patient.user,
            key=str(days),
            request_digest="",
            answer={},
            created_at=now - timedelta(days=days),
        )

    delete_old_idempotent_answers(clinic.pk, now)

    assert [answer.key for answer in IdempotentAnswer.objects.all()] == ["1"]


@pytest.fixture
def worker() -> Iterator[None]:
    """A real worker with the database and broker of this run."""
    app.control.purge()
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "config", "worker", "--pool", "solo", "--loglevel", "ERROR"],
        env=os.environ | {"DB_NAME": str(connection.settings_dict["NAME"]), "PYTHONPATH": ".:platform"},
    )
    yield
    process.terminate()
    process.wait(timeout=20)


def test_a_real_worker_runs_nightly_maintenance_for_every_clinic(
    committed_clinic: Clinic, worker: None, now: datetime
) -> None:
    doctor = make_doctor()
    make_hours(doctor, *EVERY_DAY, now=now)
    delete_queued_jobs(clinic_id=committed_clinic.pk)

    start_nightly_maintenance.delay()
    deadline = time.monotonic() + 40
    while not Slot.objects.filter(doctor=doctor).exists() and time.monotonic() < deadline:
        time.sleep(0.5)
        sweep_queue.delay()

    assert len(slot_starts(doctor)) in {90, 91}
