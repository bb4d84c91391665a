"""Threads that take turns at two clinics while their connections are cancelled and cut.

Run as: PGAPPNAME=storm python -m tests.drills.connection_faults SECONDS CLINIC_ID CLINIC_ID. Each clinic's
telephone number is its own id, and so is the name of every row written, so that each row tells whose it is.
Prints what was seen, as JSON.
"""

import json
import random
import sys
import threading
import time
import uuid
from collections import Counter, defaultdict
from typing import Any

import django
import psycopg
from django.db import DatabaseError, connection
from django.db.utils import InterfaceError
from psycopg_pool import PoolTimeout

THREADS = 32
READS = 10_000
WRITES = 2_000
SHARE_OF_WRITES = 0.25
MARK = "storm-"
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
        self.longest = self.until + 4 * seconds
        self.seen: Counter[str] = Counter()
        self.codes: dict[uuid.UUID, list[str]] = defaultdict(list)
        """What each clinic was told that it keeps."""
        self._lock = threading.Lock()

    def goes_on(self) -> bool:
        """Whether it is not over yet: on a slow machine it lasts longer, but not for ever."""
        now = time.monotonic()
        enough = self.seen["own"] >= READS and self.seen["written"] >= WRITES
        return now < self.until or (not enough and now < self.longest)

    def saw(self, what: str, count: int = 1) -> None:
        """Count, one thread at a time."""
        with self._lock:
            self.seen[what] += count


def look(storm: Storm, clinic: Any) -> None:
    """Whose settings there are in the clinic that was entered."""
    from clinics.models import ClinicSettings  # noqa: PLC0415  Django must be set up first

    found = ClinicSettings.objects.get().phone
    storm.saw("own" if found == clinic.pk.hex else "foreign")


def write(storm: Storm, clinic: Any) -> None:
    """A row that says whose it is."""
    from clinics.models import Specialty  # noqa: PLC0415  Django must be set up first

    code = f"{MARK}{uuid.uuid4().hex[:20]}"
    Specialty.objects.create(code=code, name=clinic.pk.hex)
    storm.codes[clinic.pk].append(code)
    storm.saw("written")


def visit(storm: Storm, clinics: list[Any], seed: int) -> None:
    """Read and write at one clinic after the other, now and then on a new connection."""
    from tenants.current import enter_clinic, leave_clinic  # noqa: PLC0415  Django must be set up first

    chance = random.Random(seed)
    while storm.goes_on():
        clinic = chance.choice(clinics)
        act = write if chance.random() < SHARE_OF_WRITES else look
        try:
            with enter_clinic(clinic):
                act(storm, clinic)
        except (DatabaseError, InterfaceError, PoolTimeout) as error:
            storm.saw(type(error).__name__)
            connection.close_if_unusable_or_obsolete()
        finally:
            leave_clinic()
        if chance.random() < 0.1:
            connection.close()
    connection.close()


def rage(storm: Storm, address: str) -> None:
    """Strike connections of the program for as long as the storm lasts."""
    with psycopg.connect(address, autocommit=True, application_name="rage") as striker:
        striker.execute(RAGE)
        while storm.goes_on():
            found = striker.execute("SELECT cancelled, cut FROM pg_temp.rage(1)").fetchone()
            assert found is not None
            for what, count in zip(("cancelled", "cut"), found, strict=True):
                storm.saw(what, count)


def look_where_rows_are(storm: Storm, clinics: list[Any]) -> None:
    """After the storm: rows in a clinic that were meant for another, and acknowledged ones that are gone."""
    from clinics.models import Specialty  # noqa: PLC0415  Django must be set up first
    from tenants.current import enter_clinic  # noqa: PLC0415  as above

    for clinic in clinics:
        with enter_clinic(clinic):
            there = dict(Specialty.objects.filter(code__startswith=MARK).values_list("code", "name"))
            storm.saw("landed elsewhere", sum(name != clinic.pk.hex for name in there.values()))
            storm.saw("lost", len(set(storm.codes[clinic.pk]) - set(there)))
            Specialty.objects.filter(code__startswith=MARK).delete()


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
    threads.append(threading.Thread(target=rage, args=(storm, address)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    look_where_rows_are(storm, clinics)
    sys.stdout.write(json.dumps(storm.seen))


if __name__ == "__main__":
    main(float(sys.argv[1]), [uuid.UUID(word) for word in sys.argv[2:]])
