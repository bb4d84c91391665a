"""Run statements that write more than any request would."""

from typing import Any

from django.db import connection


def execute_without_timeout(statement: str, values: dict[str, Any]) -> None:
    """Run a statement without the statement timeout for requests."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(statement, values)
        cursor.execute("RESET statement_timeout")
