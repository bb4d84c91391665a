"""No slot is given twice, by whichever path people come: a hundred thousand contended attempts over HTTP.

In every round all ask for the same time at the same instant: they book it, hold it, move another booking to
it, ask for any doctor who is open then, book it as the first of a series or of a chain, have it booked by the
desk over the API or in the admin, or book a visit before that would reach into it; and it is offered to
somebody who waits. `ATTEMPTS=100000 make drills ARGS=tests/drills/test_all_booking_paths.py` takes half an
hour.
"""

import os
import time
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection

from clinics.models import Patient
from scheduling.models import Booking, Slot
from tenants.accounts.sessions.services import start_session
from tenants.base.clock import local_time, now
from tenants.base.errors import DomainError
from tenants.current import current_clinic, enter_clinic
from tenants.models import Clinic
from tests.drills.concurrent_requests import Answer, post, volley
from tests.drills.figures import Note, percentile
from tests.drills.installation import House, open_house
from tests.drills.slot_race import BOOKINGS, signed_in_patient
from tests.factories.clinic_client import ClinicClient, host_of
from tests.factories.people import make_admin, make_doctor, make_patient, user_of
from tests.factories.queue import forget_lines
from tests.factories.schedule import make_booking, make_slot
from tests.factories.visit_types import make_chain, make_visit_type
from tests.factories.waitlist import make_entry, offer_to

ATTEMPTS = int(os.environ.get("ATTEMPTS", "2000"))
QUARTER = timedelta(minutes=15)
SCHEDULE = "/api/appointments"
HOLDS = f"{SCHEDULE}/holds/"
ADMIN = "/admin/scheduling/booking/add/"
BOOKERS, HOLDERS, MOVERS, ASKERS, DESK, SERIES, CHAINS, LONG, FORMS, WAITING = 12, 6, 6, 6, 5, 4, 4, 4, 2, 1
ASKING = BOOKERS + HOLDERS + MOVERS + ASKERS + DESK + SERIES + CHAINS + LONG
CLIENTS = ASKING + FORMS + WAITING
CSRF = "c" * 32
TURN, SAME_TOKENS = 5, 100
Outcome = tuple[str, str]
WON: set[Outcome] = {("200", ""), ("201", ""), ("admin 302", ""), ("offer", "")}
REFUSED: set[Outcome] = {
    ("409", "slot_taken"),
    ("422", "series_not_booked"),
    ("admin 200", "refused"),
    ("offer", "slot_taken"),
}


