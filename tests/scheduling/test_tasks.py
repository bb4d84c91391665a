"""What the schedule does by itself: the night, and lines of the queue."""

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
    nightly_maintenance,
    nightly_maintenance_for_all_clinics,
    regenerate_all_slots,
    regenerate_doctor_slots,
)
from tenants.base.clock import now as clock_now
from tenants.models import Clinic
from tenants.queue.jobs import enqueue
from tenants.tasks import sweep_queue
from tests.factories.people import make_doctor
from tests.factories.queue import forget_lines, sweep, waiting
from tests.factories.schedule import make_hours, starts_of

EVERY_DAY = [(weekday, "09:00", "09:30") for weekday in range(7)]


@pytest.fixture
def now() -> datetime:
    """The real time: the queue is swept by it."""
    return clock_now()


def test_changed_hours_become_slots_in_the_workers_next_round(
    clinic: Clinic, doctor: Doctor, now: datetime
) -> None:
    make_hours(doctor, *EVERY_DAY, now=now)

    sweep()

    assert len(starts_of(doctor)) in {90, 91}
    assert waiting() == []


def test_a_longer_horizon_becomes_slots_of_every_doctor_who_takes_bookings(
    clinic: Clinic, doctor: Doctor, now: datetime
) -> None:
    other, gone = make_doctor(), make_doctor()
    for each in (doctor, other, gone):
        make_hours(each, *EVERY_DAY, now=now)
    Doctor.objects.filter(pk=gone.pk).update(is_active=False)
    forget_lines(clinic_id=clinic.pk)
    ClinicSettings.objects.update(horizon_days=10)

    regenerate_all_slots(clinic.pk, now)
    sweep()

    assert [len(starts_of(each)) in {10, 11} for each in (doctor, other)] == [True, True]
    assert starts_of(gone) == []


def test_a_doctor_who_is_gone_leaves_no_line_behind(clinic: Clinic, now: datetime) -> None:
    regenerate_doctor_slots(uuid4(), now)
    enqueue(kind="doctor_hours", row_id=uuid4(), due_at=now)

    sweep()

    assert waiting() == []


def test_the_night_asks_for_every_doctors_slots_and_forgets_old_answers(
    clinic: Clinic, doctor: Doctor, patient: Patient, now: datetime
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

    nightly_maintenance()

    assert [line.row_id for line in waiting(kind="doctor_hours")] == [doctor.pk]
    assert [answer.key for answer in IdempotentAnswer.objects.all()] == ["1"]


@pytest.fixture
def worker() -> Iterator[None]:
    """A real worker on the database and the broker of this run."""
    app.control.purge()
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "config", "worker", "--pool", "solo", "--loglevel", "ERROR"],
        env=os.environ | {"DB_NAME": str(connection.settings_dict["NAME"]), "PYTHONPATH": ".:platform"},
    )
    yield
    process.terminate()
    process.wait(timeout=20)


def test_a_real_worker_takes_every_clinic_through_its_night(
    committed_clinic: Clinic, worker: None, now: datetime
) -> None:
    doctor = make_doctor()
    make_hours(doctor, *EVERY_DAY, now=now)
    forget_lines(clinic_id=committed_clinic.pk)

    nightly_maintenance_for_all_clinics.delay()
    until = time.monotonic() + 40
    while not Slot.objects.filter(doctor=doctor).exists() and time.monotonic() < until:
        time.sleep(0.5)
        sweep_queue.delay()

    assert len(starts_of(doctor)) in {90, 91}
