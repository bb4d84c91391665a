"""How the times of what patients do grow with clinics, with history and with patients: figures and a picture.

One person asks one thing after the other; the server is the real one. Each kind of growth has a clinic of its
own, in which nothing else grows.
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
from tests.benchmarks.bulk_data import add_history, add_patients, as_autovacuum, open_another
from tests.benchmarks.charts import Panel, growth_picture
from tests.benchmarks.keep_alive import get
from tests.benchmarks.thresholds import Bound
from tests.drills.concurrent_requests import post, volley
from tests.drills.figures import Note, percentile
from tests.drills.installation import House, open_house
from tests.drills.slot_race import BOOKINGS, signed_in_patient
from tests.factories.clinic_client import host_of
from tests.factories.schedule import make_hours

SEARCH = "/api/users/doctors/?specialty=general-medicine&ordering=next_available&page_size=10"
PICTURE = ROOT / ".local" / "benchmarks" / "growth.svg"
CLINICS, DAYS_OF_HISTORY, PATIENTS = (50, 300), (91, 365), (25_000, 100_000)
DOCTORS, DAYS, WARM, TIMES, QUICKER = 10, 60, 10, 60, 0.25
BOUND = Bound(must=2, aim=1.2)
"""How many times as long something takes at the end of an axis as at its beginning."""


@dataclass(frozen=True, slots=True)
class Place:
    """A clinic, and what is asked there: no question and no booking comes twice."""

    clinic: Clinic
    asked: dict[str, Iterator[bytes]]


def test_growth(own_ground: None, figures: Note) -> None:
    with open_house() as house:
        house.start("web")
        panels = [
            panel_of(house, "clinics", more_clinics),
            panel_of(house, "days of past slots, half of them booked", more_history),
            panel_of(house, "patients", more_patients),
        ]

    title = f"Time of one request as an installation grows (a quarter of {TIMES} were quicker)"
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_text(growth_picture(title=title, unit="ms", panels=panels))
    figures("growth, picture", str(PICTURE))
    ratios = {}
    for panel in panels:
        for kind, times in panel.lines.items():
            told = [f"{ms:.1f} at {place:,}" for ms, place in zip(times, panel.places, strict=True)]
            ratios[f"{kind}, {panel.label}"] = times[-1] / times[0]
            figures(f"{kind}, ms, by {panel.label}", ", ".join(told))
            figures(f"{kind}, last / first, by {panel.label} ({BOUND})", f"{times[-1] / times[0]:.2f}")
    assert [what for what, ratio in ratios.items() if not BOUND.holds(ratio)] == []


def panel_of(house: House, label: str, growing: Callable[[Clinic], Iterator[int]]) -> Panel:
    """Measure at every stage of one kind of growth."""
    place = open_place(f"by-{label.partition(' ')[0]}")
    panel = Panel(label, [], {kind: [] for kind in place.asked})
    for stage in growing(place.clinic):
        panel.places.append(stage)
        for kind, waited in waits(house, place).items():
            # Of the quicker ones: whatever else the machine does can only make a request slower.
            panel.lines[kind].append(percentile(waited[WARM:], QUICKER) * 1000)
    return panel


def waits(house: House, place: Place) -> dict[str, list[float]]:
    """How long each answer took; the kinds take turns."""
    waited: dict[str, list[float]] = {kind: [] for kind in place.asked}
    for _turn in range(WARM + TIMES):
        for kind, requests in place.asked.items():
            [answer] = volley(house.port, [next(requests)])
            assert answer.status in {200, 201}
            waited[kind].append(answer.seconds)
    return waited


def more_clinics(_clinic: Clinic) -> Iterator[int]:
    """As many as there are, and more."""
    there = Clinic.objects.count()
    yield there
    for count in CLINICS:
        for number in range(there, count):
            open_another(f"clinic-{number}")
        there = count
        yield there


def more_history(clinic: Clinic) -> Iterator[int]:
    """None, and more."""
    since = 0
    yield since
    for days in DAYS_OF_HISTORY:
        with enter_clinic(clinic):
            add_history(first=since + 1, last=days)
        since = days
        yield since


def more_patients(clinic: Clinic) -> Iterator[int]:
    """A few, and more."""
    there = DOCTORS
    yield there
    for count in PATIENTS:
        with enter_clinic(clinic):
            add_patients(count - there)
        there = count
        yield there


def open_place(slug: str) -> Place:
    """A clinic with doctors whose slots are open, and a patient for each of them."""
    clinic = open_another(slug)
    host = host_of(clinic)
    with enter_clinic(clinic):
        doctors = [doctor_with_slots(number) for number in range(DOCTORS)]
        token, *_others = [signed_in_patient()[1] for _doctor in doctors]
        booked, *read = doctors
        as_autovacuum()
        slots = list(Slot.objects.filter(doctor=booked).order_by("starts_at").values_list("pk", flat=True))
    return Place(
        clinic,
        {
            "available/, not cached": (get(week, host=host, connection="close") for week in weeks_of(read)),
            "a booking": (post(BOOKINGS, {"slot": str(slot)}, host=host, token=token) for slot in slots),
            "a search for a doctor": repeat(get(SEARCH, host=host, connection="close")),
        },
    )


def weeks_of(doctors: list[Doctor]) -> Iterator[str]:
    """Questions about a week, each of another doctor or first day."""
    for number, doctor in product(range(DAYS - 7), doctors):
        start = now().date() + timedelta(days=1 + number)
        yield f"/api/appointments/available/?doctor={doctor.pk}&from={start}&to={start + timedelta(days=6)}"


def doctor_with_slots(number: int) -> Doctor:
    """A doctor who works every day, eight hours, in quarters of an hour."""
    doctor = add_doctor(name=f"Number {number}", specialties=["general-medicine"])
    make_hours(doctor, *((weekday, "08:00", "16:00") for weekday in range(7)), now=now(), slot_minutes=15)
    first = now().date() + timedelta(days=1)
    generate_slots(doctor=doctor, now=now(), first=first, last=first + timedelta(days=DAYS))
    return doctor
