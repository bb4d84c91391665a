"""A circuit breaker per server: after several failures in a row, nothing is sent to it for a growing time.

Then one worker tries again. If it succeeds, all go on; if it fails, all wait longer. The state is a row in
Postgres, so the workers of all machines share it and it does not depend on Redis. While a server works,
that costs one query a batch.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from tenants.current import enter_public
from tenants.models import CircuitBreaker
from tenants.queue import clock
from tenants.queue.running_job import RetryLater

THRESHOLD = 3
"""Consecutive failures after which nothing is sent."""
FIRST_PAUSE, MAX_PAUSE = timedelta(seconds=10), timedelta(minutes=5)
PROBE = timedelta(seconds=60)
"""How long the others wait for the worker that tries again. It may have died."""

_FAILED = """
INSERT INTO tenants_circuitbreaker AS breaker (name, failures, open_until, last_error, created_at, updated_at)
VALUES (%(name)s, 1, NULL, %(error)s, %(now)s, %(now)s)
ON CONFLICT (name) DO UPDATE SET updated_at = %(now)s, failures = breaker.failures + 1,
    last_error = excluded.last_error,
    open_until = CASE WHEN breaker.failures + 1 >= %(threshold)s
        -- The pause doubles with each failure after the threshold.
        THEN %(now)s + least(%(longest)s, %(first)s * 2 ^ least(breaker.failures + 1 - %(threshold)s, 10)) END
"""
# Takes the right to try again. Of several workers, the first one gets it.
_PROBE = """
UPDATE tenants_circuitbreaker SET updated_at = %(now)s, open_until = %(now)s + %(probe)s
WHERE name = %(name)s AND open_until <= %(now)s
RETURNING name
"""


class CircuitOpen(RetryLater):
    """The server has failed several times in a row. Nothing is sent to it until `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until, is_counted=False)


class ServerFailed(Exception):
    """Raise it inside `circuit_breaker` for a failure that is not an OSError, such as status 503."""


@contextmanager
def circuit_breaker(name: str) -> Iterator[None]:
    """Connect to a server inside this block. An OSError or `ServerFailed` counts as a failure of the server.

    :param name: the server, such as `smtp:mail.example:587`
    :raises CircuitOpen: it has failed several times in a row
    """
    failed_before = check_circuit(name)
    try:
        yield
    except (OSError, ServerFailed) as error:
        record_failure(name, error=type(error).__name__)
        raise
    if failed_before:
        record_success(name)


def check_circuit(name: str) -> bool:
    """Return whether the server failed last time.

    :raises CircuitOpen: it has failed several times in a row, and another worker is the one to try again
    """
    with enter_public():
        breaker = CircuitBreaker.objects.filter(pk=name).first()
        if breaker is None or breaker.open_until is None:
            return breaker is not None and breaker.failures > 0
        now = clock.queue_now()
        with connection.cursor() as cursor:
            parameters: dict[str, Any] = {"name": name, "now": now, "probe": PROBE}
            cursor.execute(_PROBE, parameters)
            if cursor.fetchone():
                return True
        raise CircuitOpen(max(breaker.open_until, now + timedelta(seconds=1)))


def record_failure(name: str, *, error: str) -> None:
    """Count a failure of a server. `error` is shown to operators."""
    with enter_public(), connection.cursor() as cursor:
        parameters: dict[str, Any] = {
            "name": name,
            "error": error[:200],
            "now": clock.queue_now(),
            "threshold": THRESHOLD,
            "first": FIRST_PAUSE,
            "longest": MAX_PAUSE,
        }
        cursor.execute(_FAILED, parameters)


def record_success(name: str) -> None:
    """Record that a server works again."""
    with enter_public():
        CircuitBreaker.objects.filter(pk=name).update(failures=0, open_until=None, last_error="")
