"""A visit has the same local time wherever it is shown: list, hold, booking, email, calendar file."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from icalendar import Calendar

from clinics.models import ClinicSettings, Doctor
from scheduling.hours.slot_generator import generate_slots
from scheduling.models import Place
from tenants.accounts.models import User
from tenants.current import enter_clinic, enter_public
from tenants.models import Clinic
from tests.factories.admin_pages import get_form, get_page, submit_form
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
def new_york(clinic: Clinic, other_clinic: Clinic, clock: Any, now: datetime) -> Doctor:
    """A doctor in New York who works every day from 9:00 to 12:00, with slots for the whole year."""
    with enter_clinic(other_clinic):
        ClinicSettings.objects.update(horizon_days=365)
        doctor = make_doctor()
        make_hours(doctor, *[(day, "09:00", "12:00") for day in range(7)], slot_minutes=60, now=now)
        for first in (date(2027, 3, 12), date(2027, 11, 5)):
            generate_slots(doctor=doctor, now=now, first=first, last=first + timedelta(days=4))
    return doctor


@pytest.mark.parametrize(
    "day", ["2027-03-13", "2027-03-14", "2027-03-15", "2027-11-06", "2027-11-07", "2027-11-08"]
)
def test_a_visit_at_nine_is_at_nine_everywhere_also_around_clock_changes(
    new_york: Doctor,
    other_clinic: Clinic,
    *,
    client_for: Callable[..., ClinicClient],
    run_queue: Callable[[], list[str]],
    inbox: Inbox,
    day: str,
) -> None:
    """BC13."""
    with enter_clinic(other_clinic):
        client = client_for(other_clinic, user_of(make_patient()))
    on = date.fromisoformat(day)
    hour = 13 if SUMMER[0] <= on <= SUMMER[1] else 14

    listed = data_of(client.get(f"{API}/available/?from={day}&to={day}"))["results"]
    hold = data_of(client.post(f"{API}/holds/", {"slot": listed[0]["id"]}))
    booked = data_of(client.post(f"{API}/bookings/", {"hold": hold["id"]}))
    (mine,) = data_of(client.get(f"{API}/my-bookings/"))["results"]
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
def honolulu(clinic: Clinic, clock: Any, monkeypatch: pytest.MonkeyPatch) -> Clinic:
    """The test's clinic, in Honolulu."""
    with enter_public():
        Clinic.objects.filter(pk=clinic.pk).update(time_zone="Pacific/Honolulu")
    monkeypatch.setattr(clinic, "time_zone", "Pacific/Honolulu")
    return clinic


def test_a_place_is_never_shown_in_utc(
    honolulu: Clinic,
    doctor: Doctor,
    admin: User,
    *,
    client_for: Callable[..., ClinicClient],
    run_queue: Callable[[], list[str]],
    inbox: Inbox,
    now: datetime,
) -> None:
    """BC15: a place with its own time zone, one that was saved as proposed, and the clinic's address."""
    desk = ClinicClient(honolulu)
    desk.force_login(admin)
    form = get_form(desk, "scheduling/place/add/") | {"name": "Hilo"}
    submit_form(desk, "scheduling/place/add/", form)
    places = [make_place("America/Los_Angeles"), Place.objects.get(name="Hilo"), None]
    user = user_of(make_patient())
    client = client_for(honolulu, user)
    starts = [now + timedelta(days=day, hours=8) for day in (1, 2, 3)]  # 20:00 UTC, 10:00 in Honolulu

    booked = [
        data_of(client.post(f"{API}/bookings/", {"slot": str(make_slot(doctor, starts_at, place=place).pk)}))
        for starts_at, place in zip(starts, places, strict=True)
    ]
    feed = data_of(client.post(f"{API}/feeds/", {"name": "Phone"}))["url"]
    content = client.get(urlsplit(feed).path).content
    run_queue()

    labels = [("12:00", "Los Angeles time"), ("10:00", "Honolulu time"), ("10:00", "Honolulu time")]
    assert [(each["local_time"], each["tz_label"]) for each in booked] == labels
    calendar: Any = Calendar.from_ical(content)
    in_words = ["12:00 pm (Los Angeles time)", "10:00 am (Honolulu time)", "10:00 am (Honolulu time)"]
    mails = inbox.mails()
    for text, mail, event in zip(in_words, mails, calendar.walk("VEVENT"), strict=True):
        assert text in str(mail["Subject"])
        assert "UTC" not in part(mail, "text/plain")
        assert text.split(" (")[1] in event["DESCRIPTION"]
    for page in ("scheduling/booking/", f"scheduling/booking/{booked[0]['id']}/change/"):
        assert "UTC" not in get_page(desk, page)


@pytest.mark.parametrize("zone", ["", "Mars/Olympus_Mons", "localtime"])
def test_a_place_without_a_valid_time_zone_cannot_be_saved(
    honolulu: Clinic, admin: User, zone: str, now: datetime
) -> None:
    """BC15."""
    desk = ClinicClient(honolulu)
    desk.force_login(admin)

    page = submit_form(desk, "scheduling/place/add/", {"name": "Hilo", "time_zone": zone, "is_active": "on"})

    assert "errorlist" in page
    assert not Place.objects.exists()
