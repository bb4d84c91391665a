"""Compare bookings over HTTP with pgbench running the same statements in the same transaction.

Both use eight clients and book every slot once, so no booking is refused. They take turns, and wait for every
commit as in production (`synchronous_commit`), unlike other tests.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from hashlib import md5
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from psycopg import sql

from clinics.models import Doctor, Patient
from clinics.services.profiles import add_doctor
from embedded.binaries import postgres_folder
from scheduling.availability.next_open_slot import LOCK_STORED, refresh_next_slot, update_statement
from scheduling.bookings.sql import BOOK
from scheduling.models import Booking
from scheduling.models.booking_states import TIME_TAKING_STATES
from tenants.accounts.models import User
from tenants.accounts.sessions.services import start_session
from tenants.accounts.users import create_user
from tenants.base.clock import now
from tenants.models import Clinic
from tests.benchmarks.thresholds import Threshold
from tests.benchmarks.without_timeout import execute_without_timeout
from tests.drills.concurrent_requests import post
from tests.drills.figures import RecordFigure, spread
from tests.drills.installation import Installation, open_installation
from tests.drills.keep_alive import drive
from tests.drills.slot_race import BOOKINGS
from tests.factories.clinic_client import host_of
from tests.factories.database_logins import owner_connection
from tests.factories.queue import delete_queued_jobs

RUNS, SECONDS, CLIENTS = 3, 4, 8
THRESHOLD = Threshold(must=0.15, aim=0.23)
PEOPLE, SLOTS_EACH = 100, 900
FOR_HTTP = 60_000
"""The number of the first slot that is booked over HTTP; pgbench books the slots before it."""

EMPTY_PARAMETERS = ("duration", "gap_before", "gap_after", "visit_type", "rooms", "series")
"""Parameters of the statement that are empty if a visit is as long as its slot."""

MAKE_SLOTS = """
INSERT INTO scheduling_slot (id, created_at, doctor_id, starts_at, ends_at, status, origin, fits_hours)
SELECT md5('slot' || doctor.place + turn * %(people)s)::uuid, now(), doctor.id,
    start, start + '15 min', 'free', 'hours', TRUE
FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM clinics_doctor) AS doctor,
    generate_series(0, %(each)s - 1) AS turn,
    LATERAL (SELECT now() + '1 day' + turn * interval '15 min' AS start) AS times
"""


@pytest.fixture
def web(committed_clinic: Clinic) -> Iterator[Installation]:
    """The web server."""
    database = sql.Identifier(str(connection.settings_dict["NAME"]))
    with owner_connection() as owner:
        # Set on the database, so that it applies to every new connection.
        owner.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit = on").format(database))
        with open_installation() as installation:
            installation.start("web")
            yield installation
        owner.execute(sql.SQL("ALTER DATABASE {} RESET synchronous_commit").format(database))
    delete_queued_jobs(clinic_id=committed_clinic.pk)


def test_bookings_over_http_compared_with_pgbench(
    web: Installation, committed_clinic: Clinic, tmp_path: Path, record_figure: RecordFigure
) -> None:
    tokens = [add_doctor_and_patient(number) for number in range(PEOPLE)]
    execute_without_timeout(MAKE_SLOTS, {"people": PEOPLE, "each": SLOTS_EACH})
    for doctor in Doctor.objects.all():
        refresh_next_slot(doctor_id=doctor.pk, now=now())
    script = tmp_path / "book.sql"
    script.write_text(f"\\set n :n + 1\nBEGIN;\n{pgbench_statements(committed_clinic)};\nCOMMIT;\n")
    requests = booking_requests(tokens, host_of(committed_clinic))
    pgbench_rates, http_rates, completed = [], [], 0

    for run in range(RUNS):
        transactions, rate = pgbench(script, committed_clinic, first=run * FOR_HTTP // CLIENTS // RUNS)
        load = drive(web.port, requests, seconds=SECONDS, connections=CLIENTS)
        assert set(load.statuses) == {201}
        pgbench_rates.append(rate)
        http_rates.append(load.rate)
        completed += transactions + len(load.latencies)

    # Requests cut off at the end of a run may still have made a booking.
    assert completed <= Booking.objects.count() <= completed + RUNS * CLIENTS
    record_figure("booking by pgbench, bookings/s", spread(pgbench_rates, "{:,.0f}"))
    record_figure("booking over HTTP, bookings/s", spread(http_rates, "{:,.0f}"))
    ratios = [a / b for a, b in zip(http_rates, pgbench_rates, strict=True)]
    record_figure(f"HTTP / pgbench ({THRESHOLD})", spread(ratios, "{:.3f}"))
    assert THRESHOLD.is_met(median(ratios))


def add_doctor_and_patient(number: int) -> str:
    """Add a doctor and a patient who books only with them. Return the patient's access token."""
    add_doctor(name=f"Number {number}")
    name: dict[str, Any] = {"first_name": "Pat", "last_name": f"Number {number}"}
    email = f"bench{number}@people.example"
    user = create_user(email=email, password=None, role=User.Role.PATIENT, confirmed_at=now(), **name)
    Patient.objects.create(pk=uuid_of("patient", number), user=user, **name)
    return start_session(user=user).access


