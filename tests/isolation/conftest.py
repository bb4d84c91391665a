"""What the tests of isolation share: what a module needs is made once, and undone at its end."""

from copy import deepcopy
from dataclasses import dataclass

import pytest

from tenants.current import enter_clinic
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.scenario import World, at_the_door, make_world
from tests.isolation.canary import CANARY


@dataclass(frozen=True)
class Inhabited:
    """A clinic with one of everything, and its people signed in at its host."""

    world: World
    people: dict[str, ClinicClient]


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
