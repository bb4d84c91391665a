"""Finds out which database constraint an IntegrityError violates."""

from django.db import IntegrityError
from psycopg import Error


def violated_constraint(error: IntegrityError) -> str:
    """Return the name of the violated constraint; "" if Postgres names none."""
    cause = error.__cause__
    return (cause.diag.constraint_name or "") if isinstance(cause, Error) else ""
