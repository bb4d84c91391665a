"""Try again when Postgres says that two transactions got in each other's way."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connection
from django.db.utils import OperationalError
from psycopg.errors import DeadlockDetected, SerializationFailure

TRIES = 3

P = ParamSpec("P")
R = TypeVar("R")


def retry_conflicts(service: Callable[P, R]) -> Callable[P, R]:
    """Run a service that owns its transaction up to three times over 40001 and 40P01.

    Inside somebody else's transaction it runs once: only the owner can start over.
    """

    @wraps(service)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        for _try in range(TRIES - 1):
            try:
                return service(*args, **kwargs)
            except OperationalError as error:
                conflict = isinstance(error.__cause__, (DeadlockDetected, SerializationFailure))
                if not conflict or connection.in_atomic_block:
                    raise
        return service(*args, **kwargs)

    return run