def uuid_of(kind: str, number: int) -> UUID:
    """Return an id that Postgres can also compute from the number."""
    return UUID(md5(f"{kind}{number}".encode()).hexdigest())


def booking_requests(tokens: list[str], host: str) -> Iterator[bytes]:
    """Yield booking requests for one slot after the other, each by the doctor's own patient."""
    for number in range(FOR_HTTP, PEOPLE * SLOTS_EACH):
        body = {"slot": str(uuid_of("slot", number))}
        yield post(BOOKINGS, body, host=host, token=tokens[number % PEOPLE], Connection="keep-alive")


def pgbench_statements(clinic: Clinic) -> str:
    """Return the booking service's statements. Postgres computes their values from the slot's number."""
    number = f"(:n * {CLIENTS} + :client_id)"
    slot = f"md5('slot' || {number})::uuid"
    doctor = f"(SELECT doctor_id FROM scheduling_slot WHERE id = {slot})"
    taking = f"ARRAY{TIME_TAKING_STATES}"
    common = {"now": "now()", "taking": taking, "clinic": f"'{clinic.pk}'::uuid", "slot": slot}
    empty = dict.fromkeys(EMPTY_PARAMETERS, "NULL")
    book = BOOK % {
        **common,
        **empty,
        "booking": "gen_random_uuid()",
        "event": "gen_random_uuid()",
        "patient": f"md5('patient' || {number} % {PEOPLE})::uuid",
        "by": f"'{User.objects.earliest('created_at').pk}'::uuid",
        "status": "'CONFIRMED'",
        "kind": "'booked'",
        "line": "'booking_event'",
        "request": "''",
        "together": "NULL",
        "reason": "''",
        "answers": "'[]'",
        "held_until": "NULL::timestamptz",
        "overbooked": "FALSE",
        "limits_checked": "FALSE",
        "since": "ARRAY[now()]",
        "offsets": "ARRAY[0]",
        "soonest": "now()",
        "before": "now() + interval '90 days'",
    }
    lock_stored = LOCK_STORED.replace("%s", doctor)
    search_params = {**common, "doctor": doctor, "since": "now()", "conflict_distance": "interval '17 hours'"}
    search = update_statement(limited=False, now=now())[0] % search_params
    add_job = f"""INSERT INTO public.tenants_queueline (clinic_id, kind, row_id, due_at, attempts)
        VALUES ({common["clinic"]}, 'next_open', gen_random_uuid(), now() + '1 day', 0) RETURNING id"""
    return ";\n".join([book, lock_stored, search, add_job])


def pgbench(script: Path, clinic: Clinic, *, first: int) -> tuple[int, float]:
    """Run the script. Return the number of transactions, and transactions per second."""
    database = connection.settings_dict
    command = f"{postgres_folder() / 'pgbench'} -n -c {CLIENTS} -T {SECONDS} -D n={first} -f {script}"
    env = os.environ | {
        "PGHOST": str(database["HOST"]),
        "PGPORT": str(database["PORT"]),
        "PGUSER": str(database["USER"]),
        "PGPASSWORD": str(database["PASSWORD"]),
        "PGDATABASE": str(database["NAME"]),
        # The role has the name of the schema, to which the login itself has no access.
        "PGOPTIONS": f"-c search_path={clinic.schema_name},public -c role={clinic.schema_name}",
    }
    output = subprocess.run(command.split(), env=env, capture_output=True, text=True, check=True).stdout
    transactions = re.search(r"transactions actually processed: (\d+)", output)
    rate = re.search(r"tps = ([\d.]+)", output)
    assert transactions is not None
    assert rate is not None
    return int(transactions[1]), float(rate[1])
