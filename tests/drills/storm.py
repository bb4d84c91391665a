"""Threads that take turns at two clinics while their connections are cancelled and cut.

Run as: PGAPPNAME=storm python -m tests.drills.storm SECONDS CLINIC_ID CLINIC_ID. Each clinic's telephone
number is its own id, so that every row read tells whose it is. Prints what was read, as JSON.
"""

import json
import random
import sys
import threading
import time
import uuid
from collections import Counter
from typing import Any

import django
import psycopg
from django.db import DatabaseError, connection
from django.db.utils import InterfaceError
from psycopg_pool import PoolTimeout

THREADS = 32
RAGE = """
CREATE FUNCTION pg_temp.rage(seconds double precision) RETURNS TABLE (cancelled bigint, cut bigint) AS $$
DECLARE
    ends timestamptz := clock_timestamp() + seconds * interval '1 second';
    target integer;
BEGIN
    cancelled := 0;
    cut := 0;
    WHILE clock_timestamp() < ends LOOP
        PERFORM pg_stat_clear_snapshot();
        FOR target IN
            SELECT pid FROM pg_stat_activity
            WHERE datname = current_database() AND application_name = 'storm' AND state = 'active'
        LOOP
            -- Mostly cancelled: a cut connection starts afresh, a cancelled one goes on.
            IF random() < 0.02 THEN
                PERFORM pg_terminate_backend(target);
                cut := cut + 1;
            ELSE
                PERFORM pg_cancel_backend(target);
                cancelled := cancelled + 1;
            END IF;
        END LOOP;
        PERFORM pg_sleep(0.0002);
    END LOOP;
    RETURN NEXT;
END $$ LANGUAGE plpgsql
"""
"""Runs inside Postgres, where nothing slows it down."""


class Storm:
    """What the threads share."""

    def __init__(self, seconds: float) -> None:
        self.until = time.monotonic() + seconds
        self.seen: Counter[str] = Counter()

    def goes_on(self) -> bool:
        """Whether it is not over yet."""
        return time.monotonic() < self.until


def visit(storm: Storm, clinics: list[Any], seed: int) -> None:
    """Look at whose settings there are at one clinic after the other, now and then on a new connection."""
    from clinics.models import ClinicSettings  # noqa: PLC0415  Django must be set up first
    from tenants.door import enter_clinic, leave_clinic  # noqa: PLC0415

    chance = random.Random(seed)
    while storm.goes_on():
        clinic = chance.choice(clinics)
        try:
            with enter_clinic(clinic):
                found = ClinicSettings.objects.get().phone
            storm.seen["own" if found == clinic.pk.hex else "foreign"] += 1
        except (DatabaseError, InterfaceError, PoolTimeout) as error:
            storm.seen[type(error).__name__] += 1
            connection.close_if_unusable_or_obsolete()
        finally:
            leave_clinic()
        if chance.random() < 0.1:
            connection.close()
    connection.close()


def rage(storm: Storm, address: str, seconds: float) -> None:
    """Strike connections of the program for as long as the storm lasts."""
    with psycopg.connect(address, autocommit=True, application_name="rage") as striker:
        striker.execute(RAGE)
        found = striker.execute("SELECT cancelled, cut FROM pg_temp.rage(%s)", [seconds]).fetchone()
    assert found is not None
    storm.seen.update(dict(zip(("cancelled", "cut"), found, strict=True)))


def main(seconds: float, clinic_ids: list[uuid.UUID]) -> None:
    """Let it blow, and say what was seen."""
    django.setup()
    from tenants.models import Clinic  # noqa: PLC0415  Django must be set up first

    clinics = list(Clinic.objects.filter(pk__in=clinic_ids))
    database = connection.get_connection_params()
    names = ("host", "port", "user", "password", "dbname")
    address = psycopg.conninfo.make_conninfo(**{name: database[name] for name in names})
    connection.close()
    storm = Storm(seconds)
    threads = [threading.Thread(target=visit, args=(storm, clinics, seed)) for seed in range(THREADS)]
    threads.append(threading.Thread(target=rage, args=(storm, address, seconds)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.stdout.write(json.dumps(storm.seen))


if __name__ == "__main__":
    main(float(sys.argv[1]), [uuid.UUID(word) for word in sys.argv[2:]])
