"""A slot is never booked twice: ten thousand contended attempts over HTTP."""

from collections.abc import Iterator

import pytest

from tenants.models import Clinic
from tests.drills.concurrent_requests import Answer
from tests.drills.figures import Note, percentile
from tests.drills.installation import House, open_house
from tests.drills.slot_race import double_bookings, outcome, run_races

ROUNDS, CLIENTS = 200, 50


@pytest.fixture
def web(committed_clinic: Clinic) -> Iterator[House]:
    """A web server for this drill alone."""
    with open_house() as house:
        house.start("web")
        yield house


@pytest.mark.parametrize("people", [CLIENTS, 1], ids=["different patients", "the same patient"])
def test_ten_thousand_contended_attempts_book_every_slot_once(
    web: House, committed_clinic: Clinic, people: int, figures: Note
) -> None:
    races = run_races(web, committed_clinic, rounds=ROUNDS, clients=CLIENTS, people=people)

    seconds = [answer.seconds for answers in races for answer in answers]
    p50, p95 = (percentile(seconds, share) * 1000 for share in (0.5, 0.95))
    rate = len(seconds) / sum(slowest(answers) for answers in races)
    title = f"race of {CLIENTS} clients, {people} patients, {ROUNDS} rounds"
    figures(title, f"p50 {p50:.0f} ms, p95 {p95:.0f} ms, {rate:.0f} requests/s")
    expected = {(201, ""): 1, (409, "slot_taken"): CLIENTS - 1}
    assert [outcome(answers) for answers in races] == [expected] * ROUNDS
    assert double_bookings() == 0


def slowest(answers: list[Answer]) -> float:
    """How long a round took, in seconds."""
    return max(answer.seconds for answer in answers)
