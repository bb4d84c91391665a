"""What the tests of isolation share: what a module needs is made once, and undone at its end."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass

import pytest
import time_machine
from django.db import connection, transaction
from django_redis import get_redis_connection
from pytest_django import DjangoDbBlocker

from tenants.base.clock import now
from tenants.door import enter_clinic
from tenants.models import Clinic
from tests.factories.client import ClinicClient
from tests.factories.world import World, at_the_door, make_world
from tests.isolation.canary import CANARY


@dataclass(frozen=True)
class Inhabited:
    """A clinic with one of everything, and its people signed in at its host."""

    world: World
    people: dict[str, ClinicClient]


@pytest.fixture(scope="module")
def module_transaction(clinics: tuple[Clinic, Clinic], django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A transaction around the module's tests, each of which is a savepoint in it. It is rolled back.

    The clock stands still: sign-ins and holds made at the beginning are good until the end, also on a slow
    machine.
    """
    with (
        django_db_blocker.unblock(),
        time_machine.travel(now(), tick=False),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _empty_cache(request: pytest.FixtureRequest) -> None:
    """Remove what earlier tests, rolled back since, left in the cache under the same keys."""
    if "module_transaction" in request.fixturenames:
        redis = get_redis_connection("default")
        for clinic in request.getfixturevalue("clinics"):
            for key in redis.scan_iter(f"{clinic.pk}:*"):
                redis.delete(key)


@pytest.fixture(scope="module")
def both_clinics(module_transaction: None, clinics: tuple[Clinic, Clinic]) -> tuple[Inhabited, Inhabited]:
    """What `away`, `here` and their people are copies of."""

    def inhabit(clinic: Clinic, word: str) -> Inhabited:
        with enter_clinic(clinic):
            world = make_world(clinic, word=word)
            people = {name: at_the_door(clinic, home=clinic, user=user) for name, user in world.users.items()}
            return Inhabited(world, people)

    return inhabit(clinics[0], CANARY), inhabit(clinics[1], "")


@pytest.fixture
def away(both_clinics: tuple[Inhabited, Inhabited], clinic: Clinic) -> World:
    """The London clinic, where every text that people wrote has the canary in it."""
    return deepcopy(both_clinics[0].world)


@pytest.fixture
def here(both_clinics: tuple[Inhabited, Inhabited], other_clinic: Clinic) -> World:
    """The New York clinic, which has one of everything too."""
    return deepcopy(both_clinics[1].world)


@pytest.fixture
def people_away(both_clinics: tuple[Inhabited, Inhabited], db: None) -> dict[str, ClinicClient]:
    """London's people at London's host."""
    return {name: client.clone() for name, client in both_clinics[0].people.items()}


@pytest.fixture
def people(both_clinics: tuple[Inhabited, Inhabited], db: None) -> dict[str, ClinicClient]:
    """New York's people at New York's host."""
    return {name: client.clone() for name, client in both_clinics[1].people.items()}
