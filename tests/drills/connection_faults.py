"""Threads that switch between two clinics while statements are cancelled and connections terminated.

Run as: PGAPPNAME=fault-drill python -m tests.drills.connection_faults SECONDS CLINIC_ID CLINIC_ID. Each
clinic's phone number is its own id, and so is the name of every row written, so each row shows its clinic.
Prints counts as JSON.
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
MARK = "drill-"
INJECT_FAULTS = """
CREATE FUNCTION pg_temp.inject_faults(seconds double precision) RETURNS TABLE (cancelled bigint, cut bigint)
AS $$
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
            WHERE datname = current_database() AND application_name = 'fault-drill' AND state = 'active'
        LOOP
            -- Mostly cancelled: a terminated connection is opened again, a cancelled one continues.
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
"""Runs inside Postgres, without network delays."""


class FaultDrill:
    """State shared by the threads."""

    def __init__(self, seconds: float) -> None:
        self.until = time.monotonic() + seconds
        self.latest = self.until + 4 * seconds
        self.counts: Counter[str] = Counter()
        self.codes: dict[uuid.UUID, list[str]] = defaultdict(list)
        """The codes of rows that were committed, by clinic."""
        self._lock = threading.Lock()

    def is_running(self) -> bool:
        """Whether to continue. On a slow machine the drill lasts longer, up to a limit."""
        now = time.monotonic()
        enough = self.counts["own"] >= READS and self.counts["written"] >= WRITES
        return now < self.until or (not enough and now < self.latest)

    def count(self, outcome: str, number: int = 1) -> None:
        """Add to the count of an outcome. Thread-safe."""
        with self._lock:
            self.counts[outcome] += number


def read(drill: FaultDrill, clinic: Any) -> None:
    """Read the settings of the entered clinic and check whose they are."""
    from clinics.models import ClinicSettings  # noqa: PLC0415  Django must be set up first

    result = ClinicSettings.objects.get().phone
    drill.count("own" if result == clinic.pk.hex else "foreign")


def write(drill: FaultDrill, clinic: Any) -> None:
    """Write a row that names its clinic."""
    from clinics.models import Specialty  # noqa: PLC0415  Django must be set up first

    code = f"{MARK}{uuid.uuid4().hex[:20]}"
    Specialty.objects.create(code=code, name=clinic.pk.hex)
    drill.codes[clinic.pk].append(code)
    drill.count("written")


def switch_clinics(drill: FaultDrill, clinics: list[Any], seed: int) -> None:
    """Read and write at randomly chosen clinics, sometimes on a new connection."""
    from tenants.current import enter_clinic, leave_clinic  # noqa: PLC0415  Django must be set up first

    chance = random.Random(seed)
    while drill.is_running():
        clinic = chance.choice(clinics)
        action = write if chance.random() < SHARE_OF_WRITES else read
        try:
            with enter_clinic(clinic):
                action(drill, clinic)
        except (DatabaseError, InterfaceError, PoolTimeout) as error:
            drill.count(type(error).__name__)
            connection.close_if_unusable_or_obsolete()
        finally:
            leave_clinic()
        if chance.random() < 0.1:
            connection.close()
    connection.close()


def inject_faults(drill: FaultDrill, address: str) -> None:
    """Cancel statements and terminate connections while the drill runs."""
    with psycopg.connect(address, autocommit=True, application_name="inject_faults") as injector:
        injector.execute(INJECT_FAULTS)
        while drill.is_running():
            result = injector.execute("SELECT cancelled, cut FROM pg_temp.inject_faults(1)").fetchone()
            assert result is not None
            for outcome, count in zip(("cancelled", "cut"), result, strict=True):
                drill.count(outcome, count)


def check_rows(drill: FaultDrill, clinics: list[Any]) -> None:
    """After the drill, count rows in the wrong clinic and committed rows that are missing."""
    from clinics.models import Specialty  # noqa: PLC0415  Django must be set up first
    from tenants.current import enter_clinic  # noqa: PLC0415  as above

    for clinic in clinics:
        with enter_clinic(clinic):
            stored = dict(Specialty.objects.filter(code__startswith=MARK).values_list("code", "name"))
            drill.count("landed elsewhere", sum(name != clinic.pk.hex for name in stored.values()))
            drill.count("lost", len(set(drill.codes[clinic.pk]) - set(stored)))
            Specialty.objects.filter(code__startswith=MARK).delete()


def main(seconds: float, clinic_ids: list[uuid.UUID]) -> None:
    """Run the drill and print the counts."""
    django.setup()
    from tenants.models import Clinic  # noqa: PLC0415  Django must be set up first

    clinics = list(Clinic.objects.filter(pk__in=clinic_ids))
    database = connection.get_connection_params()
    names = ("host", "port", "user", "password", "dbname")
    address = psycopg.conninfo.make_conninfo(**{name: database[name] for name in names})
    connection.close()
    drill = FaultDrill(seconds)
    threads = [
        threading.Thread(target=switch_clinics, args=(drill, clinics, seed)) for seed in range(THREADS)
    ]
    threads.append(threading.Thread(target=inject_faults, args=(drill, address)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    check_rows(drill, clinics)
    sys.stdout.write(json.dumps(drill.counts))


if __name__ == "__main__":
    main(float(sys.argv[1]), [uuid.UUID(clinic_id) for clinic_id in sys.argv[2:]])
