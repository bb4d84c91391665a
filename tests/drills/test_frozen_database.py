"""A frozen Postgres makes no request wait for long, and everything works again once it goes on."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from tenants.base.clock import now
from tenants.models import Clinic
from tests.drills.concurrent_requests import Response, post, send_concurrently
from tests.drills.figures import RecordFigure
from tests.drills.installation import Installation, open_installation
from tests.drills.keep_alive import get
from tests.drills.processes import frozen, postgres_process
from tests.drills.slot_race import BOOKINGS, signed_in_patient
from tests.factories.clinic_client import host_of
from tests.factories.people import make_doctor
from tests.factories.queue import delete_queued_jobs, is_done
from tests.factories.schedule import make_slot
from tests.factories.waiting import wait_until

FROZEN, ANSWERED_WITHIN, HEALTHY_WITHIN, LIVE_WITHIN = 12.0, 5.0, 2.0, 1.0


@pytest.fixture
def installation(committed_clinic: Clinic) -> Iterator[Installation]:
    """Web, worker and beat for this drill alone."""
    with open_installation() as opened:
        opened.start("web", "worker", "delivery", "beat")
        yield opened
    delete_queued_jobs(clinic_id=committed_clinic.pk)


def test_a_frozen_database_gives_503_within_five_seconds_and_does_not_affect_liveness(
    installation: Installation, committed_clinic: Clinic, record_figure: RecordFigure
) -> None:
    host, port = host_of(committed_clinic), installation.port
    token = signed_in_patient()[1]
    doctor, first = make_doctor(), now() + timedelta(days=1)
    slots = [make_slot(doctor, first + timedelta(minutes=30) * number) for number in range(3)]
    bookings = [post(BOOKINGS, {"slot": str(slot.pk)}, host=host, token=token) for slot in slots]
    paths = ["/api/users/doctors/", "/api/appointments/my-bookings/", "/health/ready"]
    requests = [get(path, host=host, token=token, connection="close") for path in paths] * 5
    live = get("/health/live", host=host, connection="close")
    assert [response.status for response in send_concurrently(port, [bookings[0], *requests])] == [
        201,
        *[200] * 15,
    ]
    wait_until(lambda: is_done(committed_clinic.pk), "the worker to send", seconds=60)
    connection.close()

    with ThreadPoolExecutor(2) as clients, frozen(postgres_process()):
        until = time.monotonic() + FROZEN
        probes = clients.submit(repeat_until, port, [live], until)
        waves = repeat_until(port, [bookings[1], *requests], until)
        alive = probes.result()
    thawed = time.monotonic()
    wait_until(lambda: all_succeed(port, requests[:3]), "all requests to succeed", seconds=30)
    healthy = time.monotonic() - thawed
    booked = send_concurrently(port, [bookings[2]])[0]
    wait_until(lambda: is_done(committed_clinic.pk), "the worker to send", seconds=90)
    recovered = time.monotonic() - thawed

    slowest, liveness = (max(response.seconds for response in group) for group in (waves, alive))
    record_figure(
        f"Postgres frozen for {FROZEN:g} s",
        f"{len(waves)} requests got 503, the slowest after {slowest:.1f} s; liveness at most "
        f"{liveness * 1000:.0f} ms; healthy {healthy:.1f} s and mail sent {recovered:.1f} s after it went on",
    )
    assert {response.status for response in waves} == {503}
    assert slowest < ANSWERED_WITHIN
    assert {response.status for response in alive} == {200}
    assert liveness < LIVE_WITHIN
    assert healthy < HEALTHY_WITHIN
    assert booked.status == 201


def repeat_until(port: int, requests: list[bytes], until: float) -> list[Response]:
    """Send `requests` at once, again and again, at least once. Return all responses."""
    responses = send_concurrently(port, requests)
    while time.monotonic() < until:
        time.sleep(0.2)
        responses += send_concurrently(port, requests)
    return responses


def all_succeed(port: int, requests: list[bytes]) -> bool:
    """Whether each of `requests` gets 200."""
    return all(response.status == 200 for response in send_concurrently(port, requests))
