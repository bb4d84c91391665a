"""Random bookings: the database refuses exactly those that conflict with an earlier one.

20,000 attempts in `make drills`, 2,000 in `make test`.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from scheduling.models import Booking
from tenants.models import Clinic
from tests.factories.people import make_doctor, make_patient
from tests.factories.visit_types import make_room
from tests.profiles import examples

ATTEMPTS = examples(quick=2_000, full=20_000)
INSERT = """
INSERT INTO scheduling_booking (id, created_at, doctor_id, patient_id, room_id, slot_id, starts_at, ends_at,
    busy_from, busy_until, overbooked, status, reason)
VALUES (%(id)s, now(), %(doctor)s, %(patient)s, %(room)s, %(slot)s, %(starts_at)s, %(ends_at)s,
    %(busy_from)s, %(busy_until)s, %(overbooked)s, %(status)s, '')
ON CONFLICT DO NOTHING RETURNING id
"""
SLOTS = """
INSERT INTO scheduling_slot (id, created_at, doctor_id, starts_at, ends_at, status, origin, fits_hours)
SELECT gen_random_uuid(), now(), %(doctor)s, start, start + '5 min', 'withdrawn', 'hand', TRUE
FROM generate_series(1, %(count)s) AS number,
    LATERAL (SELECT '2030-01-01T00:00Z'::timestamptz + number * interval '5 min' AS start) AS times
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A booking to insert. Start, end and the buffers around the visit are in minutes."""

    doctor: UUID
    patient: UUID
    room: UUID | None
    starts: int
    ends: int
    buffer_before: int
    buffer_after: int
    overbooked: bool

    def conflicts_with(self, other: "Attempt") -> bool:
        """Whether this booking and `other` cannot both exist."""
        visits_overlap = self.starts < other.ends and other.starts < self.ends
        buffered_times_overlap = (
            self.starts - self.buffer_before < other.ends + other.buffer_after
            and other.starts - other.buffer_before < self.ends + self.buffer_after
        )
        same_doctor = self.doctor == other.doctor and not (self.overbooked or other.overbooked)
        same_room = self.room is not None and self.room == other.room
        return (visits_overlap and self.patient == other.patient) or (
            buffered_times_overlap and (same_doctor or same_room)
        )


@pytest.mark.property
def test_the_database_constraints_refuse_exactly_the_conflicting_random_bookings(
    clinic: Clinic, now: datetime
) -> None:
    rng = random.Random(20261125)
    doctors = [make_doctor().pk for _ in range(3)]
    patients = [make_patient().pk for _ in range(6)]
    rooms = [make_room().pk, make_room().pk, None, None]
    slots = make_slots(doctors[0])
    accepted: list[Attempt] = []
    wrong: list[Attempt] = []

    for number in range(ATTEMPTS):
        starts = rng.randrange(40_000)
        attempt = Attempt(
            doctor=rng.choice(doctors),
            patient=rng.choice(patients),
            room=rng.choice(rooms),
            starts=starts,
            ends=starts + rng.randrange(5, 90),
            buffer_before=rng.choice((0, 0, 10, 15)),
            buffer_after=rng.choice((0, 0, 5, 20)),
            overbooked=number % 20 == 0,
        )
        expected = not any(attempt.conflicts_with(other) for other in accepted)
        if try_insert(attempt, slots[number], now) is not expected:
            wrong.append(attempt)
        elif expected:
            accepted.append(attempt)

    assert wrong == []
    assert Booking.objects.count() == len(accepted) > 500


def make_slots(doctor: UUID) -> list[UUID]:
    """Return a slot id per attempt: a booking needs a slot of its own, whose time does not matter here."""
    with connection.cursor() as cursor:
        cursor.execute(SLOTS, {"doctor": doctor, "count": ATTEMPTS})
        return [row[0] for row in cursor.fetchall()]


def try_insert(attempt: Attempt, slot_id: UUID, now: datetime) -> bool:
    """Insert the booking and return whether the database accepted it."""

    def at(minutes: int) -> datetime:
        return now + timedelta(minutes=minutes)

    params: dict[str, Any] = {
        "id": uuid4(),
        "doctor": attempt.doctor,
        "patient": attempt.patient,
        "room": attempt.room,
        "slot": slot_id,
        "starts_at": at(attempt.starts),
        "ends_at": at(attempt.ends),
        "busy_from": at(attempt.starts - attempt.buffer_before) if attempt.buffer_before else None,
        "busy_until": at(attempt.ends + attempt.buffer_after) if attempt.buffer_after else None,
        "overbooked": attempt.overbooked,
        "status": "CONFIRMED",
    }
    with connection.cursor() as cursor:
        cursor.execute(INSERT, params)
        return cursor.fetchone() is not None
