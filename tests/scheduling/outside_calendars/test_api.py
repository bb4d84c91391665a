"""`portal/outside-calendars/`: a doctor tests, adds, lists, refreshes and removes calendars."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from clinics.models import Doctor, Patient
from scheduling.models import BusyPeriod, OutsideCalendar
from tenants.accounts.models import AuditEntry, User
from tests.factories.calendar_server import ADDRESS, CalendarServer, calendar, event
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_doctor, user_of
from tests.factories.schedule import make_booking, make_slot
from tests.scheduling.outside_calendars.conftest import AddCalendar

URL = "/api/portal/outside-calendars/"
NINE = event("20260303T090000Z", "20260303T100000Z")


@pytest.fixture
def client(as_user: Callable[..., ClinicClient], doctor: Doctor) -> ClinicClient:
    """A client of the doctor."""
    return as_user(doctor.user)


def test_a_calendar_is_tested_added_listed_and_removed(
    client: ClinicClient, provider: CalendarServer, doctor: Doctor, now: datetime
) -> None:
    provider.body = calendar(NINE, event("20260401T090000Z", "20260401T100000Z", uid="2"))
    source = {"address": ADDRESS.replace("https://", "webcal://")}

    tested = client.post(f"{URL}test/", source)
    assert tested.json()["message"] == ("The calendar can be read. It has 1 busy time in the next two weeks.")
    assert not OutsideCalendar.objects.exists()

    added = client.post(URL, source | {"name": "Family"})
    assert added.status_code == 201
    (row,) = data_of(client.get(URL))["calendars"]
    assert {key: row[key] for key in ("name", "state", "age_minutes", "busy_count", "problem_text")} == {
        "name": "Family", "state": "ok", "age_minutes": 0, "busy_count": 1, "problem_text": "",
    }  # fmt: skip
    assert "secret" not in added.content.decode()

    assert data_of(client.delete(f"{URL}{row['id']}/"))["calendars"] == []
    assert not BusyPeriod.objects.exists()
    entries = AuditEntry.objects.filter(kind="scheduling.outsidecalendar")
    assert set(entries.values_list("what", flat=True)) == {"added", "removed"}


@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.clinic.example/a.ics",
        "https://user:password@hooks.clinic.example/a.ics",
        "https://10.0.0.1/a.ics",
        "https://hooks.clinic.example:22/a.ics",
        "file:///etc/passwd",
        "nonsense",
        "https://[::1/a.ics",
        "https://riverside.localhost/api/calendar/feed.ics",
    ],
)
def test_an_address_that_may_not_be_read_is_refused_at_its_field(
    client: ClinicClient, provider: CalendarServer, settings: Any, address: str
) -> None:
    settings.OUTBOUND_ALLOWED_NETWORKS = []

    refused = client.post(URL, {"address": address, "name": "x"})

    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["address"])
    assert provider.requests == []


def test_a_calendar_that_cannot_be_read_is_not_added_and_half_a_login_is_refused(
    client: ClinicClient, provider: CalendarServer
) -> None:
    provider.status = 404
    refused = client.post(URL, {"address": ADDRESS, "name": "x"})
    half = client.post(URL, {"address": ADDRESS, "name": "x", "user_name": "doc"})

    assert (refused.status_code, refused.json()["code"]) == (422, "calendar_unreadable")
    assert refused.json()["errors"] == {"address": ["There is no calendar at this address."]}
    assert (half.status_code, list(half.json()["errors"])) == (400, ["password"])
    assert not OutsideCalendar.objects.exists()


def test_a_name_is_used_once_and_there_is_a_limit(
    client: ClinicClient, provider: CalendarServer, settings: Any
) -> None:
    answers = [client.post(URL, {"address": ADDRESS, "name": name}) for name in "aabcdef"]

    assert [answer.status_code for answer in answers] == [201, 400, 201, 201, 201, 201, 422]


def test_refreshing_reads_now_and_says_what_failed(
    client: ClinicClient, add: AddCalendar, provider: CalendarServer, now: datetime
) -> None:
    added = add(NINE)
    OutsideCalendar.objects.update(attempted_at=now - timedelta(minutes=1))
    provider.status = 403

    refused = client.post(f"{URL}{added.pk}/refresh/")
    (row,) = data_of(client.get(URL))["calendars"]

    assert (refused.status_code, refused.json()["data"]) == (422, {"problem": "refused"})
    assert (row["state"], row["busy_count"]) == ("failing", 1)
    assert row["problem_text"].startswith("The server refused access.")

    provider.status = 200
    OutsideCalendar.objects.update(attempted_at=now - timedelta(minutes=1))
    (row,) = data_of(client.post(f"{URL}{added.pk}/refresh/"))["calendars"]
    assert row["state"] == "ok"


def test_appointments_that_collide_are_shown_and_the_reading_is_recorded(
    client: ClinicClient, add: AddCalendar, doctor: Doctor, patient: Patient, now: datetime
) -> None:
    make_booking(make_slot(doctor, datetime(2026, 3, 3, 9, 30, tzinfo=UTC)), patient, now=now)
    make_booking(make_slot(doctor, datetime(2026, 3, 3, 10, tzinfo=UTC)), patient, now=now)
    add(NINE)

    (row,) = data_of(client.get(URL))["collisions"]

    assert (row["local_time"], row["patient_name"]) == ("09:30", patient.full_name)
    assert AuditEntry.objects.filter(what="listed", record_id=str(patient.pk), by=doctor.user).exists()


def test_doctors_reach_their_own_calendars_and_admins_those_of_all(
    as_user: Callable[..., ClinicClient], add: AddCalendar, doctor: Doctor, admin: User, patient: Patient
) -> None:
    added = add(NINE)
    other = make_doctor()

    assert as_user(other.user).delete(f"{URL}{added.pk}/").status_code == 404
    assert as_user(other.user).get(URL, {"doctor": str(doctor.pk)}).status_code == 404
    assert data_of(as_user(other.user).get(URL))["calendars"] == []
    assert as_user(user_of(patient)).get(URL).status_code == 403
    assert len(data_of(as_user(admin).get(URL, {"doctor": str(doctor.pk)}))["calendars"]) == 1
    assert as_user(admin).delete(f"{URL}{added.pk}/").status_code == 200
