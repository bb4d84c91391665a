"""Doing several things at once, each on a connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

from tenants.current import enter_clinic
from tenants.models import Clinic

R = TypeVar("R")


def at_once(clinic: Clinic, *acts: Callable[[], R]) -> list[R | Exception]:
    """What each of `acts` returned or raised, all begun at the same moment inside `clinic`."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], R]) -> R | Exception:
        try:
            with enter_clinic(clinic):
                connection.ensure_connection()
                barrier.wait(timeout=30)
                return act()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
