"""Killing the web server never loses a confirmed booking and never creates an unrequested one."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

import pytest

from scheduling.models import Booking, BookingEvent, Slot
from tenants.base.clock import now
from tenants.models import Clinic
from tests.drills.concurrent_requests import Response, post, send_concurrently
from tests.drills.figures import RecordFigure
from tests.drills.installation import Installation, open_installation
from tests.drills.slot_race import BOOKINGS, double_bookings, outcome, signed_in_patient
from tests.factories.clinic_client import host_of
from tests.factories.people import make_doctor
from tests.factories.queue import delete_queued_jobs, queued_jobs
from tests.factories.schedule import make_slot

OPERATIONS, KILLS, CLIENTS = 2000, 5, 8
SLOTS = OPERATIONS * 4 // 5
"""Fewer than operations: every fifth finds its slot taken."""
SETTLED = {201, 409}


@dataclass(slots=True)
class Operation:
    """A booking request with an idempotency key, and the responses of its attempts."""

    request: bytes
    attempts: list[Response] = field(default_factory=list)


@pytest.fixture
def web(committed_clinic: Clinic) -> Iterator[Installation]:
    """A web server for this drill alone."""
    with open_installation() as installation:
        installation.start("web")
        yield installation
    delete_queued_jobs(clinic_id=committed_clinic.pk)


def test_confirmed_bookings_survive_kills_and_a_retry_settles_every_unknown(
    web: Installation, committed_clinic: Clinic, record_figure: RecordFigure
) -> None:
    operations = make_operations(committed_clinic)
    with ThreadPoolExecutor(CLIENTS) as clients:
        running = [clients.submit(retry_until_settled, web.port, operation) for operation in operations]
        for kill in range(1, KILLS + 1):
            running[OPERATIONS * kill // (KILLS + 1)].result()
            web.kill("web")
            web.start("web")

    last = [operation.attempts[-1] for operation in operations]
    unknown = [operation for operation in operations if len(operation.attempts) > 1]
    acknowledged = {response.body["data"]["id"] for response in last if response.status == 201}
    stored = {str(pk) for pk in Booking.objects.values_list("pk", flat=True)}
    record_figure(
        f"{KILLS} kills of the web server",
        f"{OPERATIONS} operations, {len(acknowledged)} acknowledged, {len(acknowledged - stored)} lost, "
        f"{len(stored - acknowledged)} unrequested, {len(unknown)} unknown and settled by a retry",
    )
    assert outcome(last) == {(201, ""): SLOTS, (409, "slot_taken"): OPERATIONS - SLOTS}
    assert acknowledged == stored
    assert len(acknowledged) == SLOTS == BookingEvent.objects.count() == count_queued_jobs(committed_clinic)
    assert double_bookings() == 0
    assert len(unknown) >= KILLS


def make_operations(clinic: Clinic) -> list[Operation]:
    """Return a booking of every slot, and of every fourth slot a second one by another patient."""
    doctors, tokens = [make_doctor() for _ in range(20)], [signed_in_patient()[1] for _ in range(40)]
    first = now() + timedelta(days=1)
    slots = [make_slot(doctors[n % 20], first + timedelta(minutes=30) * (n // 20)) for n in range(SLOTS)]
    requests = [(slot, tokens[n % 20]) for n, slot in enumerate(slots)]
    requests += [(slot, tokens[20 + n % 20]) for n, slot in enumerate(slots) if n % 4 == 3]
    return [Operation(request_for(slot, clinic, token)) for slot, token in requests]


def request_for(slot: Slot, clinic: Clinic, token: str) -> bytes:
    """Return a booking request with its own idempotency key."""
    body = {"slot": str(slot.pk)}
    return post(BOOKINGS, body, host=host_of(clinic), token=token, Idempotency_Key=uuid4().hex)


def retry_until_settled(port: int, operation: Operation) -> None:
    """Retry until the outcome is certain: without a response or after a 503, it is unknown."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        operation.attempts.append(attempt(port, operation.request))
        if operation.attempts[-1].status in SETTLED:
            return
        time.sleep(0.1)


def attempt(port: int, request: bytes) -> Response:
    """Send the request once. The status is 0 if the server is down or dies before it responds."""
    try:
        return send_concurrently(port, [request])[0]
    except ConnectionError:
        return Response(0, None, 0.0)


def count_queued_jobs(clinic: Clinic) -> int:
    """Return the number of the clinic's jobs that wait for a worker."""
    return len(queued_jobs(clinic_id=clinic.pk))
