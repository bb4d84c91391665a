"""Fixtures for all tests: a migrated database, two open clinics and clients for their hosts."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from clinics.models import ClinicSettings, Doctor, Patient
from clinics.services.open_clinic import FirstAdmin, open_clinic
from tenants.accounts.models import User
from tenants.accounts.sessions.services import start_session
from tenants.base.clock import now as clock_now
from tenants.current import enter_clinic, enter_public, leave_clinic
from tenants.models import Clinic
from tenants.queue import clock
from tenants.routing.hosts import clear_host_cache
from tests.factories.cache import empty_cache
from tests.factories.clinic_client import ClinicClient
from tests.factories.clinics import drop_clinic
from tests.factories.database_logins import OWNER, drop_roles, log_in_as
from tests.factories.databases import database_copy
from tests.factories.people import PASSWORD, make_admin, make_doctor, make_patient, user_of
from tests.factories.queue import delete_queued_jobs


def open_test_clinic(slug: str, *, name: str, time_zone: str) -> Clinic:
    """Open a clinic with an admin, `admin@<slug>.example`.

    It sends no reminders, so that tests of other messages find only theirs.
    """
    admin = FirstAdmin(email=f"admin@{slug}.example", password=PASSWORD, first_name="Ada", last_name="Admin")
    with patient_locks():
        clinic = open_clinic(name=name, slug=slug, time_zone=time_zone, admin=admin)
    with enter_clinic(clinic):
        ClinicSettings.objects.update(reminder_minutes=[])
    return clinic


@contextmanager
def patient_locks() -> Iterator[None]:
    """Wait longer for locks inside the block, and allow statements to take as long.

    Roles belong to all databases of the server, so a test of another process that opens a clinic in its
    transaction keeps this one waiting.
    """
    with enter_public(), connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '60s'; SET statement_timeout = '60s'")
    watched: Any = connection.connection
    watched.unlimited = True  # else the watchdog takes the wait for an outage
    yield
    watched.unlimited = False
    with enter_public(), connection.cursor() as cursor:
        cursor.execute("RESET lock_timeout; RESET statement_timeout")


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Create this process's test database as its owner; then use the application's login."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    folder = tmp_path_factory.getbasetemp()
    if worker:
        folder = folder.parent  # shared by all workers of the run
    with ExitStack() as stack:
        with django_db_blocker.unblock():
            stack.enter_context(database_copy(folder, worker=worker or "main"))
            log_in_as(settings.DB_APP_USER, settings.DB_APP_PASSWORD)
        yield
        with django_db_blocker.unblock():
            roles = list(Clinic.objects.values_list("schema_name", flat=True))
            log_in_as(*OWNER)
            stack.close()
            drop_roles(roles)


@pytest.fixture
def as_owner(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Run the test as the owner of all tables, as migrations do. Request this fixture before `db`."""
    with django_db_blocker.unblock():
        log_in_as(*OWNER)
    yield
    with django_db_blocker.unblock():
        log_in_as(settings.DB_APP_USER, settings.DB_APP_PASSWORD)


@pytest.fixture(scope="session")
def clinics(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> tuple[Clinic, Clinic]:
    """Two clinics, open for the whole run: one in London, one in New York."""
    with django_db_blocker.unblock():
        return (
            open_test_clinic("riverside", name="Riverside", time_zone="Europe/London"),
            open_test_clinic("hudson", name="Hudson", time_zone="America/New_York"),
        )


@pytest.fixture(scope="session", autouse=True)
def _static_root(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Use an empty folder for the collected static files; WhiteNoise warns if there is none."""
    settings.STATIC_ROOT = tmp_path_factory.mktemp("static")


@pytest.fixture(scope="session", autouse=True)
def _pictures_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Store pictures in a folder of the run."""
    settings.STORAGES["pictures"]["OPTIONS"]["location"] = str(tmp_path_factory.mktemp("pictures"))


@pytest.fixture(scope="session", autouse=True)
def _cheap_password_hashing() -> None:
    """Hash passwords with the production algorithm at its lowest cost."""
    settings.PASSWORD_HASHERS = ["tests.factories.hashing.QuickArgon2"]


@pytest.fixture(scope="session", autouse=True)
def _stoppable_queue_clock() -> None:
    """Let the queue follow a stopped clock. It uses Postgres' clock, which tests cannot stop."""
    running = clock.queue_now
    clock.queue_now = lambda: clock_now() if time_machine.escape_hatch.is_travelling() else running()


@pytest.fixture(autouse=True)
def _clear_host_cache() -> None:
    """Clear the cache of hosts, so that no test sees the hosts of another."""
    clear_host_cache()


@pytest.fixture(scope="module")
def module_transaction(clinics: tuple[Clinic, Clinic], django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Run the module's tests in one transaction, which is rolled back. Each test is a savepoint in it.

    The clock is frozen, so sign-ins and holds made at the start stay valid until the end, also on a slow
    machine.
    """
    with (
        django_db_blocker.unblock(),
        time_machine.travel(clock_now(), tick=False),
        transaction.atomic(),
    ):
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _empty_cache(request: pytest.FixtureRequest) -> None:
    """Remove the cache entries of earlier tests: their rows are rolled back, and keys recur."""
    if "clinics" in request.fixturenames:
        for clinic in request.getfixturevalue("clinics"):
            empty_cache(clinic)


@pytest.fixture
def clinic(clinics: tuple[Clinic, Clinic], db: None) -> Iterator[Clinic]:
    """The London clinic; the test runs inside it."""
    with enter_clinic(clinics[0]):
        yield clinics[0]


@pytest.fixture
def other_clinic(clinics: tuple[Clinic, Clinic], db: None) -> Clinic:
    """The New York clinic. Enter it with `enter_clinic`."""
    return clinics[1]


@pytest.fixture
def committed_clinic(clinics: tuple[Clinic, Clinic], django_db_blocker: DjangoDbBlocker) -> Iterator[Clinic]:
    """A committed clinic for one test, visible to other threads and workers and dropped afterwards."""
    with django_db_blocker.unblock():
        slug = f"own-{uuid4().hex[:8]}"
        clinic = open_test_clinic(slug, name="A clinic of its own", time_zone="Europe/London")
        try:
            with enter_clinic(clinic):
                yield clinic
        finally:
            leave_clinic()
            delete_queued_jobs(clinic_id=clinic.pk)
            drop_clinic(clinic)
            connection.close()


@pytest.fixture
def now() -> datetime:
    """The time that tests pass to services: Monday 2 March 2026, noon in London."""
    return datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def doctor(clinic: Clinic) -> Doctor:
    """A doctor with an account."""
    return make_doctor()


@pytest.fixture
def patient(clinic: Clinic) -> Patient:
    """A patient with an account."""
    return make_patient()


@pytest.fixture
def user(patient: Patient) -> User:
    """The patient's account."""
    return user_of(patient)


@pytest.fixture
def admin(clinic: Clinic) -> User:
    """An admin of the clinic."""
    return make_admin()


@pytest.fixture
def client_for() -> Callable[..., ClinicClient]:
    """Return a function that makes a client for a clinic's host, signed in if `user` is given."""

    def make(clinic: Clinic, user: User | None = None, **extra: Any) -> ClinicClient:
        client = ClinicClient(clinic, **extra)
        if user is not None:
            with enter_clinic(clinic):
                client.credentials(HTTP_AUTHORIZATION=f"Bearer {start_session(user=user).access}")
        return client

    return make
