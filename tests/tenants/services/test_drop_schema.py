"""Dropping a clinic's schema while somebody still reads it."""

from threading import Event, Thread

from django.db import connection, transaction
from django.db.utils import OperationalError

from tenants.current import enter_clinic, enter_public, leave_clinic
from tenants.models import Clinic
from tenants.services.schema import drop_schema
from tests.factories.waiting import wait_until

WAITS_FOR_BOOKINGS = """
SELECT EXISTS (
    SELECT FROM pg_locks
    WHERE relation = 'scheduling_booking'::regclass AND mode = 'AccessExclusiveLock' AND NOT granted
)
"""
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind = 'r'"


def test_dropping_survives_a_deadlock_with_a_reader(committed_clinic: Clinic) -> None:
    """Without the second attempt the drop fails: Postgres ends the one that has waited for a second."""
    leave_clinic()
    Clinic.objects.filter(pk=committed_clinic.pk).update(status=Clinic.Status.SUSPENDED)
    has_read, outcome = Event(), list[str]()

    def read_all_tables() -> None:
        """Read a table that is dropped late, wait until the drop waits for it, and read the others."""
        try:
            with enter_clinic(committed_clinic), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM scheduling_booking")
                has_read.set()
                cursor.execute(TABLES, [committed_clinic.schema_name])
                names = [name for (name,) in cursor.fetchall()]

                def drop_waits() -> bool:
                    cursor.execute(WAITS_FOR_BOOKINGS)
                    return bool(cursor.fetchone()[0])

                wait_until(drop_waits, "the drop to wait for the reader")
                for name in names:
                    cursor.execute(f'SELECT count(*) FROM "{name}"')
                outcome.append("read")
        except OperationalError as error:
            outcome.append(type(error.__cause__).__name__)
        finally:
            connection.close()

    reader = Thread(target=read_all_tables)
    reader.start()
    assert has_read.wait(timeout=10)
    with enter_public():
        drop_schema(committed_clinic.schema_name)
    reader.join()

    assert outcome == ["read"]
