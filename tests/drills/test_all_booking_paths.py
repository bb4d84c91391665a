"""No slot is booked twice, over any path: a hundred thousand concurrent attempts over HTTP.

In each round all clients request the same time at the same instant. They book it, hold it, reschedule another
booking to it, book any free doctor at that time, book it as the first of a series or of a chain, have the
front desk book it over the API or in the admin, or book an earlier visit that overlaps it. It is also offered
to a patient on the waiting list. `ATTEMPTS=100000 make drills ARGS=tests/drills/test_all_booking_paths.py`
takes half an hour.
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
from tests.drills.concurrent_requests import Response, post, send_concurrently
from tests.drills.figures import RecordFigure, percentile
from tests.drills.installation import Installation, open_installation
from tests.drills.slot_race import BOOKINGS, signed_in_patient
from tests.factories.clinic_client import ClinicClient, host_of
from tests.factories.people import make_admin, make_doctor, make_patient, user_of
from tests.factories.queue import delete_queued_jobs
from tests.factories.schedule import make_booking, make_slot
from tests.factories.visit_types import make_chain, make_visit_type
from tests.factories.waitlist import make_entry, make_offer_to

ATTEMPTS = int(os.environ.get("ATTEMPTS", "2000"))
QUARTER = timedelta(minutes=15)
SCHEDULE = "/api/appointments"
HOLDS = f"{SCHEDULE}/holds/"
ADMIN = "/admin/scheduling/booking/add/"
BOOKERS, HOLDERS, RESCHEDULERS, ANY_DOCTOR, DESK = 12, 6, 6, 6, 5
SERIES, CHAINS, LONG, FORMS, OFFERS = 4, 4, 4, 2, 1
API_CLIENTS = BOOKERS + HOLDERS + RESCHEDULERS + ANY_DOCTOR + DESK + SERIES + CHAINS + LONG
CLIENTS = API_CLIENTS + FORMS + OFFERS
CSRF = "c" * 32
ROTATION, SAME_TOKENS = 5, 100
Outcome = tuple[str, str]
SUCCEEDED: set[Outcome] = {("200", ""), ("201", ""), ("admin 302", ""), ("offer", "")}
REFUSED: set[Outcome] = {
    ("409", "slot_taken"),
    ("422", "series_not_booked"),
    ("admin 200", "refused"),
    ("offer", "slot_taken"),
}


class CompetingClients:
    """The clients of all rounds, each with its own way to get the slot."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic, self.host = clinic, host_of(clinic)
        self.doctor = make_doctor()
        self.standard, self.long = (
            make_visit_type(name="Plain"),
            make_visit_type(name="Long", duration_minutes=30),
        )
        self.chain = make_chain(self.standard, self.standard)
        self.nurse = make_doctor()
        self.people = [signed_in_patient() for _ in range(API_CLIENTS + FORMS)]
        self.admin = make_admin()
        self.desk = start_session(user=self.admin).access
        browser = ClinicClient(clinic)
        browser.force_login(self.admin)
        self.cookies = f"sessionid={browser.cookies['sessionid'].value}; csrftoken={CSRF}"
        self.waitlist_entry = make_entry(make_patient(), self.doctor, now=now())
        self.bookings_to_move = [self.make_movable_booking(number) for number in range(RESCHEDULERS)]

    def sign_in_again(self) -> None:
        """Renew the access tokens, which expire before the drill ends."""
        self.people = [
            (patient, start_session(user=user_of(patient)).access) for patient, _token in self.people
        ]
        self.desk = start_session(user=self.admin).access

    def make_movable_booking(self, number: int) -> Booking:
        """Create a booking with another doctor, to be rescheduled."""
        patient = self.people[BOOKERS + HOLDERS + number][0]
        slot = make_slot(make_doctor(), now() + timedelta(days=80, hours=number))
        return make_booking(slot, patient, now=now())

    def requests_for(self, before: Slot, slot: Slot) -> list[bytes]:
        """Return all requests for `slot`. A long visit starts in `before`, the slot before it."""
        body = {"slot": str(slot.pk), "visit_type": str(self.standard.pk)}
        calls: list[tuple[str, dict[str, Any]]] = [(BOOKINGS, body)] * BOOKERS + [(HOLDS, body)] * HOLDERS
        calls += [
            (f"{BOOKINGS}{booking.pk}/reschedule/", {"slot": str(slot.pk)})
            for booking in self.bookings_to_move
        ]
        any_doctor = {"starts_at": slot.starts_at.isoformat(), "visit_type": str(self.standard.pk)}
        calls += [(BOOKINGS, any_doctor)] * ANY_DOCTOR
        calls += [(BOOKINGS, {**body, "patient": str(patient.pk)}) for patient in self.patients_of_desk()]
        calls += [(f"{SCHEDULE}/series/", self.series_from(slot))] * SERIES
        after = make_slot(self.nurse, slot.ends_at, minutes=15)
        chain_body = {"slots": [str(slot.pk), str(after.pk)]}
        calls += [(f"{SCHEDULE}/chains/{self.chain.pk}/book/", chain_body)] * CHAINS
        calls += [(BOOKINGS, {"slot": str(before.pk), "visit_type": str(self.long.pk)})] * LONG
        form_requests = [self.form(slot, patient) for patient, _token in self.people[API_CLIENTS:]]
        return [
            self.request_of(number, path, body) for number, (path, body) in enumerate(calls)
        ] + form_requests

    def series_from(self, slot: Slot) -> dict[str, Any]:
        """Return the body for a series that starts at the slot. Its second visit has no slot."""
        local = local_time(slot.starts_at, current_clinic().zone)
        visit_type = str(self.standard.pk)
        times = {
            "first_on": local.on.isoformat(),
            "clock": local.time,
            "unit": "week",
            "every": 12,
            "count": 2,
        }
        return {"doctor": str(self.doctor.pk), "visit_type": visit_type, **times}

    def patients_of_desk(self) -> list[Patient]:
        """Return the patients for whom the front desk books."""
        start = BOOKERS + HOLDERS + RESCHEDULERS + ANY_DOCTOR
        return [patient for patient, _token in self.people[start : start + DESK]]

    def request_of(self, number: int, path: str, body: dict[str, Any]) -> bytes:
        """Return the request of a patient by number, or of the front desk if the body names a patient."""
        token = self.desk if "patient" in body else self.people[number][1]
        return post(path, body, host=self.host, token=token)

    def form(self, slot: Slot, patient: Patient) -> bytes:
        """Return the submission of the admin's form, as a browser sends it."""
        fields = {"patient": patient.pk, "slot": slot.pk, "visit_type": self.standard.pk, "reason": ""}
        content = urlencode({**fields, "csrfmiddlewaretoken": CSRF})
        head = {"Host": self.host, "Cookie": self.cookies, "Content-Length": str(len(content))}
        head |= {"Content-Type": "application/x-www-form-urlencoded", "Connection": "close"}
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        return f"POST {ADMIN} HTTP/1.1\r\n{lines}\r\n{content}".encode()

    def outcome_of_form(self, slot: Slot, number: int, response: Response) -> Outcome:
        """Return the outcome of a form: the admin redirects, or shows it again."""
        patient = self.people[API_CLIENTS + number][0]
        booked = Booking.objects.taking_time().filter(slot=slot, patient=patient).exists()
        return f"admin {response.status}", "" if booked else "refused"

    def offer(self, slot: Slot, *, after: float) -> str:
        """Offer the slot to a waiting patient, as the worker does. Return the error code, or nothing."""
        time.sleep(after)
        try:
            with enter_clinic(self.clinic):
                make_offer_to(self.waitlist_entry, slot, ends_at=slot.starts_at, now=now())
                self.waitlist_entry = make_entry(make_patient(), self.doctor, now=now())
        except DomainError as refused:
            return refused.code
        finally:
            connection.close()
        return ""


