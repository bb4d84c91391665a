"""The size of a clinic and the state of its queue."""

from datetime import datetime

from django.db import connection

from tenants.models import Clinic, QueueLine

_SIZE = """
SELECT count(*), coalesce(sum(pg_total_relation_size(c.oid)), 0)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relkind = 'r'
"""


def schema_size(clinic: Clinic) -> tuple[int, int]:
    """Return the number of tables and their total size in bytes, from Postgres' catalogs."""
    with connection.cursor() as cursor:
        cursor.execute(_SIZE, [clinic.schema_name])
        tables, size = cursor.fetchone()
    return tables, int(size)


def queue_counts(clinic: Clinic, *, now: datetime) -> tuple[int, int]:
    """Return how many jobs are due, and how many have been attempted more than once."""
    jobs = QueueLine.objects.filter(clinic_id=clinic.pk)
    return jobs.filter(due_at__lte=now).count(), jobs.filter(attempts__gt=1).count()
