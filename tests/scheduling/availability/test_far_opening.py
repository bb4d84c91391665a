"""The only open time is far ahead: every search names it, and nothing says that there is none."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from clinics.models import Doctor, Patient
from scheduling.clock.planning import Hours
from scheduling.hours.services import set_exception, set_working_hours
from scheduling.hours.slot_generator import generate_slots
from scheduling.models import Slot
from tenants.accounts.models import User
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_doctor, make_patient
from tests.factories.schedule import make_booking

API = "/api/appointments"
DAY_44 = date(2027, 2, 16)
OPEN = "2027-02-16T09:00:00Z"


@pytest.fixture
def now() -> datetime:
    """Sunday 3 January 2027, noon in London. Patients book 90 days ahead, until 3 April."""
    return datetime(2027, 1, 3, 12, tzinfo=UTC)


@pytest.fixture
def doctor(doctor: Doctor, now: datetime) -> Doctor:
    """A doctor who is fully booked for five weeks, and has one extra opening on day 44."""
    last = now.date() + timedelta(weeks=5)
    hours = [Hours(day, 540, 600, 60, valid_until=last) for day in range(7)]
    set_working_hours(doctor=doctor, week=hours, now=now)
    set_exception(doctor=doctor, day=DAY_44, intervals=[(540, 600)], slot_minutes=60, now=now)
    generate_slots(doctor=doctor, now=now)
    for slot in Slot.objects.filter(doctor=doctor, starts_at__date__lte=last):
        make_booking(slot, make_patient(), now=now)
    return doctor


def test_the_only_time_on_day_44_is_named_by_every_search(doctor: Doctor, visitor: ClinicClient) -> None:
    """BC27."""
    other = make_doctor()
    window = "from=2027-01-03&to=2027-04-03"

    soonest = data_of(visitor.get("/api/users/doctors/?ordering=next_available"))["results"]
    detail = data_of(visitor.get(f"/api/users/doctors/{doctor.pk}/"))
    of_day = data_of(visitor.get(f"/api/users/doctors/?available_on={DAY_44}"))["results"]
    any_doctor = data_of(
        visitor.get(f"{API}/available/?any_doctor=true&specialty=general-medicine&{window}&page_size=1")
    )

    assert [(each["id"], each["next_available"]) for each in soonest] == [
        (str(doctor.pk), OPEN), (str(other.pk), None),
    ]  # fmt: skip
    assert (detail["next_available"], [each["id"] for each in of_day]) == (OPEN, [str(doctor.pk)])
    assert (any_doctor["count"], [slot["starts_at"] for slot in any_doctor["results"]]) == (1, [OPEN])


def test_when_the_only_time_is_taken_nothing_is_named_and_the_waiting_list_is_open(
    doctor: Doctor, patient: Patient, visitor: ClinicClient, as_user: Callable[[User | None], ClinicClient]
) -> None:
    """BC27."""
    slot = Slot.objects.get(doctor=doctor, starts_at=OPEN)
    booked = as_user(make_patient().user).post(f"{API}/bookings/", {"slot": str(slot.pk)})

    detail = data_of(visitor.get(f"/api/users/doctors/{doctor.pk}/"))
    listed = data_of(visitor.get(f"{API}/available/?doctor={doctor.pk}&from=2027-01-03&to=2027-04-03"))
    body = {"doctor": str(doctor.pk), "from": "2027-01-03", "to": "2027-03-03"}
    joined = as_user(patient.user).post(f"{API}/waitlist/", body)

    assert booked.status_code == 201
    assert (detail["next_available"], listed["count"], joined.status_code) == (None, 0, 201)
