"""Locking for migrations of a database in use: wait for a lock for a second at most, then retry later."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
from django.db import connection
from django.db.backends.signals import connection_created
from django.db.utils import OperationalError
from psycopg.errors import DeadlockDetected, LockNotAvailable

TIMEOUTS = {"lock_timeout": "1s", "statement_timeout": "0", "idle_in_transaction_session_timeout": "0"}
"""A migration that waits for a lock blocks all later requests. The migration itself may take any time."""

_MAX_ATTEMPTS = 10
_LONGEST_PAUSE = 5.0
_LOCK = 4_811_001

R = TypeVar("R")


def retry_on_lock_timeout(operation: Callable[[], R], *, pause: Callable[[float], None] = time.sleep) -> R:
    """Call `operation`, which must be one transaction, and retry it with growing pauses if it got no lock.

    :raises OperationalError: the tenth attempt failed, too
    """
    for attempt in range(_MAX_ATTEMPTS - 1):
        try:
            return operation()
        except (OperationalError, psycopg.OperationalError) as error:
            cause = error.__cause__ if isinstance(error, OperationalError) else error
            if not isinstance(cause, (LockNotAvailable, DeadlockDetected)):
                raise
            pause(min(_LONGEST_PAUSE, 0.1 * 2**attempt) * random.uniform(0.5, 1))  # noqa: S311  no secret
    return operation()


@contextmanager
def migration_timeouts() -> Iterator[None]:
    """Apply `TIMEOUTS` to this thread's connection and to later ones, instead of the limits of a request."""

    def limit(connection: Any, **_signal: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("; ".join(f"SET {name} = '{value}'" for name, value in TIMEOUTS.items()))

    connection_created.connect(limit)
    try:
        if connection.connection is not None:
            limit(connection)
        yield
    finally:
        connection_created.disconnect(limit)
        if not connection.in_atomic_block:
            # A connection caches the catalogs of every schema it has used.
            connection.close()
        elif not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("; ".join(f"RESET {name}" for name in TIMEOUTS))


def new_connection() -> psycopg.Connection[Any]:
    """Open a connection to this database that neither Django nor another thread uses."""
    return psycopg.connect(**connection.get_connection_params(), autocommit=True)


@contextmanager
def migration_lock(say: Callable[[str], object]) -> Iterator[None]:
    """Hold a lock so that only one process migrates this database. Wait if another process has it."""
    with new_connection() as lock_connection:
        waiting = False
        while not lock_connection.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK]).fetchone()[0]:  # type: ignore[index]
            if not waiting:
                say("Another process is migrating this database; waiting for it to end.")
            waiting = True
            time.sleep(0.5)
        yield
