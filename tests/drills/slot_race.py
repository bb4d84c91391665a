"""Many clients, one slot, the same instant."""

from collections import Counter
from datetime import timedelta
from itertools import cycle, islice
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
from tests.drills.concurrent_requests import Answer, post, volley
from tests.drills.installation import House
from tests.factories.clinic_client import host_of
from tests.factories.database_logins import owner_of_the_database
from tests.factories.people import make_doctor
from tests.factories.queue import forget_lines
from tests.factories.schedule import make_slot

BOOKINGS = "/api/appointments/bookings/"


def signed_in_patient() -> tuple[Patient, str]:
    """A patient of the current clinic and an access token. No password: hashing one takes long."""
    name = {"first_name": "Pat", "last_name": "Racer"}
    email = f"{uuid4().hex}@people.example"
    user = create_user(email=email, password=None, role=User.Role.PATIENT, **name)
    patient = Patient.objects.create(user=user, **name)
    return patient, start_session(user=user).access


def run_races(house: House, clinic: Clinic, *, rounds: int, clients: int, people: int) -> list[list[Answer]]:
    """In every round `clients` requests of `people` different patients for one slot, all at once."""
    doctor = make_doctor()
    tokens = [signed_in_patient()[1] for _ in range(people)]
    first = now() + timedelta(days=1)
    found = []
    for number in range(rounds):
        slot = make_slot(doctor, first + timedelta(minutes=30) * number)
        # Open times beside it, for the alternatives.
        make_slot(doctor, first + timedelta(days=40) + timedelta(minutes=30) * number)
        body = {"slot": str(slot.pk)}
        chosen = islice(cycle(tokens), clients)
        requests = [post(BOOKINGS, body, host=host_of(clinic), token=token) for token in chosen]
        found.append(volley(house.port, requests))
    # The queue is in public and would outlive the clinic; no worker runs here to empty it.
    forget_lines(clinic_id=clinic.pk)
    return found


def outcome(answers: list[Answer]) -> Counter[tuple[int, str]]:
    """How many got which answer, by status and code."""
    return Counter((answer.status, answer.code) for answer in answers)


def double_bookings() -> int:
    """Slots of the current clinic that more than one live booking claims."""
    taking = Counter(Booking.objects.taking_time().values_list("slot_id", flat=True))
    return sum(count > 1 for count in taking.values())


def drop_constraints(*names: str) -> None:
    """Take guards off the current clinic's bookings, for the control."""
    schema = sql.Identifier(current_clinic().schema_name)
    with owner_of_the_database() as owner:
        for name in map(sql.Identifier, names):
            # A unique constraint with a condition is an index to Postgres, an exclusion a constraint.
            change = sql.SQL("ALTER TABLE {}.scheduling_booking DROP CONSTRAINT IF EXISTS {}")
            owner.execute(change.format(schema, name))
            owner.execute(sql.SQL("DROP INDEX IF EXISTS {}.{}").format(schema, name))
