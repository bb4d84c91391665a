"""Sixteen clients renew one session at once over HTTP, a hundred rounds: each time one gets the next pair."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tenants.accounts.models import RefreshToken, User
from tenants.accounts.sessions.services import start_session
from tenants.models import Clinic
from tests.accounts.sessions.concurrent_refresh import AT_ONCE, successors, unguarded
from tests.drills.concurrent_requests import post, volley
from tests.drills.figures import Note
from tests.drills.installation import House, open_house
from tests.factories.clinic_client import host_of
from tests.factories.people import make_patient

ROUNDS = 100
REFRESH = "/api/auth/refresh/"


@pytest.fixture
def web(committed_clinic: Clinic) -> Iterator[House]:
    """A web process."""
    with open_house() as house:
        house.start("web")
        yield house


def test_a_hundred_rounds_of_sixteen_have_one_successor_each(
    web: House, committed_clinic: Clinic, figures: Note
) -> None:
    user = make_patient().user
    assert isinstance(user, User)
    refresh, rounds = start_session(user=user).refresh, []

    for _round in range(ROUNDS):
        request = post(REFRESH, {"refresh": refresh}, host=host_of(committed_clinic), token="")
        answers = volley(web.port, [request] * AT_ONCE)
        rounds.append(Counter((answer.status, answer.code) for answer in answers))
        (refresh,) = (answer.body["data"]["refresh"] for answer in answers if answer.status == 200)

    figures(f"refresh of {AT_ONCE}, {ROUNDS} rounds", f"{sum(each[200, ''] for each in rounds)} successors")
    assert rounds == [{(200, ""): 1, (401, "session_ended"): AT_ONCE - 1}] * ROUNDS
    assert RefreshToken.objects.filter(used_at=None).count() == 1


def test_looking_first_and_writing_after_has_several(committed_clinic: Clinic, figures: Note) -> None:
    found = successors(committed_clinic, unguarded, rounds=5)

    figures(f"control: refresh of {AT_ONCE}, 5 rounds, looking first", f"{sum(found)} successors")
    assert max(found) > 1
