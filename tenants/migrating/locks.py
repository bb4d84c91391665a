"""Migrating beside people who work: wait a second for a lock at most, then let them pass and try again."""

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

LIMITS = {"lock_timeout": "1s", "statement_timeout": "0", "idle_in_transaction_session_timeout": "0"}
"""A lock that is waited for holds up everybody who comes later. The work itself takes what it takes."""

TRIES = 10
_LONGEST_PAUSE = 5.0
_ONE_AT_A_TIME = 4_811_001

R = TypeVar("R")


def with_retries(act: Callable[[], R], *, pause: Callable[[float], None] = time.sleep) -> R:
    """What `act`, which is all or nothing, returns; tried again after growing pauses when it got no lock.

    :raises OperationalError: ten tries were in vain
    """
    for attempt in range(TRIES - 1):
        try:
            return act()
        except (OperationalError, psycopg.OperationalError) as error:
            cause = error.__cause__ if isinstance(error, OperationalError) else error
            if not isinstance(cause, (LockNotAvailable, DeadlockDetected)):
                raise
            pause(min(_LONGEST_PAUSE, 0.1 * 2**attempt) * random.uniform(0.5, 1))  # noqa: S311  no secret
    return act()


@contextmanager
def migrating_limits() -> Iterator[None]:
    """Hold this thread's connection, and those that follow it, to `LIMITS` instead of those of a request."""

    def limit(connection: Any, **_signal: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("; ".join(f"SET {name} = '{value}'" for name, value in LIMITS.items()))

    connection_created.connect(limit)
    try:
        if connection.connection is not None:
            limit(connection)
        yield
    finally:
        connection_created.disconnect(limit)
        if not connection.in_atomic_block:
            # The catalogs of every schema that a connection has seen stay in its memory.
            connection.close()
        elif not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("; ".join(f"RESET {name}" for name in LIMITS))


def own_connection() -> psycopg.Connection[Any]:
    """A connection to this database that neither Django nor another thread uses."""
    return psycopg.connect(**connection.get_connection_params(), autocommit=True)


@contextmanager
def one_at_a_time(say: Callable[[str], object]) -> Iterator[None]:
    """Wait until no other process migrates this database, and keep others waiting."""
    with own_connection() as own:
        waiting = False
        while not own.execute("SELECT pg_try_advisory_lock(%s)", [_ONE_AT_A_TIME]).fetchone()[0]:  # type: ignore[index]
            if not waiting:
                say("Another process is migrating this database; waiting for it to end.")
            waiting = True
            time.sleep(0.5)
        yield
