"""Bookings over HTTP, beside pgbench that sends Postgres the same statement in the same transaction.

Eight clients each; every booking is of a slot of its own, so none is refused. They take turns, and both wait
for every commit as in production (`synchronous_commit`), which other tests do not.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from hashlib import md5
from pathlib import Path
from statistics import median
from uuid import UUID

import pytest
from django.db import connection
from psycopg import sql

from clinics.models import Doctor, Patient
from clinics.services.profiles import add_doctor
from embedded.binaries import postgres_folder
from scheduling.availability.next_open_slot import LOCK_STORED, SEARCH, refresh_next_slot
from scheduling.bookings.sql import BOOK
from scheduling.models import Booking
from scheduling.models.booking_states import TAKING
from tenants.accounts.models import User
from tenants.accounts.sessions.services import start_session
from tenants.accounts.users import create_user
from tenants.base.clock import now
from tenants.models import Clinic
from tests.benchmarks.keep_alive import drive
from tests.benchmarks.thresholds import Bound
from tests.benchmarks.without_timeout import execute_unhurried
from tests.drills.concurrent_requests import post
from tests.drills.figures import Note, spread
from tests.drills.installation import House, open_house
from tests.drills.slot_race import BOOKINGS
from tests.factories.clinic_client import host_of
from tests.factories.database_logins import owner_of_the_database
from tests.factories.queue import forget_lines

RUNS, SECONDS, CLIENTS = 3, 4, 8
BOUND = Bound(must=0.15, aim=0.23)
PEOPLE, SLOTS_EACH = 100, 900
FOR_HTTP = 60_000
"""The number of the first slot that is booked over HTTP; pgbench has those before."""

NOT_ASKED = ("duration", "gap_before", "gap_after", "visit_type", "rooms", "series")
"""Parameters of the statement that are empty where a visit is as long as its slot."""

MAKE_SLOTS = """
INSERT INTO scheduling_slot (id, created_at, doctor_id, starts_at, ends_at, status, origin, fits_hours)
SELECT md5('slot' || doctor.place + turn * %(people)s)::uuid, now(), doctor.id,
    start, start + '15 min', 'free', 'hours', TRUE
FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM clinics_doctor) AS doctor,
    generate_series(0, %(each)s - 1) AS turn,
    LATERAL (SELECT now() + '1 day' + turn * interval '15 min' AS start) AS times
"""


@pytest.fixture
def web(committed_clinic: Clinic) -> Iterator[House]:
    """The web server."""
    database = sql.Identifier(str(connection.settings_dict["NAME"]))
    with owner_of_the_database() as owner:
        # Of the database, so that it holds for every connection made from now on.
        owner.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit = on").format(database))
        with open_house() as house:
            house.start("web")
            yield house
        owner.execute(sql.SQL("ALTER DATABASE {} RESET synchronous_commit").format(database))
    forget_lines(clinic_id=committed_clinic.pk)


def test_bookings_over_http_beside_pgbench(
    web: House, committed_clinic: Clinic, tmp_path: Path, figures: Note
) -> None:
    tokens = [person(number) for number in range(PEOPLE)]
    execute_unhurried(MAKE_SLOTS, {"people": PEOPLE, "each": SLOTS_EACH})
    for doctor in Doctor.objects.all():
        refresh_next_slot(doctor_id=doctor.pk, now=now())
    script = tmp_path / "book.sql"
    script.write_text(f"\\set n :n + 1\nBEGIN;\n{as_pgbench_says_it(committed_clinic)};\nCOMMIT;\n")
    requests = wishes(tokens, host_of(committed_clinic))
    limit, ours, done = [], [], 0

    for run in range(RUNS):
        transactions, rate = pgbench(script, committed_clinic, first=run * FOR_HTTP // CLIENTS // RUNS)
        load = drive(web.port, requests, seconds=SECONDS, connections=CLIENTS)
        assert set(load.statuses) == {201}
        limit.append(rate)
        ours.append(load.rate)
        done += transactions + len(load.latencies)

    # A request or two may be cut off at the end of each run, and be booked all the same.
    assert done <= Booking.objects.count() <= done + RUNS * CLIENTS
    figures("booking by pgbench, bookings/s", spread(limit, "{:,.0f}"))
    figures("booking over HTTP, bookings/s", spread(ours, "{:,.0f}"))
    ratios = [a / b for a, b in zip(ours, limit, strict=True)]
    figures(f"HTTP / pgbench ({BOUND})", spread(ratios, "{:.3f}"))
    assert BOUND.holds(median(ratios))


def person(number: int) -> str:
    """One more doctor, and a patient who books with nobody else; the patient's access token."""
    add_doctor(name=f"Number {number}")
    name = {"first_name": "Pat", "last_name": f"Number {number}"}
    email = f"bench{number}@people.example"
    user = create_user(email=email, password=None, role=User.Role.PATIENT, **name)
    Patient.objects.create(pk=uuid_of("patient", number), user=user, **name)
    return start_session(user=user).access


