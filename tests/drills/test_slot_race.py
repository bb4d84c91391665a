"""A slot is never booked twice: ten thousand concurrent attempts over HTTP."""

from collections.abc import Iterator

import pytest

from tenants.models import Clinic
from tests.drills.concurrent_requests import Response
from tests.drills.figures import RecordFigure, percentile
from tests.drills.installation import Installation, open_installation
from tests.drills.slot_race import double_bookings, outcome, run_races

ROUNDS, CLIENTS = 200, 50


@pytest.fixture
def web(committed_clinic: Clinic) -> Iterator[Installation]:
    """A web server for this drill alone."""
    with open_installation() as installation:
        installation.start("web")
        yield installation


@pytest.mark.parametrize("people", [CLIENTS, 1], ids=["different patients", "the same patient"])
def test_ten_thousand_concurrent_attempts_book_every_slot_once(
    web: Installation, committed_clinic: Clinic, people: int, record_figure: RecordFigure
) -> None:
    races = run_races(web, committed_clinic, rounds=ROUNDS, clients=CLIENTS, people=people)

    seconds = [response.seconds for responses in races for response in responses]
    p50, p95 = (percentile(seconds, share) * 1000 for share in (0.5, 0.95))
    rate = len(seconds) / sum(slowest(responses) for responses in races)
    title = f"race of {CLIENTS} clients, {people} patients, {ROUNDS} rounds"
    record_figure(title, f"p50 {p50:.0f} ms, p95 {p95:.0f} ms, {rate:.0f} requests/s")
    expected = {(201, ""): 1, (409, "slot_taken"): CLIENTS - 1}
    assert [outcome(responses) for responses in races] == [expected] * ROUNDS
    assert double_bookings() == 0


def slowest(responses: list[Response]) -> float:
    """Return the duration of a round in seconds."""
    return max(response.seconds for response in responses)
