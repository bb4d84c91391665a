"""A visit has the same local time wherever it is shown: list, hold, booking, email, calendar file."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from clinics.models import ClinicSettings, Doctor
from scheduling.hours.slot_generator import generate_slots
from scheduling.models import Booking, Place
from tenants.accounts.models import User
from tenants.base.clock import local_time
from tenants.current import enter_clinic, enter_public
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_doctor, make_patient, user_of
from tests.factories.schedule import make_hours, make_slot
from tests.factories.visit_types import make_place
from tests.notifications.conftest import Inbox
from tests.notifications.test_booking_emails import invitation, part

API = "/api/appointments"
SUMMER = (date(2027, 3, 14), date(2027, 11, 6))
"""The first and the last day of summer time in New York in 2027."""


@pytest.fixture
def now() -> datetime:
    """Sunday 31 January 2027, 12:00 in UTC."""
    return datetime(2027, 1, 31, 12, tzinfo=UTC)


@pytest.fixture
def new_york(other_clinic: Clinic, clock: Any, now: datetime) -> Iterator[Doctor]:
    """A doctor in New York who works every day from 9:00 to 12:00, with slots for the whole year."""
    with enter_clinic(other_clinic):
        ClinicSettings.objects.update(horizon_days=365)
        doctor = make_doctor()
        make_hours(doctor, *[(day, "09:00", "12:00") for day in range(7)], slot_minutes=60, now=now)
        for first in (date(2027, 3, 12), date(2027, 11, 5)):
            generate_slots(doctor=doctor, now=now, first=first, last=first + timedelta(days=4))
        yield doctor


@pytest.mark.parametrize(
    "day", ["2027-03-13", "2027-03-14", "2027-03-15", "2027-11-06", "2027-11-07", "2027-11-08"]
)
def test_a_visit_at_nine_is_at_nine_everywhere_also_around_clock_changes(
    new_york: Doctor,
    other_clinic: Clinic,
    *,
    client_for: Callable[..., ClinicClient],
    clinic: Clinic,
    run_queue: Callable[[], list[str]],
    inbox: Inbox,
    day: str,
) -> None:
    """BC13."""
    user = user_of(make_patient())
    client = client_for(other_clinic, user)
    on = date.fromisoformat(day)
    hour = 13 if SUMMER[0] <= on <= SUMMER[1] else 14

    listed = data_of(client.get(f"{API}/available/?from={day}&to={day}"))["results"]
    hold = data_of(client.post(f"{API}/holds/", {"slot": listed[0]["id"]}))
    booked = data_of(client.post(f"{API}/bookings/", {"hold": hold["id"]}))
    (mine,) = data_of(client.get(f"{API}/my-bookings/"))["results"]
    with enter_clinic(clinic):
        run_queue()

    assert [slot["local_time"] for slot in listed] == ["09:00", "10:00", "11:00"]
    for shown in (listed[0], hold, booked, mine):
        names = ("starts_at", "local_date", "local_time", "time_zone", "tz_label")
        assert [shown[name] for name in names] == [
            f"{day}T{hour}:00:00Z", day, "09:00", "America/New_York", "New York time",
        ]  # fmt: skip
    (mail,) = inbox.mails()
    _, event = invitation(mail)
    assert f"{on:%A, %B} {on.day}, 2027, 9:00 am (New York time)" in str(mail["Subject"]).replace("\n", "")
    assert "9:00 am to 10:00 am" in part(mail, "text/plain")
    assert event["DTSTART"].dt == datetime(on.year, on.month, on.day, hour, tzinfo=UTC)
    assert "9:00 am (New York time)" in event["DESCRIPTION"]


@pytest.fixture
def honolulu(clinic: Clinic, clock: Any) -> Clinic:
    """A clinic in Honolulu."""
    with enter_public():
        Clinic.objects.filter(pk=clinic.pk).update(time_zone="Pacific/Honolulu")
    clinic.time_zone = "Pacific/Honolulu"
    return clinic
