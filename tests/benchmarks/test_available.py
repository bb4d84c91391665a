"""`appointments/available/` from the cache and from Postgres, beside a static Django view of as many bytes.

All three are served by the same granian with the same middleware, and take turns.
"""

from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPConnection
from itertools import cycle, product

import pytest

from scheduling.services.generator import generate_slots
from tenants.base.clock import now
from tenants.models import Clinic
from tests.benchmarks.keep_alive import Load, drive
from tests.benchmarks.processor import processor_seconds
from tests.drills.figures import Note, spread
from tests.drills.house import House, open_house
from tests.factories.client import host_of
from tests.factories.people import make_doctor
from tests.factories.schedule import make_hours

RUNS, SECONDS = 5, 3
DOCTORS, DAYS = 40, 80


@pytest.fixture
def web(committed_clinic: Clinic) -> Iterator[House]:
    """The web server, which has the static view too."""
    with open_house() as house:
        house.settings["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
        house.start("web")
        yield house


def test_available_beside_a_static_view(web: House, committed_clinic: Clinic, figures: Note) -> None:
    host, questions = host_of(committed_clinic), weeks_of_doctors()
    size = size_of(web, questions[0], host)
    asked = {
        "static": cycle([get(f"/static-view/{size}", host)]),
        "cached": cycle([get(questions[0], host)]),
        # Every question comes again only after its answer has been forgotten.
        "uncached": cycle([get(question, host) for question in questions[1:]]),
    }
    found: dict[str, list[Load]] = {name: [] for name in asked}
    used: dict[str, list[float]] = {name: [] for name in asked}

    for _run in range(RUNS):
        for name, requests in asked.items():
            before = processor_seconds(web.running["web"])
            load = drive(web.port, requests, seconds=SECONDS)
            used[name].append((processor_seconds(web.running["web"]) - before) / len(load.latencies))
            found[name].append(load)

    figures("available/: bytes of an answer", f"{size:,} (one doctor's week, 224 slots)")
    for name, loads in found.items():
        figures(f"{name}: requests/s", spread([load.rate for load in loads], "{:,.0f}"))
        figures(f"{name}: p50, ms", spread([load.p50 for load in loads]))
        figures(f"{name}: processor time of web, ms", spread([each * 1000 for each in used[name]]))
    for name in ("cached", "uncached"):
        pairs = list(zip(found[name], found["static"], strict=True))
        figures(f"{name} / static: requests/s", spread([ours.rate / plain.rate for ours, plain in pairs]))
        figures(f"{name} / static: p50", spread([ours.p50 / plain.p50 for ours, plain in pairs]))
    assert {status for loads in found.values() for load in loads for status in load.statuses} == {200}


def weeks_of_doctors() -> list[str]:
    """Questions, each of another doctor or week, and the slots that answer them."""
    doctors = [make_doctor(user=None) for _ in range(DOCTORS)]
    first = now().date() + timedelta(days=1)
    for doctor in doctors:
        make_hours(doctor, *((weekday, "08:00", "16:00") for weekday in range(7)), now=now(), slot_minutes=15)
        generate_slots(doctor=doctor, now=now(), first=first, last=first + timedelta(days=DAYS + 6))
    starts = [first + timedelta(days=day) for day in range(DAYS)]
    return [
        f"/api/appointments/available/?doctor={doctor.pk}&from={start}&to={start + timedelta(days=6)}"
        for start, doctor in product(starts, doctors)
    ]


def get(path: str, host: str) -> bytes:
    """A request as bytes."""
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()


def size_of(web: House, path: str, host: str) -> int:
    """How long the answer is."""
    connection = HTTPConnection("127.0.0.1", web.port, timeout=10)
    connection.request("GET", path, headers={"Host": host})
    body = connection.getresponse().read()
    connection.close()
    assert body.count(b'"free"') == 7 * 32
    return len(body)
