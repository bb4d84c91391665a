"""A copy of the test database, for tests that change it permanently."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
from django.db import connection
from psycopg import sql
from psycopg.errors import ObjectInUse

# A database with open sessions cannot be copied. A thread of an earlier test may have left one.
_END_SESSIONS = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = {original}"


@contextmanager
def temporary_database() -> Iterator[str]:
    """Connect to a copy of the current database and drop the copy afterwards."""
    names = connection.settings_dict
    original, copy = str(names["NAME"]), f"own_{uuid4().hex[:8]}"
    connection.close()
    run_outside_database(_END_SESSIONS, literals=True, original=original)
    run_outside_database("CREATE DATABASE {copy} TEMPLATE {original}", copy=copy, original=original)
    # The connections of all threads are opened with the parameters in this dictionary.
    names["NAME"] = copy
    try:
        yield copy
    finally:
        connection.close()
        names["NAME"] = original
        run_outside_database("DROP DATABASE {copy} WITH (FORCE)", copy=copy)


def run_outside_database(statement: str, *, literals: bool = False, **names: str) -> None:
    """Run a statement from the `postgres` database. Retry for a while if a closed connection lingers.

    :param literals: whether the names are values, not identifiers
    """
    quote = sql.Literal if literals else sql.Identifier
    parameters = connection.get_connection_params() | {"dbname": "postgres"}
    composed = sql.SQL(statement).format(**{key: quote(name) for key, name in names.items()})
    with psycopg.connect(**parameters, autocommit=True) as postgres:
        postgres.execute("SET statement_timeout = 0")
        for _attempt in range(50):
            try:
                postgres.execute(composed)
            except ObjectInUse:
                time.sleep(0.1)
            else:
                return
        postgres.execute(composed)
