"""The requests of the front desk in a large clinic, on its screens and for a caller: no step may take long.

`SLOTS=700000 make bench ARGS="-k caller"` measures 250 doctors who work 13 weeks in quarters of an hour.
"""

import json
import os
from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPConnection
from itertools import chain
from statistics import median
from time import perf_counter
from typing import Any
from urllib.parse import quote

from clinics.models import Patient
from clinics.services.profiles import add_doctor
from scheduling.bookings.book import book_slot
from scheduling.hours.slot_generator import generate_slots
from scheduling.models import Slot
from tenants.accounts.sessions.services import start_session
from tenants.base.clock import now
from tenants.models import Clinic
from tests.benchmarks.bulk_data import BOOKINGS, add_patients, vacuum_and_analyze
from tests.benchmarks.without_timeout import execute_without_timeout
from tests.drills.figures import RecordFigure
from tests.drills.installation import Installation
from tests.factories.clinic_client import host_of
from tests.factories.people import make_patient, make_receptionist
from tests.factories.schedule import make_hours
from tests.factories.visit_types import make_visit_type
from tests.factories.waitlist import make_entry

SLOTS, PATIENTS = int(os.environ.get("SLOTS", "60000")), int(os.environ.get("PATIENTS", "100000"))
DAYS, SLOTS_A_DAY, BOOKED_DAYS, SAMPLES, WAITING = 89, 31, 14, 15, 2000
MUST_MS = 300
"""The median of each step."""

ENTRIES = """
INSERT INTO scheduling_waitlistentry
SELECT another.* FROM scheduling_waitlistentry AS model,
    (SELECT id FROM clinics_patient LIMIT %(count)s) AS patient,
    LATERAL jsonb_populate_record(model, jsonb_build_object(
        'id', gen_random_uuid(), 'patient_id', patient.id
    )) AS another
WHERE model.id = %(entry)s
"""


