"""`appointments/available/` from the cache and from Postgres, beside static Django views of as many bytes.

All are served by the same granian with the same middleware to the same signed-in patient, and take turns.
"""

from datetime import timedelta
from http.client import HTTPConnection
from itertools import cycle, product
from statistics import median

from clinics.models import Doctor
from scheduling.hours.slot_generator import generate_slots
from tenants.base.clock import now
from tenants.models import Clinic
from tests.benchmarks.bulk_data import as_autovacuum
from tests.benchmarks.cpu_time import processor_seconds
from tests.benchmarks.keep_alive import Load, drive, get
from tests.benchmarks.thresholds import Bound
from tests.drills.figures import Note, spread
from tests.drills.installation import House
from tests.drills.slot_race import signed_in_patient
from tests.factories.clinic_client import host_of
from tests.factories.people import make_doctor
from tests.factories.schedule import make_hours

RUNS, SECONDS = 5, 2
DOCTORS, STARTS, SLOTS_A_DAY = 40, 76, 33
WEEK, FORTNIGHT = 7, 14
BOUNDS = {"cached": Bound(must=0.35, aim=0.5), "uncached": Bound(must=0.10, aim=0.18)}
"""Requests a second, to those of the static view."""


def test_available_beside_a_static_view(web: House, committed_clinic: Clinic, figures: Note) -> None:
    who = {"host": host_of(committed_clinic), "token": signed_in_patient()[1]}
    doctors = busy_doctors()
    week, fortnights = questions(doctors, days=WEEK)[0], questions(doctors, days=FORTNIGHT)
    sizes = {
        "cached": size_of(web, week, slots=WEEK * SLOTS_A_DAY, **who),
        "uncached": size_of(web, fortnights[0], slots=FORTNIGHT * SLOTS_A_DAY, **who),
    }
    asked = {
        "cached": cycle([get(week, **who)]),
        "static as cached": cycle([get(f"/static-view/{sizes['cached']}", **who)]),
        # Every question comes again only after its answer has been forgotten.
        "uncached": cycle([get(question, **who) for question in fortnights[1:]]),
        "static as uncached": cycle([get(f"/static-view/{sizes['uncached']}", **who)]),
    }
    found: dict[str, list[Load]] = {name: [] for name in asked}
    used: dict[str, list[float]] = {name: [] for name in asked}

    for _run in range(RUNS):
        for name, requests in asked.items():
            before = processor_seconds(web.running["web"])
            load = drive(web.port, requests, seconds=SECONDS)
            used[name].append((processor_seconds(web.running["web"]) - before) / len(load.latencies))
            found[name].append(load)

    for name, size in sizes.items():
        figures(f"{name}: bytes of an answer", f"{size:,}")
    for name, loads in found.items():
        figures(f"{name}: requests/s", spread([load.rate for load in loads], "{:,.0f}"))
        figures(f"{name}: p50, ms", spread([load.p50 for load in loads]))
        figures(f"{name}: processor time of web, ms", spread([each * 1000 for each in used[name]]))
    ratios = {name: rates(found[name], found[f"static as {name}"]) for name in BOUNDS}
    for name, bound in BOUNDS.items():
        figures(f"{name} / static: requests/s ({bound})", spread(ratios[name]))
    assert {status for loads in found.values() for load in loads for status in load.statuses} == {200}
    assert {name: bound.holds(median(ratios[name])) for name, bound in BOUNDS.items()} == dict.fromkeys(
        BOUNDS, True
    )


def rates(ours: list[Load], plain: list[Load]) -> list[float]:
    """How many times as fast, run by run."""
    return [mine.rate / other.rate for mine, other in zip(ours, plain, strict=True)]


def busy_doctors() -> list[Doctor]:
    """Doctors with as many slots every day: this is how long the answers are."""
    doctors = [make_doctor(user=None) for _ in range(DOCTORS)]
    last = now().date() + timedelta(days=STARTS + FORTNIGHT)
    for doctor in doctors:
        make_hours(doctor, *((weekday, "08:00", "16:15") for weekday in range(7)), now=now(), slot_minutes=15)
        generate_slots(doctor=doctor, now=now(), last=last)
    as_autovacuum()
    return doctors


def questions(doctors: list[Doctor], *, days: int) -> list[str]:
    """Questions about so many days, each of another doctor or first day."""
    starts = [now().date() + timedelta(days=1 + number) for number in range(STARTS)]
    return [
        f"/api/appointments/available/?doctor={doctor.pk}&from={start}&to={start + timedelta(days=days - 1)}"
        for start, doctor in product(starts, doctors)
    ]


def size_of(web: House, path: str, *, slots: int, host: str, token: str) -> int:
    """How long the answer is, which has so many slots."""
    connection = HTTPConnection("127.0.0.1", web.port, timeout=10)
    connection.request("GET", path, headers={"Host": host, "Authorization": f"Bearer {token}"})
    body = connection.getresponse().read()
    connection.close()
    assert body.count(b'"free"') == slots
    return len(body)
