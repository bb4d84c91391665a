"""Response times of patients' requests as clinics, history and patients grow: figures and a chart.

One client sends one request after the other to a real server. Each kind of growth has its own clinic, in
which nothing else grows.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import product, repeat

from clinics.models import Doctor
from clinics.services.profiles import add_doctor
from embedded.run_folder import ROOT
from scheduling.hours.slot_generator import generate_slots
from scheduling.models import Slot
from tenants.base.clock import now
from tenants.current import enter_clinic
from tenants.models import Clinic
from tests.benchmarks.bulk_data import add_history, add_patients, open_benchmark_clinic, vacuum_and_analyze
from tests.benchmarks.charts import Panel, growth_chart
from tests.benchmarks.thresholds import Threshold
from tests.drills.concurrent_requests import post, send_concurrently
from tests.drills.figures import RecordFigure, percentile
from tests.drills.installation import Installation, open_installation
from tests.drills.keep_alive import get
from tests.drills.slot_race import BOOKINGS, signed_in_patient
from tests.factories.clinic_client import host_of
from tests.factories.schedule import make_hours

SEARCH = "/api/users/doctors/?specialty=general-medicine&ordering=next_available&page_size=10"
CHART = ROOT / ".local" / "benchmarks" / "growth.svg"
CLINICS, DAYS_OF_HISTORY, PATIENTS = (50, 300), (91, 365), (25_000, 100_000)
DOCTORS, DAYS, WARM_UP, SAMPLES, QUANTILE = 10, 60, 10, 60, 0.25
THRESHOLD = Threshold(must=2, aim=1.2)
"""The ratio of the last response time to the first, for each kind of growth."""


@dataclass(frozen=True, slots=True)
class MeasuredClinic:
    """A clinic, and the requests that are measured there. No request to read or book is repeated."""

    clinic: Clinic
    requests: dict[str, Iterator[bytes]]


def test_response_times_stay_flat_as_an_installation_grows(
    separate_database: None, record_figure: RecordFigure
) -> None:
    with open_installation() as installation:
        installation.start("web")
        panels = [
            measure(installation, "clinics", grow_clinics),
            measure(installation, "days of past slots, half of them booked", grow_history),
            measure(installation, "patients", grow_patients),
        ]

    title = f"Time of one request as an installation grows (a quarter of {SAMPLES} were quicker)"
    CHART.parent.mkdir(parents=True, exist_ok=True)
    CHART.write_text(growth_chart(title=title, unit="ms", panels=panels))
    record_figure("growth, picture", str(CHART))
    ratios = {}
    for panel in panels:
        for kind, times in panel.lines.items():
            values = [f"{ms:.1f} at {x:,}" for ms, x in zip(times, panel.x_values, strict=True)]
            ratios[f"{kind}, {panel.label}"] = times[-1] / times[0]
            record_figure(f"{kind}, ms, by {panel.label}", ", ".join(values))
            record_figure(
                f"{kind}, last / first, by {panel.label} ({THRESHOLD})", f"{times[-1] / times[0]:.2f}"
            )
    assert [kind for kind, ratio in ratios.items() if not THRESHOLD.is_met(ratio)] == []


def measure(installation: Installation, label: str, growing: Callable[[Clinic], Iterator[int]]) -> Panel:
    """Measure at every size of one kind of growth."""
    measured = open_measured_clinic(f"by-{label.partition(' ')[0]}")
    panel = Panel(label, [], {kind: [] for kind in measured.requests})
    for size in growing(measured.clinic):
        panel.x_values.append(size)
        for kind, seconds in latencies(installation, measured).items():
            # Take a low quantile: other load on the machine can only make a request slower.
            panel.lines[kind].append(percentile(seconds[WARM_UP:], QUANTILE) * 1000)
    return panel


def latencies(installation: Installation, measured: MeasuredClinic) -> dict[str, list[float]]:
    """Return the latencies of each kind of request, which take turns."""
    latencies_by_kind: dict[str, list[float]] = {kind: [] for kind in measured.requests}
    for _turn in range(WARM_UP + SAMPLES):
        for kind, requests in measured.requests.items():
            [response] = send_concurrently(installation.port, [next(requests)])
            assert response.status in {200, 201}
            latencies_by_kind[kind].append(response.seconds)
    return latencies_by_kind


def grow_clinics(_clinic: Clinic) -> Iterator[int]:
    """Open more clinics; yield their number at each size."""
    count_so_far = Clinic.objects.count()
    yield count_so_far
    for count in CLINICS:
        for number in range(count_so_far, count):
            open_benchmark_clinic(f"clinic-{number}")
        count_so_far = count
        yield count_so_far


def grow_history(clinic: Clinic) -> Iterator[int]:
    """Add more days of past slots; yield their number at each size."""
    days_so_far = 0
    yield days_so_far
    for days in DAYS_OF_HISTORY:
        with enter_clinic(clinic):
            add_history(first=days_so_far + 1, last=days)
        days_so_far = days
        yield days_so_far


def grow_patients(clinic: Clinic) -> Iterator[int]:
    """Add more patients; yield their number at each size."""
    count_so_far = DOCTORS
    yield count_so_far
    for count in PATIENTS:
        with enter_clinic(clinic):
            add_patients(count - count_so_far)
        count_so_far = count
        yield count_so_far


def open_measured_clinic(slug: str) -> MeasuredClinic:
    """Open a clinic with doctors who have open slots, and a patient for each of them."""
    clinic = open_benchmark_clinic(slug)
    host = host_of(clinic)
    with enter_clinic(clinic):
        doctors = [doctor_with_slots(number) for number in range(DOCTORS)]
        token, *_others = [signed_in_patient()[1] for _doctor in doctors]
        bookable, *readable = doctors
        vacuum_and_analyze()
        slots = list(Slot.objects.filter(doctor=bookable).order_by("starts_at").values_list("pk", flat=True))
    return MeasuredClinic(
        clinic,
        {
            "available/, not cached": (
                get(week, host=host, connection="close") for week in available_paths(readable)
            ),
            "a booking": (post(BOOKINGS, {"slot": str(slot)}, host=host, token=token) for slot in slots),
            "a search for a doctor": repeat(get(SEARCH, host=host, connection="close")),
        },
    )


def available_paths(doctors: list[Doctor]) -> Iterator[str]:
    """Yield paths for one week, each with another doctor or first day."""
    for number, doctor in product(range(DAYS - 7), doctors):
        start = now().date() + timedelta(days=1 + number)
        yield f"/api/appointments/available/?doctor={doctor.pk}&from={start}&to={start + timedelta(days=6)}"


def doctor_with_slots(number: int) -> Doctor:
    """Create a doctor who works eight hours every day, with slots of 15 minutes."""
    doctor = add_doctor(name=f"Number {number}", specialties=["general-medicine"])
    make_hours(doctor, *((weekday, "08:00", "16:00") for weekday in range(7)), now=now(), slot_minutes=15)
    first = now().date() + timedelta(days=1)
    generate_slots(doctor=doctor, now=now(), first=first, last=first + timedelta(days=DAYS))
    return doctor
