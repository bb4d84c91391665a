"""Compare `appointments/available/`, from the cache and from Postgres, with a static view of the same size.

All run in the same granian with the same middleware for the same signed-in patient, and take turns.
"""

from datetime import timedelta
from http.client import HTTPConnection
from itertools import cycle, product
from statistics import median

from clinics.models import Doctor
from scheduling.hours.slot_generator import generate_slots
from scheduling.models import BusyPeriod, OutsideCalendar
from tenants.base.clock import now
from tenants.models import Clinic
from tests.benchmarks.bulk_data import vacuum_and_analyze
from tests.benchmarks.cpu_time import processor_seconds
from tests.benchmarks.thresholds import Threshold
from tests.drills.figures import RecordFigure, spread
from tests.drills.installation import Installation
from tests.drills.keep_alive import Load, drive, get
from tests.drills.slot_race import signed_in_patient
from tests.factories.clinic_client import host_of
from tests.factories.people import make_doctor
from tests.factories.schedule import make_hours

RUNS, SECONDS = 5, 2
DOCTORS, STARTS, SLOTS_A_DAY = 40, 76, 33
WEEK, FORTNIGHT = 7, 14
THRESHOLDS = {"cached": Threshold(must=0.35, aim=0.5), "uncached": Threshold(must=0.10, aim=0.18)}
"""Requests per second, divided by those of the static view."""
PERIODS_A_DAY = 5
WITH_BUSY_PERIODS = Threshold(must=0.8, aim=0.95)
"""Requests per second for doctors with outside calendars, divided by those for doctors without."""


def test_available_compared_with_a_static_view(
    web: Installation, committed_clinic: Clinic, record_figure: RecordFigure
) -> None:
    client = {"host": host_of(committed_clinic), "token": signed_in_patient()[1]}
    doctors = busy_doctors()
    week, fortnights = available_paths(doctors, days=WEEK)[0], available_paths(doctors, days=FORTNIGHT)
    sizes = {
        "cached": size_of(web, week, slots=WEEK * SLOTS_A_DAY, **client),
        "uncached": size_of(web, fortnights[0], slots=FORTNIGHT * SLOTS_A_DAY, **client),
    }
    requests_by_name = {
        "cached": cycle([get(week, **client)]),
        "static as cached": cycle([get(f"/static-view/{sizes['cached']}", **client)]),
        # Each path is requested again only after its cache entry has expired.
        "uncached": cycle([get(path, **client) for path in fortnights[1:]]),
        "static as uncached": cycle([get(f"/static-view/{sizes['uncached']}", **client)]),
    }
    loads_by_name: dict[str, list[Load]] = {name: [] for name in requests_by_name}
    cpu_by_name: dict[str, list[float]] = {name: [] for name in requests_by_name}

    for _run in range(RUNS):
        for name, requests in requests_by_name.items():
            before = processor_seconds(web.running["web"])
            load = drive(web.port, requests, seconds=SECONDS)
            cpu_by_name[name].append((processor_seconds(web.running["web"]) - before) / len(load.latencies))
            loads_by_name[name].append(load)

    for name, size in sizes.items():
        record_figure(f"{name}: response size in bytes", f"{size:,}")
    for name, loads in loads_by_name.items():
        record_figure(f"{name}: requests/s", spread([load.rate for load in loads], "{:,.0f}"))
        record_figure(f"{name}: p50, ms", spread([load.p50 for load in loads]))
        record_figure(
            f"{name}: processor time of web, ms", spread([seconds * 1000 for seconds in cpu_by_name[name]])
        )
    ratios = {name: rates(loads_by_name[name], loads_by_name[f"static as {name}"]) for name in THRESHOLDS}
    for name, threshold in THRESHOLDS.items():
        record_figure(f"{name} / static: requests/s ({threshold})", spread(ratios[name]))
    assert {status for loads in loads_by_name.values() for load in loads for status in load.statuses} == {200}
    assert {
        name: threshold.is_met(median(ratios[name])) for name, threshold in THRESHOLDS.items()
    } == dict.fromkeys(THRESHOLDS, True)


