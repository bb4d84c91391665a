"""Compare a clinic whose doctors have limits with the same clinic without them: open slots and a booking.

The limits are switched on and off in turn, in one process on one connection.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest

from clinics.models import Doctor, Patient
from clinics.services.profiles import add_doctor
from scheduling.availability.conditions import Conditions
from scheduling.availability.open_slots import AvailabilityQuery, open_slots
from scheduling.bookings.cancel import cancel_booking
from scheduling.hours.slot_generator import generate_slots
from scheduling.models import Booking, Slot
from tenants.accounts.models import User
from tenants.base.clock import now
from tenants.models import Clinic
from tests.benchmarks.bulk_data import vacuum_and_analyze
from tests.benchmarks.test_json import seconds_for
from tests.benchmarks.thresholds import Threshold
from tests.benchmarks.without_timeout import execute_without_timeout
from tests.drills.figures import RecordFigure, spread
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import make_admin, make_patient, user_of
from tests.factories.schedule import make_booking, make_hours

RUNS, HORIZON, MONTH = 7, 90, 30
THRESHOLD = Threshold(must=1.5, aim=1.1)
"""The time with limits, divided by the time without."""

# Book every other slot of every doctor: one row the product made is copied, as in `bulk_data.py`. Each doctor
# gets a patient of their own.
_BOOK_EVERY_OTHER_SLOT = """
WITH doctor AS (SELECT id, row_number() OVER (ORDER BY id) AS place FROM clinics_doctor),
patient AS (SELECT id, row_number() OVER (ORDER BY id) AS place FROM clinics_patient),
slot AS (
    SELECT slot.*, doctor.place, row_number() OVER (
        PARTITION BY doctor_id, starts_at::date ORDER BY starts_at) AS turn
    FROM scheduling_slot AS slot JOIN doctor ON doctor.id = slot.doctor_id)
INSERT INTO scheduling_booking
SELECT another.* FROM scheduling_booking AS model, slot JOIN patient USING (place),
    LATERAL jsonb_populate_record(model, jsonb_build_object(
        'id', gen_random_uuid(), 'slot_id', slot.id, 'doctor_id', slot.doctor_id, 'patient_id', patient.id,
        'starts_at', slot.starts_at, 'ends_at', slot.ends_at
    )) AS another
WHERE model.id = %(model)s AND mod(turn, 2) = 0
"""


def clinic_with_bookings(doctors: int) -> list[Doctor]:
    """Create dentists who work from 9 to 17 on weekdays, every other 15-minute slot booked for 90 days."""
    found = []
    for number in range(doctors):
        doctor = add_doctor(name=f"Number {number}", specialties=["dentistry"])
        make_hours(doctor, *((weekday, "09:00", "17:00") for weekday in range(5)), now=now(), slot_minutes=15)
        generate_slots(doctor=doctor, now=now(), last=now().date() + timedelta(days=HORIZON))
        make_patient()
        found.append(doctor)
    # The first slot of a day, which is not one of those that the statement books.
    model = make_booking(
        Slot.objects.filter(doctor=found[0]).earliest("starts_at"), make_patient(), now=now()
    )
    execute_without_timeout(_BOOK_EVERY_OTHER_SLOT, {"model": model.pk})
    vacuum_and_analyze()
    return found


def set_limits(**limits: int | None) -> None:
    """Set or remove limits of all doctors."""
    Doctor.objects.update(**limits)


def compare(work: Callable[[], object], record_figure: RecordFigure, name: str, **limits: int) -> float:
    """Measure `work` with and without the limits in turn. Return the ratio of the quickest runs."""
    seconds: dict[bool, list[float]] = {True: [], False: []}
    for _run in range(RUNS):
        for limited, measured in seconds.items():
            set_limits(**(limits if limited else dict.fromkeys(limits)))
            measured.append(seconds_for(work))
    set_limits(**limits)
    for limited, measured in seconds.items():
        label = f"{name}, {'with' if limited else 'without'} limits, ms"
        record_figure(label, spread([each * 1000 for each in measured]))
    ratio = min(seconds[True]) / min(seconds[False])
    record_figure(f"{name}, with / without limits ({THRESHOLD})", f"{ratio:.2f}")
    return ratio


def test_open_slots_of_thirty_doctors_with_limits(
    committed_clinic: Clinic, record_figure: RecordFigure
) -> None:
    """P1."""
    clinic_with_bookings(30)
    today = now().date()
    query = AvailabilityQuery(
        today, today + timedelta(days=MONTH), 1000, conditions=Conditions(specialty="dentistry")
    )

    ratio = compare(
        lambda: open_slots(query, now=now()), record_figure, "a month", day_limit=40, week_limit=200
    )

    response = ClinicClient(committed_clinic).get("/api/appointments/available/?specialty=dentistry")
    assert response.status_code == HTTPStatus.OK
    assert json.loads(response.content)["data"]["count"] > RUNS
    assert THRESHOLD.is_met(ratio)


@pytest.mark.parametrize("every_day_full", [True, False])
def test_a_booking_with_a_doctor_with_limits(
    committed_clinic: Clinic, record_figure: RecordFigure, every_day_full: bool
) -> None:
    """P2. If not every day is full, the booking fills the last day: no open slot is left for the doctor."""
    (doctor,) = clinic_with_bookings(1)
    patient: Patient = make_patient()
    user: User = user_of(patient)
    if not every_day_full:
        latest = Booking.objects.taking_time().filter(doctor=doctor).latest("starts_at")
        cancel_booking(booking=latest, by=make_admin(), now=now())
    slot = Slot.objects.offered().untaken(now=now()).filter(doctor=doctor).latest("starts_at")
    client = ClinicClient(committed_clinic)
    client.force_authenticate(user)
    statuses: list[int] = []

    def book() -> None:
        """Book, or be refused. A made booking is removed by the next call."""
        response: Any = client.post("/api/appointments/bookings/", {"slot": str(slot.pk)})
        statuses.append(response.status_code)

    def with_room() -> None:
        for booking in Booking.objects.taking_time().filter(patient=patient):
            cancel_booking(booking=booking, by=user, now=now())
        book()

    ratio = compare(with_room, record_figure, f"a booking, full: {every_day_full}", day_limit=16)

    assert set(statuses) <= {201, 422}
    assert THRESHOLD.is_met(ratio)
