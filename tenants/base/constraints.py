"""Writes rows that a constraint may refuse, and finds out which constraint that was."""

from django.db import IntegrityError, models
from psycopg import Error


def insert_unless_taken(row: models.Model) -> bool:
    """Insert a new row with a UUID unless a unique constraint refuses it. Return whether it was inserted.

    Use it where a unique value is personal, such as an email address: Postgres writes the value into its log
    if an INSERT fails, but not if ON CONFLICT skips it.
    """
    model = type(row)
    model._default_manager.bulk_create([row], ignore_conflicts=True)
    return model._default_manager.filter(pk=row.pk).exists()


def violated_constraint(error: IntegrityError) -> str:
    """Return the name of the violated constraint; "" if Postgres names none."""
    cause = error.__cause__
    return (cause.diag.constraint_name or "") if isinstance(cause, Error) else ""
