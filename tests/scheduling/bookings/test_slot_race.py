"""Fifty clients book one slot on the real web server concurrently.

As a control, the same race without database constraints books slots more than once.
"""

from collections.abc import Iterator

import pytest

from tenants.models import Clinic
from tests.drills.installation import Installation, open_installation
from tests.drills.slot_race import double_bookings, drop_constraints, outcome, run_races

CLIENTS, ROUNDS = 50, 20
SLOT_CONSTRAINTS = ("booking_one_live_per_slot", "booking_doctor_is_in_one_place")


@pytest.fixture(scope="module")
def web(clinics: tuple[Clinic, Clinic]) -> Iterator[Installation]:
    """A web server that only these tests use."""
    with open_installation() as installation:
        installation.start("web")
        yield installation


@pytest.mark.parametrize(
    ("people", "rounds"), [(CLIENTS, ROUNDS), (1, 5)], ids=["different patients", "the same patient"]
)
def test_one_of_many_concurrent_clients_gets_the_slot_and_the_others_get_alternatives(
    web: Installation, committed_clinic: Clinic, people: int, rounds: int
) -> None:
    races = run_races(web, committed_clinic, rounds=rounds, clients=CLIENTS, people=people)

    expected = {(201, ""): 1, (409, "slot_taken"): CLIENTS - 1}
    assert [outcome(answers) for answers in races] == [expected] * rounds
    alternatives = [
        len(answer.body["data"]["alternatives"]) for answers in races for answer in answers if answer.code
    ]
    assert set(alternatives) == {1, 2, 3}
    assert double_bookings() == 0


@pytest.mark.parametrize(
    ("people", "constraints"),
    [(CLIENTS, SLOT_CONSTRAINTS), (1, (*SLOT_CONSTRAINTS, "booking_patient_is_in_one_place"))],
    ids=["different patients", "the same patient"],
)
def test_without_the_constraints_the_same_race_books_one_slot_several_times(
    web: Installation, committed_clinic: Clinic, people: int, constraints: tuple[str, ...]
) -> None:
    drop_constraints(*constraints)

    races = run_races(web, committed_clinic, rounds=ROUNDS, clients=CLIENTS, people=people)

    # The application checks before it inserts. That is not enough for concurrent requests.
    assert sum(outcome(answers)[201, ""] for answers in races) > ROUNDS
    assert double_bookings() > 0
