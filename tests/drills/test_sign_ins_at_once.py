"""Many sign-ins at the same time need a limited amount of memory."""

from collections import Counter
from collections.abc import Iterator

import pytest
from django.conf import settings

from tenants.models import Clinic
from tests.drills.concurrent_requests import post, send_concurrently
from tests.drills.figures import RecordFigure
from tests.drills.installation import Installation, open_installation
from tests.drills.processes import memory_of, peak_memory_of
from tests.factories.clinic_client import host_of

SIGN_INS, PROCESSES, ROUNDS = 16, 2, 3
SLACK = 40
"""MiB that requests may need besides hashing."""


@pytest.fixture
def web(committed_clinic: Clinic) -> Iterator[Installation]:
    """A web server for this drill alone."""
    with open_installation() as installation:
        installation.start("web")
        yield installation


def test_sixteen_sign_ins_at_once_stay_within_the_memory_for_hashing(
    web: Installation, committed_clinic: Clinic, record_figure: RecordFigure
) -> None:
    host, running = host_of(committed_clinic), web.running["web"]
    requests = [sign_in(number, host) for number in range(SIGN_INS)]
    send_concurrently(web.port, requests[:2])
    before = memory_of(running)

    with peak_memory_of(running) as peak:
        responses = [
            response for _round in range(ROUNDS) for response in send_concurrently(web.port, requests)
        ]

    statuses = Counter(response.status for response in responses)
    slowest = max(response.seconds for response in responses)
    record_figure(
        f"{SIGN_INS} sign-ins at once: memory of web",
        f"{before:.0f} MiB before, {peak.mib:.0f} MiB at most, slowest {slowest:.1f} s, {dict(statuses)}",
    )
    assert peak.mib - before < PROCESSES * settings.PASSWORD_MEMORY_MIB + SLACK
    assert set(statuses) <= {401, 503}


def sign_in(number: int, host: str) -> bytes:
    """Return an attempt to sign in to an account that does not exist, which hashes like any other."""
    body = {"email": f"nobody{number}@people.example", "password": "a horse and its staple"}
    return post("/api/auth/login/", body, host=host, token="none")
