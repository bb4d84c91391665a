"""How a clinic is doing, seen from outside: its size, and whether its work is done."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from tenants.models import Clinic, QueueLine

SIZE = """
SELECT count(*), coalesce(sum(pg_total_relation_size(c.oid)), 0)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relkind = 'r'
"""


@dataclass(frozen=True, slots=True)
class Health:
    """What an operator needs to know."""

    tables: int
    bytes: int
    waiting: int
    """Lines of the queue that are due."""
    failing: int
    """Those that were tried more than once."""


def health_of(clinic: Clinic, *, now: datetime) -> Health:
    """Read from Postgres' own books and the queue; the clinic's schema is not entered."""
    with connection.cursor() as cursor:
        cursor.execute(SIZE, [clinic.schema_name])
        tables, size = cursor.fetchone()
    due = QueueLine.objects.filter(clinic_id=clinic.pk, due_at__lte=now)
    failing = QueueLine.objects.filter(clinic_id=clinic.pk, attempts__gt=1)
    return Health(tables=tables, bytes=int(size), waiting=due.count(), failing=failing.count())
