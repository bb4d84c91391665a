"""Retries a service when Postgres reports a conflict between two transactions."""

import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connection
from django.db.utils import OperationalError
from psycopg.errors import DeadlockDetected, SerializationFailure

_MAX_ATTEMPTS = 3
_PAUSE_SECONDS = 0.05
"""The pause before another attempt. Without it, a deadlock with a reader of many tables recurs at once."""

P = ParamSpec("P")
R = TypeVar("R")


def retry_conflicts(service: Callable[P, R]) -> Callable[P, R]:
    """Retry a service on a serialisation failure (40001) or deadlock (40P01), up to three attempts.

    The service must own its transaction. Inside an outer transaction it runs once, because only the owner of
    that transaction can start it again.
    """

    @wraps(service)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        for _attempt in range(_MAX_ATTEMPTS - 1):
            try:
                return service(*args, **kwargs)
            except OperationalError as error:
                conflict = isinstance(error.__cause__, (DeadlockDetected, SerializationFailure))
                if not conflict or connection.in_atomic_block:
                    raise
                time.sleep(_PAUSE_SECONDS)
        return service(*args, **kwargs)

    return run