def uuid_of(kind: str, number: int) -> UUID:
    """An id that Postgres can work out from the number too."""
    return UUID(md5(f"{kind}{number}".encode()).hexdigest())


def wishes(tokens: list[str], host: str) -> Iterator[bytes]:
    """Requests for one slot after the other, each by the patient whose doctor it is."""
    for number in range(FOR_HTTP, PEOPLE * SLOTS_EACH):
        body = {"slot": str(uuid_of("slot", number))}
        yield post(BOOKINGS, body, host=host, token=tokens[number % PEOPLE], Connection="keep-alive")


def as_pgbench_says_it(clinic: Clinic) -> str:
    """The statements of the booking service, their values worked out by Postgres from the slot's number."""
    number = f"(:n * {CLIENTS} + :client_id)"
    slot = f"md5('slot' || {number})::uuid"
    doctor = f"(SELECT doctor_id FROM scheduling_slot WHERE id = {slot})"
    taking = f"ARRAY{TAKING}"
    fixed = {"now": "now()", "taking": taking, "clinic": f"'{clinic.pk}'::uuid", "slot": slot}
    nothing = dict.fromkeys(NOT_ASKED, "NULL")
    book = BOOK % {
        **fixed,
        **nothing,
        "booking": "gen_random_uuid()",
        "event": "gen_random_uuid()",
        "patient": f"md5('patient' || {number} % {PEOPLE})::uuid",
        "by": f"'{User.objects.earliest('created_at').pk}'::uuid",
        "status": "'CONFIRMED'",
        "kind": "'booked'",
        "line": "'booking_event'",
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
    known = LOCK_STORED.replace("%s", doctor)
    looked_for = {**fixed, "doctor": doctor, "since": "now()", "conflict_distance": "interval '17 hours'"}
    find = SEARCH.format(limits="") % looked_for
    line = f"""INSERT INTO public.tenants_queueline (clinic_id, kind, row_id, due_at, attempts)
        VALUES ({fixed["clinic"]}, 'next_open', gen_random_uuid(), now() + '1 day', 0) RETURNING id"""
    return ";\n".join([book, known, find, line])


def pgbench(script: Path, clinic: Clinic, *, first: int) -> tuple[int, float]:
    """Run the script for a while; how many transactions there were, and how many a second."""
    database = connection.settings_dict
    words = f"{postgres_folder() / 'pgbench'} -n -c {CLIENTS} -T {SECONDS} -D n={first} -f {script}"
    env = os.environ | {
        "PGHOST": str(database["HOST"]),
        "PGPORT": str(database["PORT"]),
        "PGUSER": str(database["USER"]),
        "PGPASSWORD": str(database["PASSWORD"]),
        "PGDATABASE": str(database["NAME"]),
        # The role has the name of the schema, which the login itself cannot look into.
        "PGOPTIONS": f"-c search_path={clinic.schema_name},public -c role={clinic.schema_name}",
    }
    said = subprocess.run(words.split(), env=env, capture_output=True, text=True, check=True).stdout
    counted = re.search(r"transactions actually processed: (\d+)", said)
    rate = re.search(r"tps = ([\d.]+)", said)
    assert counted is not None
    assert rate is not None
    return int(counted[1]), float(rate[1])
