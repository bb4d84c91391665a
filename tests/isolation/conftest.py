"""Fixtures for isolation tests. Rows are created once per module and rolled back at its end."""

from copy import deepcopy
from dataclasses import dataclass

import pytest

from tenants.current import enter_clinic
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.scenario import Scenario, client_at_host, make_scenario
from tests.isolation.canary import CANARY


@dataclass(frozen=True)
class ClinicWithPeople:
    """A clinic with one row of everything, and a signed-in client for each of its users."""

    scenario: Scenario
    people: dict[str, ClinicClient]


@pytest.fixture(scope="module")
def both_clinics(
    module_transaction: None, clinics: tuple[Clinic, Clinic]
) -> tuple[ClinicWithPeople, ClinicWithPeople]:
    """The originals of which each test gets copies."""

    def fill(clinic: Clinic, word: str) -> ClinicWithPeople:
        with enter_clinic(clinic):
            scenario = make_scenario(clinic, text=word)
            people = {
                name: client_at_host(clinic, home=clinic, user=user) for name, user in scenario.users.items()
            }
            return ClinicWithPeople(scenario, people)

    return fill(clinics[0], CANARY), fill(clinics[1], "")


@pytest.fixture
def other_scenario(both_clinics: tuple[ClinicWithPeople, ClinicWithPeople], clinic: Clinic) -> Scenario:
    """The London clinic. Every text that users can write contains the canary."""
    return deepcopy(both_clinics[0].scenario)


@pytest.fixture
def own_scenario(both_clinics: tuple[ClinicWithPeople, ClinicWithPeople], other_clinic: Clinic) -> Scenario:
    """The New York clinic, which also has one row of everything."""
    return deepcopy(both_clinics[1].scenario)


@pytest.fixture
def other_people(
    both_clinics: tuple[ClinicWithPeople, ClinicWithPeople], db: None
) -> dict[str, ClinicClient]:
    """Clients of London's users at London's host."""
    return {name: client.clone() for name, client in both_clinics[0].people.items()}


@pytest.fixture
def people(both_clinics: tuple[ClinicWithPeople, ClinicWithPeople], db: None) -> dict[str, ClinicClient]:
    """Clients of New York's users at New York's host."""
    return {name: client.clone() for name, client in both_clinics[1].people.items()}
