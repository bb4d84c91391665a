"""Sixteen clients renew one session concurrently over HTTP, in a hundred rounds. Each time one succeeds."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tenants.accounts.models import RefreshToken, User
from tenants.accounts.sessions.services import start_session
from tenants.models import Clinic
from tests.accounts.sessions.concurrent_refresh import AT_ONCE, successors, unguarded
from tests.drills.concurrent_requests import post, send_concurrently
from tests.drills.figures import RecordFigure
from tests.drills.installation import Installation, open_installation
from tests.factories.clinic_client import host_of
from tests.factories.people import make_patient

ROUNDS = 100
REFRESH = "/api/auth/refresh/"


@pytest.fixture
def web(committed_clinic: Clinic) -> Iterator[Installation]:
    """A web process."""
    with open_installation() as installation:
        installation.start("web")
        yield installation


def test_one_of_sixteen_concurrent_refreshes_succeeds_in_each_round(
    web: Installation, committed_clinic: Clinic, record_figure: RecordFigure
) -> None:
    user = make_patient().user
    assert isinstance(user, User)
    refresh, rounds = start_session(user=user).refresh, []

    for _round in range(ROUNDS):
        request = post(REFRESH, {"refresh": refresh}, host=host_of(committed_clinic), token="")
        responses = send_concurrently(web.port, [request] * AT_ONCE)
        rounds.append(Counter((response.status, response.code) for response in responses))
        (refresh,) = (response.body["data"]["refresh"] for response in responses if response.status == 200)

    record_figure(
        f"refresh of {AT_ONCE}, {ROUNDS} rounds", f"{sum(round_[200, ''] for round_ in rounds)} successors"
    )
    assert rounds == [{(200, ""): 1, (401, "session_ended"): AT_ONCE - 1}] * ROUNDS
    assert RefreshToken.objects.filter(used_at=None).count() == 1


def test_without_a_conditional_update_several_refreshes_succeed(
    committed_clinic: Clinic, record_figure: RecordFigure
) -> None:
    counts = successors(committed_clinic, unguarded, rounds=5)

    record_figure(f"control: refresh of {AT_ONCE}, 5 rounds, check before write", f"{sum(counts)} successors")
    assert max(counts) > 1
