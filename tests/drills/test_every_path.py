"""No slot is given twice, by whichever path people come: a hundred thousand contended attempts over HTTP.

In every round all ask for the same time at the same instant: they book it, hold it, move another booking to
it, ask for any doctor who is open then, have it booked by the desk, or book a visit before that would reach
into it. `ATTEMPTS=100000 make drills ARGS=tests/drills/test_every_path.py` takes some ten minutes.
"""

import os
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from clinics.models import Patient
from scheduling.models import Booking, Slot
from tenants.accounts.services import start_session
from tenants.base.clock import now
from tenants.models import Clinic
from tests.drills.figures import Note, percentile
from tests.drills.house import House, open_house
from tests.drills.race import BOOKINGS, signed_in_patient
from tests.drills.volley import post, volley
from tests.factories.client import host_of
from tests.factories.people import make_admin, make_doctor
from tests.factories.queue import forget_lines
from tests.factories.schedule import make_booking, make_slot
from tests.factories.visits import make_visit_type

ATTEMPTS = int(os.environ.get("ATTEMPTS", "2000"))
QUARTER = timedelta(minutes=15)
HOLDS = "/api/appointments/holds/"
BOOKERS, HOLDERS, MOVERS, ASKERS, DESK, LONG = 16, 8, 8, 8, 6, 4
CLIENTS = BOOKERS + HOLDERS + MOVERS + ASKERS + DESK + LONG


class Crowd:
    """Who asks, each in their own way, round after round."""

    def __init__(self, clinic: Clinic) -> None:
        self.host = host_of(clinic)
        self.doctor = make_doctor()
        self.plain, self.long = (
            make_visit_type(name="Plain"),
            make_visit_type(name="Long", duration_minutes=30),
        )
        self.people = [signed_in_patient() for _ in range(CLIENTS)]
        self.desk = start_session(user=make_admin()).access
        self.moving = [self.standing(number) for number in range(MOVERS)]

    def standing(self, number: int) -> Booking:
        """A booking elsewhere, of one who will want to move it."""
        patient = self.people[BOOKERS + HOLDERS + number][0]
        slot = make_slot(make_doctor(), now() + timedelta(days=80, hours=number))
        return make_booking(slot, patient, now=now())

    def round(self, before: Slot, slot: Slot) -> list[bytes]:
        """Everybody's request for `slot`; `before` is the slot ahead of it, where a long visit begins."""
        this = {"slot": str(slot.pk), "visit_type": str(self.plain.pk)}
        asks = [(BOOKINGS, this)] * BOOKERS + [(HOLDS, this)] * HOLDERS
        asks += [(f"{BOOKINGS}{each.pk}/reschedule/", {"slot": str(slot.pk)}) for each in self.moving]
        any_doctor = {"starts_at": slot.starts_at.isoformat(), "visit_type": str(self.plain.pk)}
        asks += [(BOOKINGS, any_doctor)] * ASKERS
        asks += [(BOOKINGS, {**this, "patient": str(patient.pk)}) for patient in self.of_the_desk()]
        asks += [(BOOKINGS, {"slot": str(before.pk), "visit_type": str(self.long.pk)})] * LONG
        return [self.ask(number, path, body) for number, (path, body) in enumerate(asks)]

    def of_the_desk(self) -> list[Patient]:
        """For whom the desk books."""
        first = BOOKERS + HOLDERS + MOVERS + ASKERS
        return [patient for patient, _token in self.people[first : first + DESK]]

    def ask(self, number: int, path: str, body: dict[str, Any]) -> bytes:
        """A request of the person of that number, or of the desk for them."""
        token = self.desk if "patient" in body else self.people[number][1]
        return post(path, body, host=self.host, token=token)


@pytest.fixture
def web(committed_clinic: Clinic) -> Iterator[House]:
    """A web server for this drill alone."""
    with open_house() as house:
        house.start("web")
        yield house
    forget_lines(clinic_id=committed_clinic.pk)


def test_a_time_is_given_once_by_whichever_path_it_is_asked_for(
    web: House, committed_clinic: Clinic, figures: Note
) -> None:
    crowd, first = Crowd(committed_clinic), next_hour()
    said: Counter[tuple[int, str]] = Counter()
    winners: list[int] = []
    seconds: list[float] = []

    for number in range(ATTEMPTS // CLIENTS):
        before, slot = (
            make_slot(crowd.doctor, first + (2 * number + n) * QUARTER, minutes=15) for n in (0, 1)
        )
        answers = volley(web.port, crowd.round(before, slot))
        said.update((answer.status, answer.code) for answer in answers)
        seconds += [answer.seconds for answer in answers]
        winners.append(sum(answer.status in {200, 201} for answer in answers))
        settle(crowd, slot)

    figures(
        "attempts over every path", f"{sum(said.values()):,}, p95 {percentile(seconds, 0.95) * 1000:.0f} ms"
    )
    for (status, code), count in said.most_common():
        figures(f"answered {status} {code}", f"{count:,}")
    assert set(winners) == {1}
    assert {status for status, _code in said} <= {200, 201, 409}
    assert overlaps("doctor_id") == overlaps("patient_id") == 0


def settle(crowd: Crowd, slot: Slot) -> None:
    """Of what was won, what is still to be done: a hold is booked by nobody, and its time passes."""
    held = Booking.objects.filter(slot=slot, status="HELD")
    assert held.count() <= 1
    held.update(held_until=now())


def overlaps(whose: str) -> int:
    """How many live bookings of one doctor, or of one patient, overlap the one before."""
    live = Booking.objects.alive(now=now()).order_by(whose, "starts_at")
    rows = list(live.values_list(whose, "starts_at", "ends_at"))
    return sum(one == other and ends > starts for (one, _, ends), (other, starts, _) in pairwise(rows))


def next_hour() -> datetime:
    """Tomorrow, on the hour."""
    return now().replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