def test_no_step_of_a_booking_for_a_caller_takes_long(
    web: Installation, committed_clinic: Clinic, record_figure: RecordFigure
) -> None:
    doctors = max(SLOTS // (DAYS * SLOTS_A_DAY), 2)
    fill(doctors)
    desk = Desk(web, committed_clinic)
    times: dict[str, list[float]] = {}

    for number in range(SAMPLES):
        for step, seconds in chain(desk.call(number), desk.look_around(number)):
            times.setdefault(step, []).append(seconds * 1000)

    record_figure(
        "doctors, slots, patients", f"{doctors}, {Slot.objects.count():,}, {Patient.objects.count():,}"
    )
    for step, milliseconds in times.items():
        record_figure(
            f"{step}: median and maximum, ms", f"{median(milliseconds):.0f}, {max(milliseconds):.0f}"
        )
    assert {step: ms for step, ms in ((s, median(t)) for s, t in times.items()) if ms > MUST_MS} == {}


class Desk:
    """A receptionist with one connection to the web server."""

    def __init__(self, web: Installation, clinic: Clinic) -> None:
        self._connection = HTTPConnection("127.0.0.1", web.port, timeout=60)
        token = start_session(user=make_receptionist()).access
        self._headers = {
            "Host": host_of(clinic),
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
        }
        self._visit_type = str(make_visit_type(duration_minutes=30).pk)

    def call(self, number: int) -> Iterator[tuple[str, float]]:
        """Book for one caller. Yield each step and its time in seconds."""
        for step, text in (
            ("find by two letters", "nu"),
            ("find by name", f"num {1000 + number}"),
            ("find by telephone", f"0740{number:02}"),
            ("find by date of birth", f"{number + 1}.5.1980"),
        ):
            found, seconds = self._send("GET", f"/api/portal/patients/?q={text.replace(' ', '%20')}")
            yield step, seconds
            patients = found["results"] if step == "find by name" else []
            patient = patients[0]["id"] if patients else None
            if patient:
                chosen = patient
        query = f"/api/portal/next-free/?visit_type={self._visit_type}&patient={chosen}"
        free, seconds = self._send("GET", query)
        yield "next free", seconds
        while not free["results"]:  # no time in the days of this page
            free, seconds = self._send("GET", f"{query}&after={quote(free['next'])}")
            yield "next free, more days", seconds
        yield "next free, Fridays after 12", self._send("GET", f"{query}&weekday=4&part_of_day=afternoon")[1]
        doctor = free["results"][0]["doctor"]
        yield "next free of a doctor", self._send("GET", f"{query}&doctor={doctor}")[1]
        slot = free["results"][number % len(free["results"])]["id"]
        body = {"slot": slot, "patient": chosen, "visit_type": self._visit_type}
        hold, seconds = self._send("POST", "/api/appointments/holds/", body)
        yield "hold", seconds
        order = {"hold": hold["id"], "patient": chosen}
        booking, seconds = self._send("POST", "/api/appointments/bookings/", order)
        yield "book", seconds
        yield "what to say", self._send("GET", f"/api/portal/bookings/{booking['id']}/spoken/")[1]

    def look_around(self, number: int) -> Iterator[tuple[str, float]]:
        """Open the screens of the portal. Yield each of their requests and its time in seconds."""
        found, seconds = self._send("GET", "/api/portal/doctors/")
        yield "doctors of the calendar", seconds
        yield "doctors and visit types to choose from", self._send("GET", "/api/portal/choices/")[1]
        ids = [doctor["id"] for doctor in found["doctors"]]
        shown = "".join(f"&doctor={ids[(number + each) % len(ids)]}" for each in range(8))
        day = now().date() + timedelta(days=1 + number % BOOKED_DAYS)
        query = f"/api/portal/calendar/?from={day}&to={day}"
        yield "calendar: a day of eight doctors", self._send("GET", query + shown)[1]
        week = (
            f"/api/portal/calendar/?from={day}&to={day + timedelta(days=6)}&doctor={ids[number % len(ids)]}"
        )
        yield "calendar: a week of a doctor", self._send("GET", week)[1]
        yield "Today: board of all doctors", self._send("GET", f"/api/portal/board/?date={day}")[1]
        one = f"/api/portal/board/?date={day}&doctors={ids[number % len(ids)]}"
        yield "Today: board of a doctor", self._send("GET", one)[1]
        yield "Today: requests, free times", self._send("GET", "/api/portal/dashboard/")[1]
        yield "Today: failed messages", self._send("GET", "/api/portal/failed-messages/")[1]
        yield "waiting list", self._send("GET", "/api/portal/waitlist/?page=1&page_size=25")[1]

    def _send(self, method: str, path: str, body: Any = None) -> tuple[Any, float]:
        started = perf_counter()
        self._connection.request(method, path, body and json.dumps(body), self._headers)
        response = self._connection.getresponse()
        content = response.read()
        seconds = perf_counter() - started
        assert response.status in {200, 201}, content
        return json.loads(content)["data"], seconds


def fill(doctors: int) -> None:
    """Doctors with slots for 13 weeks, of which half are booked in the next two weeks, and patients."""
    tomorrow = now().date() + timedelta(days=1)
    for number in range(doctors):
        doctor = add_doctor(name=f"Number {number}", specialties=["general-medicine"])
        make_hours(doctor, *((day, "08:00", "15:45") for day in range(7)), now=now(), slot_minutes=15)
        generate_slots(doctor=doctor, now=now(), first=tomorrow, last=tomorrow + timedelta(days=DAYS - 1))
    patient = make_patient(phone="+447400123456", date_of_birth="1980-05-04")
    add_patients(max(PATIENTS, doctors))
    later = Slot.objects.order_by("starts_at").last()
    assert later is not None
    book_slot(slot_id=later.pk, patient=patient, by=make_receptionist(), now=now())
    statement = BOOKINGS.replace("'COMPLETED'", "'CONFIRMED'")
    execute_without_timeout(statement, {"first": -BOOKED_DAYS, "last": -1})
    entry = make_entry(patient, later.doctor, now=now())
    execute_without_timeout(ENTRIES, {"entry": entry.pk, "count": WAITING})
    vacuum_and_analyze()
