"""How a clinic is doing, seen from outside: its size, and whether its work is done."""

from datetime import datetime

from django.db import connection

from tenants.models import Clinic, QueueLine

SIZE = """
SELECT count(*), coalesce(sum(pg_total_relation_size(c.oid)), 0)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relkind = 'r'
"""


def size_of(clinic: Clinic) -> tuple[int, int]:
    """How many tables there are and how many bytes they take, from Postgres' own books."""
    with connection.cursor() as cursor:
        cursor.execute(SIZE, [clinic.schema_name])
        tables, size = cursor.fetchone()
    return tables, int(size)


def work_of(clinic: Clinic, *, now: datetime) -> tuple[int, int]:
    """How many lines of the queue are due, and how many were tried more than once."""
    lines = QueueLine.objects.filter(clinic_id=clinic.pk)
    return lines.filter(due_at__lte=now).count(), lines.filter(attempts__gt=1).count()
