"""Fixtures for tests of scheduling."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from tenants.accounts.models import User
from tenants.base.clock import now as clock_now
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient

ClientFor = Callable[..., ClinicClient]


@pytest.fixture
def at_now(now: datetime) -> Iterator[datetime]:
    """Freeze the product's clock at `now`."""
    with time_machine.travel(now, tick=False):
        yield now


@pytest.fixture
def as_user(clinic: Clinic, client_for: ClientFor, at_now: datetime) -> Callable[[User | None], ClinicClient]:
    """Return a function that makes a client of the London clinic at `now`, signed in if a user is given."""

    def make(user: User | None = None) -> ClinicClient:
        return client_for(clinic, user)

    return make


@pytest.fixture
def desk(clinic: Clinic, admin: User) -> ClinicClient:
    """A client of an admin who is signed in to the clinic's admin."""
    client = ClinicClient(clinic)
    client.force_login(admin)
    return client


@pytest.fixture
def soon() -> datetime:
    """A start the day after tomorrow: the admin uses the real clock."""
    return clock_now().replace(minute=0, second=0, microsecond=0) + timedelta(days=2)


@pytest.fixture
def visitor(as_user: Callable[..., ClinicClient]) -> Any:
    """A client that is not signed in."""
    return as_user()
