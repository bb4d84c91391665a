"""The database backend never reads another clinic's rows when setting the search path has failed."""

from collections.abc import Iterator
from threading import Event, Thread
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django_tenants.postgresql_backend import base as stock

from tenants.backend.base import DatabaseWrapper
from tenants.current import enter_clinic
from tenants.models import Clinic
from tests.factories.database_logins import OWNER

OF_RIVERSIDE, OF_HUDSON = ["admin@riverside.example"], ["admin@hudson.example"]


def visible_admins(wrapper: Any) -> list[str]:
    """Return the admins found by a query that does not name a schema."""
    with wrapper.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SELECT email FROM accounts_user WHERE role = 'admin'")
        return [row[0] for row in cursor.fetchall()]


def connect(kind: Any) -> Any:
    """Open a connection outside the test's transaction."""
    return kind(dict(connection.settings_dict), alias="default")


@pytest.fixture
def our_connection(db: None) -> Iterator[Any]:
    """Open a connection with our backend."""
    wrapper = connect(DatabaseWrapper)
    yield wrapper
    wrapper.close()


@pytest.fixture
def stock_connection(db: None) -> Iterator[Any]:
    """Open a connection with django-tenants' own backend, as the control.

    It uses the owner's login, because Postgres would not let the application read another clinic.
    """
    login = dict(zip(("USER", "PASSWORD"), OWNER, strict=True))
    kind: Any = stock.DatabaseWrapper
    wrapper = kind(dict(connection.settings_dict) | login, alias="default")
    yield wrapper
    wrapper.close()


@pytest.fixture
def slow_path(db: None) -> Iterator[list[str]]:
    """Make the search path so long that `SET search_path` exceeds a statement timeout of 10 ms."""
    before = list(stock.EXTRA_SEARCH_PATHS)
    yield [f"schema_that_is_not_there_{number}" for number in range(200_000)]
    stock.EXTRA_SEARCH_PATHS[:] = before


def fail_the_next_switch(wrapper: Any, to: Clinic, slow_path: list[str]) -> None:
    """Switch to a clinic in such a way that Postgres cancels the `SET search_path`."""
    with wrapper.cursor() as cursor:
        cursor.execute("SET statement_timeout = 10")
    wrapper.set_tenant(to)
    stock.EXTRA_SEARCH_PATHS.extend(slow_path)


def test_a_failed_switch_raises_instead_of_reading_the_previous_clinic(
    our_connection: Any, clinics: tuple[Clinic, Clinic], slow_path: list[str]
) -> None:
    our_connection.set_tenant(clinics[0])
    assert visible_admins(our_connection) == OF_RIVERSIDE
    fail_the_next_switch(our_connection, clinics[1], slow_path)

    with pytest.raises(OperationalError, match="search path is not set"):
        visible_admins(our_connection)


def test_a_query_in_a_dropped_clinic_does_not_read_public(our_connection: Any) -> None:
    our_connection.set_tenant(Clinic(schema_name="clinic_dropped"))

    for _again in range(2):
        with pytest.raises(OperationalError, match="search path is not set"):
            visible_admins(our_connection)


def test_the_stock_backend_reads_public_in_a_dropped_clinic(stock_connection: Any) -> None:
    stock_connection.set_tenant(Clinic(schema_name="clinic_dropped"))

    assert visible_admins(stock_connection) == []


def test_the_stock_backend_reads_the_previous_clinic(
    stock_connection: Any, clinics: tuple[Clinic, Clinic], slow_path: list[str]
) -> None:
    stock_connection.set_tenant(clinics[0])
    assert visible_admins(stock_connection) == OF_RIVERSIDE
    fail_the_next_switch(stock_connection, clinics[1], slow_path)

    assert visible_admins(stock_connection) == OF_RIVERSIDE


def test_after_a_failed_switch_the_next_query_reads_the_right_clinic(
    our_connection: Any, clinics: tuple[Clinic, Clinic], slow_path: list[str]
) -> None:
    our_connection.set_tenant(clinics[0])
    visible_admins(our_connection)
    fail_the_next_switch(our_connection, clinics[1], slow_path)
    with pytest.raises(OperationalError):
        visible_admins(our_connection)
    stock.EXTRA_SEARCH_PATHS.clear()

    assert visible_admins(our_connection) == OF_HUDSON


def test_after_a_failed_switch_in_a_transaction_nothing_can_be_read(
    our_connection: Any, clinics: tuple[Clinic, Clinic], slow_path: list[str]
) -> None:
    our_connection.set_tenant(clinics[0])
    visible_admins(our_connection)
    our_connection.set_autocommit(False)
    fail_the_next_switch(our_connection, clinics[1], slow_path)

    with pytest.raises(Exception, match="current transaction is aborted"):
        visible_admins(our_connection)
    stock.EXTRA_SEARCH_PATHS.clear()
    our_connection.rollback()
    assert visible_admins(our_connection) == OF_HUDSON


def test_cancelled_statements_never_show_another_clinic(
    our_connection: Any, clinics: tuple[Clinic, Clinic], slow_path: list[str]
) -> None:
    stock.EXTRA_SEARCH_PATHS.extend(slow_path[:800])  # so that cancellations often hit the switch itself
    our_connection.ensure_connection()
    pid, stop, read = our_connection.connection.info.backend_pid, Event(), list[tuple[int, list[str]]]()
    canceller = Thread(target=cancel_until, args=(pid, stop))
    canceller.start()

    try:
        for number in range(300):
            our_connection.set_tenant(clinics[number % 2])
            try:
                read.append((number % 2, visible_admins(our_connection)))
            except OperationalError:
                continue
    finally:
        stop.set()
        canceller.join()

    assert {index for index, _emails in read} == {0, 1}
    assert [emails for index, emails in read if emails != (OF_RIVERSIDE, OF_HUDSON)[index]] == []
    assert len(read) < 300, "nothing was cancelled, so nothing was tried"


def cancel_until(pid: int, stop: Event) -> None:
    """Cancel the statement of that server process, again and again."""
    wrapper = connect(DatabaseWrapper)
    with wrapper.cursor() as cursor:
        while not stop.is_set():
            cursor.execute("SELECT pg_cancel_backend(%s)", [pid])
    wrapper.close()


def test_a_terminated_connection_reconnects_to_the_right_clinic(
    our_connection: Any, clinics: tuple[Clinic, Clinic]
) -> None:
    our_connection.set_tenant(clinics[1])
    visible_admins(our_connection)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 1000)", [our_connection.connection.info.backend_pid])

    with pytest.raises(OperationalError):
        visible_admins(our_connection)
    our_connection.close()
    assert visible_admins(our_connection) == OF_HUDSON


def test_after_a_rollback_the_path_is_the_entered_clinics(
    our_connection: Any, clinics: tuple[Clinic, Clinic]
) -> None:
    our_connection.set_tenant(clinics[0])
    visible_admins(our_connection)
    our_connection.set_autocommit(False)
    our_connection.set_tenant(clinics[1])
    visible_admins(our_connection)

    our_connection.rollback()

    assert visible_admins(our_connection) == OF_HUDSON


def test_after_a_savepoint_rollback_the_path_is_the_entered_clinics(
    clinic: Clinic, other_clinic: Clinic
) -> None:
    visible_admins(connection)
    with enter_clinic(other_clinic):
        with transaction.atomic():
            visible_admins(connection)
            transaction.set_rollback(True)

        assert visible_admins(connection) == OF_HUDSON
    assert visible_admins(connection) == OF_RIVERSIDE
