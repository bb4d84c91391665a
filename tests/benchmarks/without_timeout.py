"""Run statements that write more than any request would."""

from typing import Any

from django.db import connection
from psycopg import sql

from tests.factories.database_logins import owner_connection


def execute_without_timeout(statement: str, values: dict[str, Any]) -> None:
    """Run a statement in the current clinic without the time limits for requests.

    The product's connections would be closed after some seconds without an answer, whatever
    `statement_timeout` is. So what the statement reads must be committed.
    """
    with owner_connection() as owner:
        owner.execute("SET statement_timeout = 0")
        schema = sql.Identifier(connection.schema_name)  # type: ignore[attr-defined]  # of django-tenants
        owner.execute(sql.SQL("SET search_path TO {}, public").format(schema))
        owner.execute(statement, values)
