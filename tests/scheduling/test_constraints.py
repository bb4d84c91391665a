"""Constraints that the database enforces for all code."""

import random
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from clinics.models import Doctor, Patient
from scheduling.models import Booking, Slot
from scheduling.models.booking_states import TIME_TAKING_STATES
from tenants.base.constraints import violated_constraint
from tenants.models import Clinic
from tests.factories.people import make_doctor, make_patient
from tests.factories.schedule import make_slot

SLOT = """
INSERT INTO scheduling_slot (id, created_at, doctor_id, starts_at, ends_at, status, origin, fits_hours)
VALUES (%s, now(), %s, %s, %s, %s, 'hand', TRUE)
"""
BOOKING = """
INSERT INTO scheduling_booking
    (id, created_at, slot_id, doctor_id, patient_id, starts_at, ends_at, status, reason, cancelled_at,
    held_until, only_held)
VALUES (%s, now(), %s, %s, %s, %s, %s, %s, '', %s, %s, %s)
"""


def violated_by(statement: str, values: list[Any]) -> str:
    """Return the constraint that refuses the statement; empty if none does."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except IntegrityError as error:
        return violated_constraint(error)
    return ""


def insert_slot(doctor: Doctor, starts_at: datetime, minutes: int = 30, status: str = "free") -> str:
    ends_at = starts_at + timedelta(minutes=minutes)
    return violated_by(SLOT, [uuid4(), doctor.pk, starts_at, ends_at, status])


def insert_booking(
    slot: Slot | None, doctor: Doctor, patient: Patient, starts_at: datetime, status: str = "CONFIRMED"
) -> str:
    cancelled_at = starts_at if status == "CANCELLED" else None
    ends_at = starts_at + timedelta(minutes=30)
    values: list[Any] = [
        uuid4(),
        slot and slot.pk,
        doctor.pk,
        patient.pk,
        starts_at,
        ends_at,
        status,
        cancelled_at,
        starts_at if status == "HELD" else None,
        status == "HELD",
    ]
    return violated_by(BOOKING, values)


@pytest.mark.parametrize(
    ("offset", "status", "allowed"),
    [
        (-30, "free", True),
        (-29, "free", False),
        (0, "free", False),
        (29, "blocked", False),
        (29, "withdrawn", True),
        (30, "free", True),
    ],
)
def test_a_doctors_live_slots_do_not_overlap(
    doctor: Doctor, now: datetime, offset: int, status: str, allowed: bool
) -> None:
    make_slot(doctor, now)

    violated = insert_slot(doctor, now + timedelta(minutes=offset), status=status)

    assert violated == ("" if allowed else "slot_doctor_is_in_one_place")


def test_a_slot_is_unique_even_if_it_was_withdrawn(clinic: Clinic, doctor: Doctor, now: datetime) -> None:
    make_slot(doctor, now, status="withdrawn")

    assert insert_slot(doctor, now) == "slot_is_there_once"
    assert insert_slot(make_doctor(), now) == ""


def test_a_slot_ends_after_it_starts(clinic: Clinic, doctor: Doctor, now: datetime) -> None:
    assert insert_slot(doctor, now, minutes=0) == "slot_ends_after_it_starts"


@pytest.mark.parametrize("first", TIME_TAKING_STATES)
@pytest.mark.parametrize("second", TIME_TAKING_STATES)
def test_a_slot_has_one_active_booking_in_any_two_statuses(
    clinic: Clinic, doctor: Doctor, now: datetime, first: str, second: str
) -> None:
    slot = make_slot(doctor, now)

    assert insert_booking(slot, doctor, make_patient(), now, first) == ""
    assert insert_booking(slot, doctor, make_patient(), now, second) in {
        "booking_one_live_per_slot",
        "booking_doctor_is_in_one_place",
    }


@pytest.mark.parametrize("status", ["CANCELLED", "NO_SHOW"])
def test_a_cancelled_or_missed_booking_frees_its_slot(
    clinic: Clinic, doctor: Doctor, patient: Patient, now: datetime, status: str
) -> None:
    slot = make_slot(doctor, now)

    assert insert_booking(slot, doctor, patient, now, status) == ""
    assert insert_booking(slot, doctor, patient, now) == ""


def test_a_doctor_has_one_patient_at_a_time_in_any_slots(
    clinic: Clinic, doctor: Doctor, now: datetime
) -> None:
    first, second = make_slot(doctor, now), make_slot(doctor, now + timedelta(hours=5))
    insert_booking(first, doctor, make_patient(), now)

    start = now + timedelta(minutes=29)
    assert insert_booking(second, doctor, make_patient(), start) == "booking_doctor_is_in_one_place"
    assert insert_booking(second, doctor, make_patient(), now + timedelta(minutes=30)) == ""


def test_a_patient_is_with_one_doctor_at_a_time(
    clinic: Clinic, doctor: Doctor, patient: Patient, now: datetime
) -> None:
    other = make_doctor()
    insert_booking(make_slot(doctor, now), doctor, patient, now)
    slot = make_slot(other, now)

    assert insert_booking(slot, other, patient, now) == "booking_patient_is_in_one_place"
    assert insert_booking(slot, other, patient, now + timedelta(minutes=30)) == ""


def test_an_active_booking_has_a_slot_and_a_cancelled_one_a_cancellation_time(
    clinic: Clinic, doctor: Doctor, patient: Patient, now: datetime
) -> None:
    assert insert_booking(None, doctor, patient, now) == "booking_that_takes_time_has_a_slot"
    assert insert_booking(None, doctor, patient, now, "CANCELLED") == ""
    with pytest.raises(IntegrityError, match="booking_cancelled_has_a_time"), transaction.atomic():
        Booking.objects.update(cancelled_at=None)


def test_two_thousand_random_slots_agree_with_a_list_of_intervals(clinic: Clinic, now: datetime) -> None:
    rng = random.Random(20260302)
    doctors = [make_doctor(), make_doctor()]
    taken: dict[Doctor, list[tuple[int, int]]] = {doctor: [] for doctor in doctors}

    for _ in range(2000):
        doctor, start, minutes = rng.choice(doctors), rng.randrange(10_000), rng.randrange(5, 60)
        free = all(
            start + minutes <= other_start or other_end <= start for other_start, other_end in taken[doctor]
        )

        violated = insert_slot(doctor, now + timedelta(minutes=start), minutes)

        assert violated == ("" if free else "slot_doctor_is_in_one_place")
        if free:
            taken[doctor].append((start, start + minutes))

    assert Slot.objects.count() == sum(map(len, taken.values())) > 200