def test_available_with_busy_periods_of_outside_calendars(
    web: Installation, committed_clinic: Clinic, record_figure: RecordFigure
) -> None:
    """Uncached, for doctors with and without outside calendars whose slots are all open."""
    client = {"host": host_of(committed_clinic), "token": signed_in_patient()[1]}
    doctors = busy_doctors()
    without, connected = doctors[: DOCTORS // 2], doctors[DOCTORS // 2 :]
    add_busy_evenings(connected)
    requests_by_name = {
        name: cycle([get(path, **client) for path in available_paths(group, days=FORTNIGHT)])
        for name, group in (("with", connected), ("without", without))
    }
    loads_by_name: dict[str, list[Load]] = {name: [] for name in requests_by_name}

    for _run in range(RUNS):
        for name, requests in requests_by_name.items():
            loads_by_name[name].append(drive(web.port, requests, seconds=SECONDS))

    for name, loads in loads_by_name.items():
        record_figure(f"{name} busy periods: requests/s", spread([load.rate for load in loads], "{:,.0f}"))
        record_figure(f"{name} busy periods: p50, ms", spread([load.p50 for load in loads]))
    ratios = rates(loads_by_name["with"], loads_by_name["without"])
    record_figure(f"with / without: requests/s ({WITH_BUSY_PERIODS})", spread(ratios))
    assert {status for loads in loads_by_name.values() for load in loads for status in load.statuses} == {200}
    assert WITH_BUSY_PERIODS.is_met(median(ratios))


def add_busy_evenings(doctors: list[Doctor]) -> None:
    """Give each doctor an outside calendar with periods after the hours, so that no slot is closed."""
    first = now().replace(hour=18, minute=0, second=0, microsecond=0)
    starts = [
        first + timedelta(days=day, minutes=30 * number)
        for day in range(STARTS + FORTNIGHT)
        for number in range(PERIODS_A_DAY)
    ]
    for doctor in doctors:
        calendar = OutsideCalendar.objects.create(
            doctor=doctor, kind="ics", name="Family", host="calendar.example", read_at=now()
        )
        BusyPeriod.objects.bulk_create(
            BusyPeriod(
                calendar=calendar, doctor=doctor, starts_at=begins, ends_at=begins + timedelta(minutes=20)
            )
            for begins in starts
        )
    vacuum_and_analyze()


def rates(measured: list[Load], static: list[Load]) -> list[float]:
    """Return the ratio of the rates of each run."""
    return [own.rate / comparison.rate for own, comparison in zip(measured, static, strict=True)]


def busy_doctors() -> list[Doctor]:
    """Create doctors with the same number of slots every day, which sets the size of the responses."""
    doctors = [make_doctor(user=None) for _ in range(DOCTORS)]
    last = now().date() + timedelta(days=STARTS + FORTNIGHT)
    for doctor in doctors:
        make_hours(doctor, *((weekday, "08:00", "16:15") for weekday in range(7)), now=now(), slot_minutes=15)
        generate_slots(doctor=doctor, now=now(), last=last)
    vacuum_and_analyze()
    return doctors


def available_paths(doctors: list[Doctor], *, days: int) -> list[str]:
    """Return paths for so many days, each with another doctor or first day."""
    starts = [now().date() + timedelta(days=1 + number) for number in range(STARTS)]
    return [
        f"/api/appointments/available/?doctor={doctor.pk}&from={start}&to={start + timedelta(days=days - 1)}"
        for start, doctor in product(starts, doctors)
    ]


def size_of(web: Installation, path: str, *, slots: int, host: str, token: str) -> int:
    """Return the size of the response in bytes, after checking its number of slots."""
    connection = HTTPConnection("127.0.0.1", web.port, timeout=10)
    connection.request("GET", path, headers={"Host": host, "Authorization": f"Bearer {token}"})
    body = connection.getresponse().read()
    connection.close()
    assert body.count(b'"free"') == slots
    return len(body)