class Crowd:
    """Who asks, each in their own way, round after round."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic, self.host = clinic, host_of(clinic)
        self.doctor = make_doctor()
        self.plain, self.long = (
            make_visit_type(name="Plain"),
            make_visit_type(name="Long", duration_minutes=30),
        )
        self.chain = make_chain(self.plain, self.plain)
        self.nurse = make_doctor()
        self.people = [signed_in_patient() for _ in range(ASKING + FORMS)]
        self.admin = make_admin()
        self.desk = start_session(user=self.admin).access
        browser = ClinicClient(clinic)
        browser.force_login(self.admin)
        self.cookies = f"sessionid={browser.cookies['sessionid'].value}; csrftoken={CSRF}"
        self.waiting = make_entry(make_patient(), self.doctor, now=now())
        self.moving = [self.standing(number) for number in range(MOVERS)]

    def sign_in_again(self) -> None:
        """Access tokens end before the drill does."""
        self.people = [
            (patient, start_session(user=user_of(patient)).access) for patient, _token in self.people
        ]
        self.desk = start_session(user=self.admin).access

    def standing(self, number: int) -> Booking:
        """A booking elsewhere, of one who will want to move it."""
        patient = self.people[BOOKERS + HOLDERS + number][0]
        slot = make_slot(make_doctor(), now() + timedelta(days=80, hours=number))
        return make_booking(slot, patient, now=now())

    def round(self, before: Slot, slot: Slot) -> list[bytes]:
        """Everybody's request for `slot`; `before` is the slot ahead of it, where a long visit begins."""
        this = {"slot": str(slot.pk), "visit_type": str(self.plain.pk)}
        asks: list[tuple[str, dict[str, Any]]] = [(BOOKINGS, this)] * BOOKERS + [(HOLDS, this)] * HOLDERS
        asks += [(f"{BOOKINGS}{each.pk}/reschedule/", {"slot": str(slot.pk)}) for each in self.moving]
        any_doctor = {"starts_at": slot.starts_at.isoformat(), "visit_type": str(self.plain.pk)}
        asks += [(BOOKINGS, any_doctor)] * ASKERS
        asks += [(BOOKINGS, {**this, "patient": str(patient.pk)}) for patient in self.of_the_desk()]
        asks += [(f"{SCHEDULE}/series/", self.series_from(slot))] * SERIES
        after = make_slot(self.nurse, slot.ends_at, minutes=15)
        both = {"slots": [str(slot.pk), str(after.pk)]}
        asks += [(f"{SCHEDULE}/chains/{self.chain.pk}/book/", both)] * CHAINS
        asks += [(BOOKINGS, {"slot": str(before.pk), "visit_type": str(self.long.pk)})] * LONG
        forms = [self.form(slot, patient) for patient, _token in self.people[ASKING:]]
        return [self.ask(number, path, body) for number, (path, body) in enumerate(asks)] + forms

    def series_from(self, slot: Slot) -> dict[str, Any]:
        """A series that begins at the slot; of its other visit nothing is offered."""
        wall = local_time(slot.starts_at, current_clinic().zone)
        visit_type = str(self.plain.pk)
        times = {"first_on": wall.on.isoformat(), "clock": wall.time, "unit": "week", "every": 12, "count": 2}
        return {"doctor": str(self.doctor.pk), "visit_type": visit_type, **times}

    def of_the_desk(self) -> list[Patient]:
        """For whom the desk books."""
        first = BOOKERS + HOLDERS + MOVERS + ASKERS
        return [patient for patient, _token in self.people[first : first + DESK]]

    def ask(self, number: int, path: str, body: dict[str, Any]) -> bytes:
        """A request of the person of that number, or of the desk for them."""
        token = self.desk if "patient" in body else self.people[number][1]
        return post(path, body, host=self.host, token=token)

    def form(self, slot: Slot, patient: Patient) -> bytes:
        """The admin's form, as a browser sends it."""
        fields = {"patient": patient.pk, "slot": slot.pk, "visit_type": self.plain.pk, "reason": ""}
        content = urlencode({**fields, "csrfmiddlewaretoken": CSRF})
        head = {"Host": self.host, "Cookie": self.cookies, "Content-Length": str(len(content))}
        head |= {"Content-Type": "application/x-www-form-urlencoded", "Connection": "close"}
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        return f"POST {ADMIN} HTTP/1.1\r\n{lines}\r\n{content}".encode()

    def outcome_of_form(self, slot: Slot, number: int, answer: Answer) -> Outcome:
        """What became of a form: the admin leads on, or shows it again."""
        patient = self.people[ASKING + number][0]
        booked = Booking.objects.taking_time().filter(slot=slot, patient=patient).exists()
        return f"admin {answer.status}", "" if booked else "refused"

    def offer(self, slot: Slot, *, after: float) -> str:
        """Offer the slot to somebody who waits, as the worker does; the refusal's name, or nothing."""
        time.sleep(after)
        try:
            with enter_clinic(self.clinic):
                offer_to(self.waiting, slot, ends_at=slot.starts_at, now=now())
                self.waiting = make_entry(make_patient(), self.doctor, now=now())
        except DomainError as refused:
            return refused.code
        finally:
            connection.close()
        return ""


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
    said: Counter[Outcome] = Counter()
    winners: list[int] = []
    seconds: list[float] = []

    for number in range(ATTEMPTS // CLIENTS):
        before, slot = (
            make_slot(crowd.doctor, first + (2 * number + n) * QUARTER, minutes=15) for n in (0, 1)
        )
        if number % SAME_TOKENS == SAME_TOKENS - 1:
            crowd.sign_in_again()
        requests = deque(crowd.round(before, slot))
        # Who sends first is most likely to win: every path in its turn.
        requests.rotate(number * TURN)
        with ThreadPoolExecutor(1) as worker:
            offer = worker.submit(crowd.offer, slot, after=number % 5 * 0.02)
            given = deque(volley(web.port, list(requests)))
        given.rotate(-number * TURN)
        answers = list(given)
        outcomes = [(str(answer.status), answer.code) for answer in answers[:ASKING]]
        outcomes += [crowd.outcome_of_form(slot, *form) for form in enumerate(answers[ASKING:])]
        outcomes.append(("offer", offer.result()))
        said.update(outcomes)
        seconds += [answer.seconds for answer in answers]
        winners.append(sum(refused == "" for _answer, refused in outcomes))
        settle(slot)

    figures(
        "attempts over every path", f"{sum(said.values()):,}, p95 {percentile(seconds, 0.95) * 1000:.0f} ms"
    )
    for (status, code), count in said.most_common():
        figures(f"answered {status} {code}", f"{count:,}")
    assert set(winners) == {1}
    # The log goes with the house: of an outage nobody could tell the reason afterwards.
    outages = [line for line in web.home.log("web").read_text().splitlines() if "database_away" in line]
    assert set(said) <= WON | REFUSED, outages
    assert overlaps("doctor_id") == overlaps("patient_id") == 0


def settle(slot: Slot) -> None:
    """Of what was won, what is still to be done: a hold is booked by nobody, and its time passes."""
    held = Booking.objects.filter(slot=slot, status="HELD")
    assert held.count() <= 1
    held.update(held_until=now())


def overlaps(whose: str) -> int:
    """How many live bookings of one doctor, or of one patient, overlap the one before."""
    live = Booking.objects.active(now=now()).order_by(whose, "starts_at")
    rows = list(live.values_list(whose, "starts_at", "ends_at"))
    return sum(one == other and ends > starts for (one, _, ends), (other, starts, _) in pairwise(rows))


def next_hour() -> datetime:
    """Tomorrow, on the hour."""
    return now().replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
