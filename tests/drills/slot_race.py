"""Races of many clients for one slot."""

from collections import Counter
from datetime import timedelta
from itertools import cycle, islice
from typing import Any
from uuid import uuid4

from psycopg import sql

from clinics.models import Patient
from scheduling.models import Booking
from tenants.accounts.models import User
from tenants.accounts.sessions.services import start_session
from tenants.accounts.users import create_user
from tenants.base.clock import now
from tenants.current import current_clinic
from tenants.models import Clinic
from tests.drills.concurrent_requests import Response, post, send_concurrently
from tests.drills.installation import Installation
from tests.factories.clinic_client import host_of
from tests.factories.database_logins import owner_connection
from tests.factories.people import make_doctor
from tests.factories.queue import delete_queued_jobs
from tests.factories.schedule import make_slot

BOOKINGS = "/api/appointments/bookings/"


def signed_in_patient() -> tuple[Patient, str]:
    """Create a patient of the current clinic without a password, and an access token."""
    name: dict[str, Any] = {"first_name": "Pat", "last_name": "Racer"}
    email = f"{uuid4().hex}@people.example"
    user = create_user(email=email, password=None, role=User.Role.PATIENT, confirmed_at=now(), **name)
    patient = Patient.objects.create(user=user, **name)
    return patient, start_session(user=user).access


def run_races(
    installation: Installation, clinic: Clinic, *, rounds: int, clients: int, people: int
) -> list[list[Response]]:
    """In each round, send `clients` concurrent requests of `people` different patients for one slot."""
    doctor = make_doctor()
    tokens = [signed_in_patient()[1] for _ in range(people)]
    first = now() + timedelta(days=1)
    rounds_of_responses = []
    for number in range(rounds):
        slot = make_slot(doctor, first + timedelta(minutes=30) * number)
        # Other open slots, for the alternatives.
        make_slot(doctor, first + timedelta(days=40) + timedelta(minutes=30) * number)
        body = {"slot": str(slot.pk)}
        chosen = islice(cycle(tokens), clients)
        requests = [post(BOOKINGS, body, host=host_of(clinic), token=token) for token in chosen]
        rounds_of_responses.append(send_concurrently(installation.port, requests))
    # The queue is in the public schema and is not dropped with the clinic; no worker empties it here.
    delete_queued_jobs(clinic_id=clinic.pk)
    return rounds_of_responses


def outcome(responses: list[Response]) -> Counter[tuple[int, str]]:
    """Return the number of responses by status and code."""
    return Counter((response.status, response.code) for response in responses)


def double_bookings() -> int:
    """Return the number of slots with more than one active booking."""
    taking = Counter(Booking.objects.taking_time().values_list("slot_id", flat=True))
    return sum(count > 1 for count in taking.values())


def drop_constraints(*names: str) -> None:
    """Drop constraints on the current clinic's bookings, for control tests."""
    schema = sql.Identifier(current_clinic().schema_name)
    with owner_connection() as owner:
        for name in map(sql.Identifier, names):
            # In Postgres, a conditional unique constraint is an index, and an exclusion is a constraint.
            change = sql.SQL("ALTER TABLE {}.scheduling_booking DROP CONSTRAINT IF EXISTS {}")
            owner.execute(change.format(schema, name))
            owner.execute(sql.SQL("DROP INDEX IF EXISTS {}.{}").format(schema, name))
