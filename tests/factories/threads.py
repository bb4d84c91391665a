"""Run functions concurrently, each on its own database connection."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

from tenants.current import enter_clinic
from tenants.models import Clinic

R = TypeVar("R")


def run_concurrently(clinic: Clinic, *functions: Callable[[], R]) -> list[R | Exception]:
    """Start all `functions` at the same moment inside `clinic`. Return what each returned or raised."""
    barrier = Barrier(len(functions))

    def run(function: Callable[[], R]) -> R | Exception:
        try:
            with enter_clinic(clinic):
                connection.ensure_connection()
                barrier.wait(timeout=30)
                return function()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(functions)) as pool:
        return list(pool.map(run, functions))
