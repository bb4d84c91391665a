"""Compare the search for the ten doctors of a specialty who are free soonest: of a thousand, and of ten.

Both searches go to the same server and take turns. A clinic with a thousand doctors should not be slower.
"""

from datetime import timedelta
from itertools import cycle
from statistics import median

from clinics.models import Doctor
from clinics.services.profiles import add_doctor
from scheduling.hours.slot_generator import generate_slots
from tenants.base.clock import now
from tenants.models import Clinic
from tests.benchmarks.bulk_data import vacuum_and_analyze
from tests.benchmarks.thresholds import Threshold
from tests.drills.figures import RecordFigure, spread
from tests.drills.installation import Installation
from tests.drills.keep_alive import Load, drive, get
from tests.factories.clinic_client import host_of
from tests.factories.schedule import make_hours

RUNS, SECONDS, DAYS = 5, 3, 14
DOCTORS = {"general-medicine": 1000, "dentistry": 10}
THRESHOLD = Threshold(must=1.5, aim=1.0)


def test_a_search_among_a_thousand_doctors_compared_with_one_among_ten(
    web: Installation, committed_clinic: Clinic, record_figure: RecordFigure
) -> None:
    for specialty, count in DOCTORS.items():
        for number in range(count):
            doctor_with_slots(f"Number {number}", specialty)
    vacuum_and_analyze()
    host = host_of(committed_clinic)
    requests_by_count = {
        count: cycle([get(search_for(specialty), host=host)]) for specialty, count in DOCTORS.items()
    }
    loads_by_count: dict[int, list[Load]] = {count: [] for count in requests_by_count}

    for _run in range(RUNS):
        for count, requests in requests_by_count.items():
            loads_by_count[count].append(drive(web.port, requests, seconds=SECONDS))

    for count, loads in loads_by_count.items():
        record_figure(
            f"search among {count:,} doctors: requests/s", spread([load.rate for load in loads], "{:,.0f}")
        )
        record_figure(f"search among {count:,} doctors: p50, ms", spread([load.p50 for load in loads]))
    ratios = [few.rate / many.rate for many, few in zip(*loads_by_count.values(), strict=True)]
    record_figure(f"among 1,000 / among 10: time ({THRESHOLD})", spread(ratios))
    assert {status for loads in loads_by_count.values() for load in loads for status in load.statuses} == {
        200
    }
    assert THRESHOLD.is_met(median(ratios))


def search_for(specialty: str) -> str:
    """Return the path of the first page of a search for the specialty."""
    return f"/api/users/doctors/?specialty={specialty}&ordering=next_available&page_size=10"


def doctor_with_slots(name: str, specialty: str) -> Doctor:
    """Create a doctor with slots through the services, so that stored next open slots are up to date."""
    doctor = add_doctor(name=name, specialties=[specialty])
    make_hours(doctor, *((weekday, "09:00", "11:00") for weekday in range(7)), now=now())
    generate_slots(doctor=doctor, now=now(), last=now().date() + timedelta(days=DAYS))
    return doctor
