"""Which promise of the database a write would have broken."""

from django.db import IntegrityError
from psycopg import Error


def constraint_of(error: IntegrityError) -> str:
    """The name of the constraint that refused the write; empty when Postgres names none."""
    cause = error.__cause__
    return (cause.diag.constraint_name or "") if isinstance(cause, Error) else ""
