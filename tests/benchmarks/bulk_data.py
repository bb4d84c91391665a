"""Clinics with hundreds of thousands of rows, as after years of use.

One statement copies a row that the product made, with other values in some columns. So new columns need no
change here.
"""

from psycopg import sql

from clinics.services.open_clinic import FirstAdmin, open_clinic
from tenants.current import current_clinic
from tenants.models import Clinic
from tests.benchmarks.without_timeout import execute_without_timeout
from tests.factories.database_logins import owner_connection

PATIENTS = """
INSERT INTO clinics_patient
SELECT another.* FROM clinics_patient AS model, generate_series(1, %(count)s) AS number,
    LATERAL jsonb_populate_record(model, jsonb_build_object(
        'id', gen_random_uuid(), 'user_id', NULL, 'last_name', 'Number ' || number
    )) AS another
WHERE model.id = (SELECT id FROM clinics_patient LIMIT 1)
"""
SLOTS = """
INSERT INTO scheduling_slot
SELECT another.* FROM scheduling_slot AS model, generate_series(%(first)s, %(last)s) AS days_ago,
    generate_series(8 * 60, 16 * 60 - 15, 15) AS minute,
    LATERAL (SELECT date_trunc('day', now()) - days_ago * interval '1 day' + minute * interval '1 minute'
        AS start) AS times,
    LATERAL jsonb_populate_record(model, jsonb_build_object(
        'id', gen_random_uuid(), 'starts_at', start, 'ends_at', start + interval '15 minutes'
    )) AS another
WHERE model.id IN (SELECT DISTINCT ON (doctor_id) id FROM scheduling_slot)
"""
BOOKINGS = """
WITH patient AS (SELECT id, row_number() OVER (ORDER BY id) AS place FROM clinics_patient),
slot AS (
    SELECT id, doctor_id, starts_at, ends_at, dense_rank() OVER (ORDER BY doctor_id) AS place,
        row_number() OVER (PARTITION BY doctor_id ORDER BY starts_at) AS turn
    FROM scheduling_slot
    WHERE starts_at < date_trunc('day', now()) - (%(first)s - 1) * interval '1 day'
        AND starts_at >= date_trunc('day', now()) - %(last)s * interval '1 day')
INSERT INTO scheduling_booking
SELECT another.* FROM scheduling_booking AS model, slot JOIN patient USING (place),
    LATERAL jsonb_populate_record(model, jsonb_build_object(
        'id', gen_random_uuid(), 'slot_id', slot.id, 'doctor_id', slot.doctor_id, 'patient_id', patient.id,
        'starts_at', slot.starts_at, 'ends_at', slot.ends_at, 'status', 'COMPLETED'
    )) AS another
WHERE model.id = (SELECT id FROM scheduling_booking LIMIT 1) AND mod(turn, 2) = 0
"""


def open_benchmark_clinic(slug: str) -> Clinic:
    """Open one more clinic."""
    admin = FirstAdmin(email="a@a.example", password=None, first_name="Ada", last_name="Admin")
    return open_clinic(name=slug, slug=slug, time_zone="Europe/London", admin=admin)


def add_patients(count: int) -> None:
    """Add patients without an account. There must be a patient to copy."""
    execute_without_timeout(PATIENTS, {"count": count})
    vacuum_and_analyze()


def add_history(*, first: int, last: int) -> None:
    """Add a day of slots per doctor for each day from `first` to `last` days ago, and book every other slot.

    Every doctor must have a slot and a patient of their own, and there must be a booking to copy.
    """
    execute_without_timeout(SLOTS, {"first": first, "last": last})
    execute_without_timeout(BOOKINGS, {"first": first, "last": last})
    vacuum_and_analyze()


def vacuum_and_analyze() -> None:
    """Vacuum and analyse the current clinic's tables, as autovacuum would within a minute."""
    schema = current_clinic().schema_name
    with owner_connection() as owner:
        owner.execute("SET statement_timeout = 0")
        for (table,) in owner.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema]
        ).fetchall():
            owner.execute(sql.SQL("VACUUM ANALYZE {}").format(sql.Identifier(schema, table)))
