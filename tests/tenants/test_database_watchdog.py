"""A database server that stands still is noticed, and nothing waits for it for long."""

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection

from tenants.backend.base import DatabaseWrapper, seconds
from tenants.backend.watchdog import WatchedConnection, answers, watchdog
from tests.factories.pausing_proxy import PausingProxy
from tests.factories.waiting import wait_until

pytestmark = pytest.mark.django_db
PROMISE = 5.0
"""Seconds within which every wait must end."""


@pytest.fixture
def proxy() -> Iterator[PausingProxy]:
    """A proxy in front of the test's Postgres."""
    settings = connection.settings_dict
    with PausingProxy((str(settings["HOST"]), int(settings["PORT"]))) as proxy:
        yield proxy


@pytest.fixture
def connect(proxy: PausingProxy) -> Iterator[Callable[..., Any]]:
    """Open connections of our backend through the proxy, with or without a pool."""
    opened: list[Any] = []

    def open_one(*, pool: bool = False) -> Any:
        settings = dict(connection.settings_dict) | {"HOST": "127.0.0.1", "PORT": str(proxy.port)}
        if pool:
            options = {"min_size": 1, "max_size": 4, "timeout": 3, "connection_class": WatchedConnection}
            settings |= {"OPTIONS": settings["OPTIONS"] | {"pool": options}, "CONN_MAX_AGE": 0}
        kind: Any = DatabaseWrapper
        wrapper = kind(settings, alias="default")
        wrapper.inc_thread_sharing()
        opened.append(wrapper)
        return wrapper

    yield open_one
    proxy.resume()
    for wrapper in opened:
        wrapper.close()
        if wrapper.pool:
            wrapper.close_pool()


def query(wrapper: Any, statement: str = "SELECT 1") -> float:
    """Run a statement. Return the seconds until it failed.

    :raises AssertionError: it succeeded
    """
    started = time.monotonic()
    with pytest.raises(OperationalError), wrapper.cursor() as cursor:
        cursor.execute(statement)
    return time.monotonic() - started


def succeeds(wrapper: Any) -> bool:
    """Whether a query works."""
    try:
        wrapper.close()
        with wrapper.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        return False
    return True


@pytest.mark.parametrize("pool", [False, True])
def test_a_server_that_stands_still_fails_every_query_within_five_seconds_and_is_used_again_at_once(
    connect: Callable[..., Any], proxy: PausingProxy, pool: bool
) -> None:
    wrappers = [connect(pool=pool) for _ in range(4)]
    assert all(succeeds(wrapper) for wrapper in wrappers)

    proxy.pause()
    with ThreadPoolExecutor(4) as threads:
        waited = list(threads.map(query, wrappers))
    wrappers[0].close()
    refused = query(wrappers[0])
    proxy.resume()
    resumed = time.monotonic()
    wait_until(lambda: succeeds(wrappers[0]), "a query to succeed", seconds=2)

    assert max(waited) < PROMISE
    assert refused < 0.5
    assert time.monotonic() - resumed < 2


def test_a_statement_that_the_server_should_have_ended_is_cut(
    connect: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchdog, "statement_limit", 1.0)
    wrapper = connect()
    assert succeeds(wrapper)
    with wrapper.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")

    assert query(wrapper, "SELECT pg_sleep(20)") < 2.5


def test_a_statement_without_a_timeout_may_take_as_long_as_it_needs(
    connect: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchdog, "statement_limit", 1.0)
    wrapper = connect()
    wrapper.set_autocommit(False)
    wrapper.lift_statement_timeout()

    with wrapper.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(2)")
        wrapper.commit()


def test_a_slow_statement_of_a_server_that_answers_is_not_cut(connect: Callable[..., Any]) -> None:
    wrapper = connect()

    with wrapper.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(2.5)")


def test_a_port_on_which_nothing_answers_is_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert not answers(("127.0.0.1", port))
    assert not answers(("127.0.0.1", port))


def test_postgres_answers() -> None:
    settings = connection.settings_dict

    assert answers((str(settings["HOST"]), int(settings["PORT"])))


@pytest.mark.parametrize(
    ("duration", "expected"), [("4s", 4), ("0", 0), ("500", 0.5), ("250ms", 0.25), ("1min", 60)]
)
def test_durations_of_postgres_are_read(duration: str, expected: float) -> None:
    assert seconds(duration) == expected


def test_every_connection_of_the_product_is_watched(connect: Callable[..., Any]) -> None:
    for pool in (False, True):
        wrapper = connect(pool=pool)
        assert succeeds(wrapper)
        assert isinstance(wrapper.connection, WatchedConnection)
        assert issubclass(WatchedConnection, psycopg.Connection)
