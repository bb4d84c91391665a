"""A connection serves a limited number of clinics: its Postgres process keeps what it has read of each."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from tenants.backend import base
from tenants.backend.base import MAX_SCHEMAS, DatabaseWrapper
from tenants.backend.watchdog import WatchedConnection
from tenants.models import Clinic

pytestmark = pytest.mark.django_db
POOL = {"min_size": 1, "max_size": 1, "timeout": 3, "connection_class": WatchedConnection}


@pytest.fixture(params=[False, True], ids=["kept", "pooled"])
def wrapper(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A connection of our backend, with a limit of two schemas."""
    monkeypatch.setattr(base, "MAX_SCHEMAS", 2)
    settings = dict(connection.settings_dict)
    if request.param:
        settings |= {"OPTIONS": settings["OPTIONS"] | {"pool": POOL}, "CONN_MAX_AGE": 0}
    kind: Any = DatabaseWrapper
    wrapper = kind(settings, alias="default")
    yield wrapper
    wrapper.close()
    if wrapper.pool:
        wrapper.close_pool()


def serve(wrapper: Any, clinic: Clinic) -> int:
    """Run a statement for a clinic, as a request or task does. Return the id of the Postgres process."""
    wrapper.set_tenant(clinic)
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    wrapper.set_schema_to_public()
    wrapper.recycle_if_grown()
    if wrapper.pool:
        wrapper.close()  # the end of a request: back to the pool
    return int(pid)


def test_a_connection_is_replaced_after_its_last_clinic(wrapper: Any, clinics: tuple[Clinic, Clinic]) -> None:
    one, other = clinics

    pids = [serve(wrapper, clinic) for clinic in (one, one, other, one)]

    assert pids[0] == pids[1] == pids[2] != pids[3]


def test_a_connection_is_never_replaced_inside_a_transaction(
    wrapper: Any, clinics: tuple[Clinic, Clinic]
) -> None:
    wrapper.set_autocommit(False)
    wrapper.in_atomic_block = True

    pids = []
    for clinic in clinics:
        wrapper.set_tenant(clinic)
        with wrapper.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pids.append(cursor.fetchone())
        wrapper.recycle_if_grown()
    wrapper.in_atomic_block = False
    wrapper.rollback()

    assert pids[0] == pids[1]
    assert wrapper.connection is not None


def test_the_limit_keeps_a_process_below_64_mib() -> None:
    most_for_a_clinic, at_the_start = 1.31, 6.0

    assert at_the_start + MAX_SCHEMAS * most_for_a_clinic < 64
