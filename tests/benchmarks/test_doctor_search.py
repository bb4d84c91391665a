"""The ten doctors of a specialty who are free soonest: of a thousand, beside of ten.

Both searches go to the same server and take turns. Who has a thousand doctors should not wait for it.
"""

from datetime import timedelta
from itertools import cycle
from statistics import median

from clinics.models import Doctor
from clinics.services.profiles import add_doctor
from scheduling.hours.slot_generator import generate_slots
from tenants.base.clock import now
from tenants.models import Clinic
from tests.benchmarks.bulk_data import as_autovacuum
from tests.benchmarks.keep_alive import Load, drive, get
from tests.benchmarks.thresholds import Bound
from tests.drills.figures import Note, spread
from tests.drills.installation import House
from tests.factories.clinic_client import host_of
from tests.factories.schedule import make_hours

RUNS, SECONDS, DAYS = 5, 3, 14
DOCTORS = {"general-medicine": 1000, "dentistry": 10}
BOUND = Bound(must=1.5, aim=1.0)


def test_a_search_among_a_thousand_doctors_beside_one_among_ten(
    web: House, committed_clinic: Clinic, figures: Note
) -> None:
    for specialty, count in DOCTORS.items():
        for number in range(count):
            doctor_with_slots(f"Number {number}", specialty)
    as_autovacuum()
    host = host_of(committed_clinic)
    asked = {count: cycle([get(search_for(specialty), host=host)]) for specialty, count in DOCTORS.items()}
    found: dict[int, list[Load]] = {count: [] for count in asked}

    for _run in range(RUNS):
        for count, requests in asked.items():
            found[count].append(drive(web.port, requests, seconds=SECONDS))

    for count, loads in found.items():
        figures(
            f"search among {count:,} doctors: requests/s", spread([load.rate for load in loads], "{:,.0f}")
        )
        figures(f"search among {count:,} doctors: p50, ms", spread([load.p50 for load in loads]))
    ratios = [few.rate / many.rate for many, few in zip(*found.values(), strict=True)]
    figures(f"among 1,000 / among 10: time ({BOUND})", spread(ratios))
    assert {status for loads in found.values() for load in loads for status in load.statuses} == {200}
    assert BOUND.holds(median(ratios))


def search_for(specialty: str) -> str:
    """Its first page."""
    return f"/api/users/doctors/?specialty={specialty}&ordering=next_available&page_size=10"


def doctor_with_slots(name: str, specialty: str) -> Doctor:
    """Through the services, so that whatever they keep about open slots is kept."""
    doctor = add_doctor(name=name, specialties=[specialty])
    make_hours(doctor, *((weekday, "09:00", "11:00") for weekday in range(7)), now=now())
    generate_slots(doctor=doctor, now=now(), last=now().date() + timedelta(days=DAYS))
    return doctor
