"""An acknowledged booking is never lost and none appears unasked, however often the web server is killed."""

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
from tests.drills.concurrent_requests import Answer, post, volley
from tests.drills.figures import Note
from tests.drills.installation import House, open_house
from tests.drills.slot_race import BOOKINGS, double_bookings, outcome, signed_in_patient
from tests.factories.clinic_client import host_of
from tests.factories.people import make_doctor
from tests.factories.queue import forget_lines, waiting
from tests.factories.schedule import make_slot

OPERATIONS, KILLS, CLIENTS = 2000, 5, 8
SLOTS = OPERATIONS * 4 // 5
"""Fewer than operations: every fifth comes too late."""
SETTLED = {201, 409}


@dataclass(slots=True)
class Operation:
    """One person's wish for one slot, with the key that makes every try of it the same request."""

    request: bytes
    tries: list[Answer] = field(default_factory=list)


@pytest.fixture
def web(committed_clinic: Clinic) -> Iterator[House]:
    """A web server for this drill alone."""
    with open_house() as house:
        house.start("web")
        yield house
    forget_lines(clinic_id=committed_clinic.pk)


def test_acknowledged_bookings_survive_five_kills_and_a_repeat_settles_every_unknown(
    web: House, committed_clinic: Clinic, figures: Note
) -> None:
    operations = wishes(committed_clinic)
    with ThreadPoolExecutor(CLIENTS) as clients:
        running = [clients.submit(settle, web.port, operation) for operation in operations]
        for kill in range(1, KILLS + 1):
            running[OPERATIONS * kill // (KILLS + 1)].result()
            web.kill("web")
            web.start("web")

    last = [operation.tries[-1] for operation in operations]
    unknown = [operation for operation in operations if len(operation.tries) > 1]
    acknowledged = {answer.body["data"]["id"] for answer in last if answer.status == 201}
    stored = {str(pk) for pk in Booking.objects.values_list("pk", flat=True)}
    figures(
        f"{KILLS} kills of the web server",
        f"{OPERATIONS} operations, {len(acknowledged)} acknowledged, {len(acknowledged - stored)} lost, "
        f"{len(stored - acknowledged)} unasked, {len(unknown)} unknown and settled by a repeat",
    )
    assert outcome(last) == {(201, ""): SLOTS, (409, "slot_taken"): OPERATIONS - SLOTS}
    assert acknowledged == stored
    assert len(acknowledged) == SLOTS == BookingEvent.objects.count() == queued(committed_clinic)
    assert double_bookings() == 0
    assert len(unknown) >= KILLS


def wishes(clinic: Clinic) -> list[Operation]:
    """Every slot is wanted once, every fourth of them a second time by somebody else."""
    doctors, people = [make_doctor() for _ in range(20)], [signed_in_patient()[1] for _ in range(40)]
    first = now() + timedelta(days=1)
    slots = [make_slot(doctors[n % 20], first + timedelta(minutes=30) * (n // 20)) for n in range(SLOTS)]
    wanted = [(slot, people[n % 20]) for n, slot in enumerate(slots)]
    wanted += [(slot, people[20 + n % 20]) for n, slot in enumerate(slots) if n % 4 == 3]
    return [Operation(request_for(slot, clinic, token)) for slot, token in wanted]


def request_for(slot: Slot, clinic: Clinic, token: str) -> bytes:
    """A booking with a key of its own."""
    body = {"slot": str(slot.pk)}
    return post(BOOKINGS, body, host=host_of(clinic), token=token, Idempotency_Key=uuid4().hex)


def settle(port: int, operation: Operation) -> None:
    """Ask until there is an answer: no answer, or a 503, may mean booked as well as not."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        operation.tries.append(ask(port, operation.request))
        if operation.tries[-1].status in SETTLED:
            return
        time.sleep(0.1)


def ask(port: int, request: bytes) -> Answer:
    """One try; status 0 where nobody listens, or the server died before it answered."""
    try:
        return volley(port, [request])[0]
    except ConnectionError:
        return Answer(0, None, 0.0)


def queued(clinic: Clinic) -> int:
    """Lines of the clinic that wait for a worker."""
    return len(waiting(clinic_id=clinic.pk))