@pytest.fixture
def web(committed_clinic: Clinic) -> Iterator[Installation]:
    """A web server for this drill alone."""
    with open_installation() as installation:
        installation.start("web")
        yield installation
    delete_queued_jobs(clinic_id=committed_clinic.pk)


def test_every_slot_is_booked_once_over_any_path(
    web: Installation, committed_clinic: Clinic, record_figure: RecordFigure
) -> None:
    clients, start = CompetingClients(committed_clinic), next_hour()
    counts: Counter[Outcome] = Counter()
    winners: list[int] = []
    seconds: list[float] = []

    for number in range(ATTEMPTS // CLIENTS):
        before, slot = (
            make_slot(clients.doctor, start + (2 * number + n) * QUARTER, minutes=15) for n in (0, 1)
        )
        if number % SAME_TOKENS == SAME_TOKENS - 1:
            clients.sign_in_again()
        requests = deque(clients.requests_for(before, slot))
        # The first sender is most likely to win, so rotate the order.
        requests.rotate(number * ROTATION)
        with ThreadPoolExecutor(1) as worker:
            offer = worker.submit(clients.offer, slot, after=number % 5 * 0.02)
            received = deque(send_concurrently(web.port, list(requests)))
        received.rotate(-number * ROTATION)
        responses = list(received)
        outcomes = [(str(response.status), response.code) for response in responses[:API_CLIENTS]]
        outcomes += [clients.outcome_of_form(slot, *form) for form in enumerate(responses[API_CLIENTS:])]
        outcomes.append(("offer", offer.result()))
        counts.update(outcomes)
        seconds += [response.seconds for response in responses]
        winners.append(sum(refused == "" for _status, refused in outcomes))
        end_hold(slot)

    record_figure(
        "attempts over every path", f"{sum(counts.values()):,}, p95 {percentile(seconds, 0.95) * 1000:.0f} ms"
    )
    for (status, code), count in counts.most_common():
        record_figure(f"responses {status} {code}", f"{count:,}")
    assert set(winners) == {1}
    # The log is deleted with the installation, so show the reason of an outage here.
    outages = [line for line in web.home.log("web").read_text().splitlines() if "database_away" in line]
    assert set(counts) <= SUCCEEDED | REFUSED, outages
    assert overlaps("doctor_id") == overlaps("patient_id") == 0


def end_hold(slot: Slot) -> None:
    """Let a hold of the slot expire: nobody books it."""
    held = Booking.objects.filter(slot=slot, status="HELD")
    assert held.count() <= 1
    held.update(held_until=now())


def overlaps(field: str) -> int:
    """Count active bookings that overlap the previous one of the same doctor or patient."""
    live = Booking.objects.active(now=now()).order_by(field, "starts_at")
    rows = list(live.values_list(field, "starts_at", "ends_at"))
    return sum(
        first_key == second_key and ends > starts
        for (first_key, _, ends), (second_key, starts, _) in pairwise(rows)
    )


def next_hour() -> datetime:
    """Return the start of an hour tomorrow."""
    return now().replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
