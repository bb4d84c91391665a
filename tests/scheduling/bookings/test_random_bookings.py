"""Random bookings: the database refuses exactly those that a plain list of what is there does.

Twenty thousand in `make drills`; `make test` has the time for fewer.
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
    """A booking in minutes: the visit, and the time kept free around it."""

    doctor: UUID
    patient: UUID
    room: UUID | None
    begins: int
    ends: int
    before: int
    after: int
    overbooked: bool

    def is_kept_out_by(self, other: "Attempt") -> bool:
        """Whether both cannot be."""
        visits = self.begins < other.ends and other.begins < self.ends
        around = (
            self.begins - self.before < other.ends + other.after
            and other.begins - other.before < self.ends + self.after
        )
        doctors = self.doctor == other.doctor and not (self.overbooked or other.overbooked)
        rooms = self.room is not None and self.room == other.room
        return (visits and self.patient == other.patient) or (around and (doctors or rooms))


@pytest.mark.property
def test_the_constraints_agree_with_an_oracle_on_every_random_booking(clinic: Clinic, now: datetime) -> None:
    chance = random.Random(20261125)
    doctors = [make_doctor().pk for _ in range(3)]
    patients = [make_patient().pk for _ in range(6)]
    rooms = [make_room().pk, make_room().pk, None, None]
    slots = spare_slots(doctors[0])
    there: list[Attempt] = []
    wrong: list[Attempt] = []

    for number in range(ATTEMPTS):
        begins = chance.randrange(40_000)
        wish = Attempt(
            doctor=chance.choice(doctors),
            patient=chance.choice(patients),
            room=chance.choice(rooms),
            begins=begins,
            ends=begins + chance.randrange(5, 90),
            before=chance.choice((0, 0, 10, 15)),
            after=chance.choice((0, 0, 5, 20)),
            overbooked=number % 20 == 0,
        )
        free = not any(wish.is_kept_out_by(other) for other in there)
        if insert(wish, slots[number], now) is not free:
            wrong.append(wish)
        elif free:
            there.append(wish)

    assert wrong == []
    assert Booking.objects.count() == len(there) > 500


def spare_slots(doctor: UUID) -> list[UUID]:
    """A slot for each attempt, since a booking names one: no two share it, and when it is does not matter."""
    with connection.cursor() as cursor:
        cursor.execute(SLOTS, {"doctor": doctor, "count": ATTEMPTS})
        return [row[0] for row in cursor.fetchall()]


def insert(wish: Attempt, slot: UUID, now: datetime) -> bool:
    """Whether the database takes it."""

    def at(minutes: int) -> datetime:
        return now + timedelta(minutes=minutes)

    values: dict[str, Any] = {
        "id": uuid4(),
        "doctor": wish.doctor,
        "patient": wish.patient,
        "room": wish.room,
        "slot": slot,
        "starts_at": at(wish.begins),
        "ends_at": at(wish.ends),
        "busy_from": at(wish.begins - wish.before) if wish.before else None,
        "busy_until": at(wish.ends + wish.after) if wish.after else None,
        "overbooked": wish.overbooked,
        "status": "CONFIRMED",
    }
    with connection.cursor() as cursor:
        cursor.execute(INSERT, values)
        return cursor.fetchone() is not None
