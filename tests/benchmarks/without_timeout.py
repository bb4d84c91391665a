"""Statements that write more at once than any request would."""

from typing import Any

from django.db import connection


def execute_unhurried(statement: str, values: dict[str, Any]) -> None:
    """Run it without the time limit that holds for requests."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(statement, values)
        cursor.execute("RESET statement_timeout")
