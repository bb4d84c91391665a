"""Fifty clients ask the real web server for one slot at once. And the control: no guard, many winners."""

from collections.abc import Iterator

import pytest

from tenants.models import Clinic
from tests.drills.installation import House, open_house
from tests.drills.slot_race import double_bookings, drop_constraints, outcome, run_races

CLIENTS, ROUNDS = 50, 20
OF_THE_SLOT = ("booking_one_live_per_slot", "booking_doctor_is_in_one_place")


@pytest.fixture(scope="module")
def web(clinics: tuple[Clinic, Clinic]) -> Iterator[House]:
    """A web server for these tests alone."""
    with open_house() as house:
        house.start("web")
        yield house


@pytest.mark.parametrize(
    ("people", "rounds"), [(CLIENTS, ROUNDS), (1, 5)], ids=["different patients", "the same patient"]
)
def test_of_all_who_ask_at_once_one_gets_the_slot_and_the_others_are_shown_alternatives(
    web: House, committed_clinic: Clinic, people: int, rounds: int
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
    ("people", "guards"),
    [(CLIENTS, OF_THE_SLOT), (1, (*OF_THE_SLOT, "booking_patient_is_in_one_place"))],
    ids=["different patients", "the same patient"],
)
def test_without_the_constraints_the_same_race_gives_one_slot_to_several(
    web: House, committed_clinic: Clinic, people: int, guards: tuple[str, ...]
) -> None:
    drop_constraints(*guards)

    races = run_races(web, committed_clinic, rounds=ROUNDS, clients=CLIENTS, people=people)

    # Who comes later than a blink is told before trying: that alone keeps nobody from being second.
    assert sum(outcome(answers)[201, ""] for answers in races) > ROUNDS
    assert double_bookings() > 0
