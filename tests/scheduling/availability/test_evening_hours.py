"""Evening hours of a clinic west of Greenwich, whose days span midnight in UTC, are listed on every day."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from clinics.models import Doctor
from scheduling.hours.slot_generator import generate_slots
from tenants.accounts.models import User
from tenants.current import enter_public
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_doctor
from tests.factories.schedule import make_hours

API = "/api/appointments"
FIRST, DAYS = date(2027, 3, 8), 14
"""Two weeks around the start of summer time in Toronto."""


@pytest.fixture
def now() -> datetime:
    """Sunday 7 March 2027, noon in UTC."""
    return datetime(2027, 3, 7, 12, tzinfo=UTC)


@pytest.fixture
def doctor(clinic: Clinic, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Doctor:
    """A doctor of a clinic in Toronto who works every day from 17:00 to 20:00, in quarters of an hour."""
    with enter_public():
        Clinic.objects.filter(pk=clinic.pk).update(time_zone="America/Toronto")
    monkeypatch.setattr(clinic, "time_zone", "America/Toronto")
    doctor = make_doctor()
    make_hours(doctor, *[(day, "17:00", "20:00") for day in range(7)], slot_minutes=15, now=now)
    generate_slots(doctor=doctor, now=now, last=FIRST + timedelta(days=DAYS))
    return doctor


def test_each_evening_is_listed_whole_whatever_the_window(
    doctor: Doctor, visitor: ClinicClient, as_user: Callable[[User | None], ClinicClient]
) -> None:
    """BC19."""
    days = [FIRST + timedelta(days=day) for day in range(DAYS)]
    evening = [f"{17 + quarter // 4}:{quarter % 4 * 15:02}" for quarter in range(12)]

    for day in days:
        for window in (f"from={day}&to={day}", f"from={day}&to={day + timedelta(days=1)}"):
            found = data_of(visitor.get(f"{API}/available/?doctor={doctor.pk}&{window}"))["results"]
            shown = [slot["local_time"] for slot in found if slot["local_date"] == str(day)]
            assert shown == evening, (day, window)
        schedule = data_of(as_user(doctor.user).get(f"{API}/my-appointments/?from={day}&to={day}"))
        assert [slot["local_time"] for slot in schedule["results"]] == evening, day

    window = f"from={days[0]}&to={days[-1]}"
    assert data_of(visitor.get(f"{API}/available/?doctor={doctor.pk}&{window}"))["count"] == 12 * DAYS
