"""The database backend: whose rows a query reads when setting the search path went wrong."""

from collections.abc import Iterator
from threading import Event, Thread
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django_tenants.postgresql_backend import base as stock

from tenants.backend.base import DatabaseWrapper
from tenants.door import enter_clinic
from tenants.models import Clinic
from tests.factories.logins import OWNER

OF_RIVERSIDE, OF_HUDSON = ["admin@riverside.example"], ["admin@hudson.example"]


def admins_seen(wrapper: Any) -> list[str]:
    """The admins that a query without any word about the clinic reads."""
    with wrapper.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SELECT email FROM accounts_user WHERE role = 'admin'")
        return [row[0] for row in cursor.fetchall()]


def connect(kind: Any) -> Any:
    """A connection of its own, outside the test's transaction."""
    return kind(dict(connection.settings_dict), alias="default")


@pytest.fixture
def own(db: None) -> Iterator[Any]:
    """A connection with our backend."""
    wrapper = connect(DatabaseWrapper)
    yield wrapper
    wrapper.close()


@pytest.fixture
def stock_connection(db: None) -> Iterator[Any]:
    """A connection with django-tenants' own backend: the control."""
    # As the owner, since Postgres itself would not let the application read another clinic.
    login = dict(zip(("USER", "PASSWORD"), OWNER, strict=True))
    kind: Any = stock.DatabaseWrapper
    wrapper = kind(dict(connection.settings_dict) | login, alias="default")
    yield wrapper
    wrapper.close()


@pytest.fixture
def slow_path(db: None) -> Iterator[list[str]]:
    """A search path that is long enough for `SET search_path` to run into a statement timeout of 10 ms."""
    before = list(stock.EXTRA_SEARCH_PATHS)
    yield [f"schema_that_is_not_there_{number}" for number in range(200_000)]
    stock.EXTRA_SEARCH_PATHS[:] = before


def fail_the_next_switch(wrapper: Any, to: Clinic, slow_path: list[str]) -> None:
    """Switch to a clinic in such a way that Postgres cancels the `SET search_path`."""
    with wrapper.cursor() as cursor:
        cursor.execute("SET statement_timeout = 10")
    wrapper.set_tenant(to)
    stock.EXTRA_SEARCH_PATHS.extend(slow_path)


def test_a_failed_switch_raises_instead_of_reading_the_clinic_served_before(
    own: Any, clinics: tuple[Clinic, Clinic], slow_path: list[str]
) -> None:
    own.set_tenant(clinics[0])
    assert admins_seen(own) == OF_RIVERSIDE
    fail_the_next_switch(own, clinics[1], slow_path)

    with pytest.raises(OperationalError, match="search path is not set"):
        admins_seen(own)


def test_a_clinic_that_was_dropped_is_not_answered_for_by_public(own: Any) -> None:
    own.set_tenant(Clinic(schema_name="clinic_dropped"))

    for _again in range(2):
        with pytest.raises(OperationalError, match="search path is not set"):
            admins_seen(own)


def test_the_stock_backend_answers_for_a_dropped_clinic_from_public(stock_connection: Any) -> None:
    stock_connection.set_tenant(Clinic(schema_name="clinic_dropped"))

    assert admins_seen(stock_connection) == []


def test_the_stock_backend_reads_the_clinic_served_before(
    stock_connection: Any, clinics: tuple[Clinic, Clinic], slow_path: list[str]
) -> None:
    stock_connection.set_tenant(clinics[0])
    assert admins_seen(stock_connection) == OF_RIVERSIDE
    fail_the_next_switch(stock_connection, clinics[1], slow_path)

    assert admins_seen(stock_connection) == OF_RIVERSIDE


def test_after_a_failed_switch_the_next_query_reads_the_right_clinic(
    own: Any, clinics: tuple[Clinic, Clinic], slow_path: list[str]
) -> None:
    own.set_tenant(clinics[0])
    admins_seen(own)
    fail_the_next_switch(own, clinics[1], slow_path)
    with pytest.raises(OperationalError):
        admins_seen(own)
    stock.EXTRA_SEARCH_PATHS.clear()

    assert admins_seen(own) == OF_HUDSON


def test_a_failed_switch_inside_a_transaction_lets_nothing_be_read(
    own: Any, clinics: tuple[Clinic, Clinic], slow_path: list[str]
) -> None:
    own.set_tenant(clinics[0])
    admins_seen(own)
    own.set_autocommit(False)
    fail_the_next_switch(own, clinics[1], slow_path)

    with pytest.raises(Exception, match="current transaction is aborted"):
        admins_seen(own)
    stock.EXTRA_SEARCH_PATHS.clear()
    own.rollback()
    assert admins_seen(own) == OF_HUDSON


def test_a_storm_of_cancelled_statements_shows_no_other_clinic(
    own: Any, clinics: tuple[Clinic, Clinic], slow_path: list[str]
) -> None:
    stock.EXTRA_SEARCH_PATHS.extend(slow_path[:800])  # so that the storm often hits the switch itself
    own.ensure_connection()
    pid, over, read = own.connection.info.backend_pid, Event(), list[tuple[int, list[str]]]()
    storm = Thread(target=cancel_until, args=(pid, over))
    storm.start()

    try:
        for number in range(300):
            own.set_tenant(clinics[number % 2])
            try:
                read.append((number % 2, admins_seen(own)))
            except OperationalError:
                continue
    finally:
        over.set()
        storm.join()

    assert {which for which, _emails in read} == {0, 1}
    assert [emails for which, emails in read if emails != (OF_RIVERSIDE, OF_HUDSON)[which]] == []
    assert len(read) < 300, "nothing was cancelled, so nothing was tried"


def cancel_until(pid: int, over: Event) -> None:
    """Cancel whatever that server process is doing, again and again."""
    wrapper = connect(DatabaseWrapper)
    with wrapper.cursor() as cursor:
        while not over.is_set():
            cursor.execute("SELECT pg_cancel_backend(%s)", [pid])
    wrapper.close()


def test_a_terminated_connection_comes_back_on_the_right_clinic(
    own: Any, clinics: tuple[Clinic, Clinic]
) -> None:
    own.set_tenant(clinics[1])
    admins_seen(own)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 1000)", [own.connection.info.backend_pid])

    with pytest.raises(OperationalError):
        admins_seen(own)
    own.close()
    assert admins_seen(own) == OF_HUDSON


def test_after_a_rollback_the_path_is_the_clinics_that_was_entered(
    own: Any, clinics: tuple[Clinic, Clinic]
) -> None:
    own.set_tenant(clinics[0])
    admins_seen(own)
    own.set_autocommit(False)
    own.set_tenant(clinics[1])
    admins_seen(own)

    own.rollback()

    assert admins_seen(own) == OF_HUDSON


def test_after_a_savepoint_is_rolled_back_the_path_is_the_clinics_that_was_entered(
    clinic: Clinic, other_clinic: Clinic
) -> None:
    admins_seen(connection)
    with enter_clinic(other_clinic):
        with transaction.atomic():
            admins_seen(connection)
            transaction.set_rollback(True)

        assert admins_seen(connection) == OF_HUDSON
    assert admins_seen(connection) == OF_RIVERSIDE
