"""The list of slots that staff added, blocked or removed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from clinics.models import Doctor, Patient
from scheduling.slots.services import add_slots, change_slot, withdraw_slot
from tenants.accounts.models import User
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import make_doctor, make_receptionist
from tests.factories.queries import queries_of
from tests.factories.schedule import make_booking
from tests.factories.time_off import make_working_doctor, slot_at

PATH = "/api/portal/slots/"
AsUser = Callable[[User | None], ClinicClient]


@pytest.fixture
def now() -> datetime:
    """Monday 2 March 2026, 08:00 in London."""
    return datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def working(clinic: Clinic, now: datetime) -> Doctor:
    """A doctor who works every day from 09:00 to 12:00, in slots of half an hour."""
    return make_working_doctor(now=now)


def listed(client: ClinicClient, kind: str, **query: Any) -> list[tuple[str, str]]:
    """Return date and local start of the listed slots."""
    response = client.get(PATH, {"kind": kind, **query})
    assert response.status_code == 200, response.json()
    return [(row["local_date"], row["local_time"]) for row in response.json()["data"]["results"]]


def test_each_kind_lists_the_coming_slots_that_staff_changed_so(
    working: Doctor, as_user: AsUser, now: datetime
) -> None:
    evening = datetime(2026, 3, 4, 18, tzinfo=UTC)
    add_slots(doctor=working, periods=[(evening, evening + timedelta(minutes=30))], now=now)
    change_slot(slot=slot_at(working, "2026-03-03 10:00"), status="blocked", now=now)
    withdraw_slot(slot=slot_at(working, "2026-03-02 11:30"), now=now)
    client = as_user(working.user)

    assert listed(client, "added") == [("2026-03-04", "18:00")]
    assert listed(client, "blocked") == [("2026-03-03", "10:00")]
    assert listed(client, "removed") == [("2026-03-02", "11:30")]
    assert listed(client, "removed", **{"from": "2026-03-03"}) == []
    assert client.get(PATH).status_code == 400


def test_the_front_desk_names_the_doctor_and_doctors_see_their_own(
    working: Doctor, as_user: AsUser, now: datetime
) -> None:
    withdraw_slot(slot=slot_at(working, "2026-03-02 11:30"), now=now)
    desk, other = as_user(make_receptionist()), as_user(make_doctor().user)

    assert listed(desk, "removed", doctor=working.pk) == [("2026-03-02", "11:30")]
    assert listed(other, "removed") == []
    assert other.get(PATH, {"kind": "removed", "doctor": str(working.pk)}).status_code == 404
    assert desk.get(PATH, {"kind": "removed"}).status_code == 400


def test_a_list_says_which_slots_are_taken_with_the_same_number_of_queries(
    working: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    client, counts = as_user(working.user), []
    for hour in (17, 18, 19):
        start = datetime(2026, 3, 4, hour, tzinfo=UTC)
        slot = add_slots(doctor=working, periods=[(start, start + timedelta(minutes=30))], now=now)[0]
        if hour == 17:
            make_booking(slot, patient, now=now)
        counts.append(len(queries_of(lambda: listed(client, "added"))))
    rows = client.get(PATH, {"kind": "added"}).json()["data"]["results"]

    assert [row["is_taken"] for row in rows] == [True, False, False]
    assert counts[1] == counts[2]
