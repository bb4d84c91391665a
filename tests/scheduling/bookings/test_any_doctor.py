"""Times with any doctor: whom they are booked with, and that the list and the booking agree."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine

from clinics.models import ClinicSettings, Doctor
from scheduling.hours.services import set_exception
from scheduling.hours.slot_generator import generate_slots
from scheduling.models import Booking, VisitType
from tenants.accounts.models import User
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_doctor, make_patient
from tests.factories.schedule import make_booking, make_hours, make_slot
from tests.factories.visit_types import make_place, make_room, make_visit_type

API = "/api/appointments"
AsUser = Callable[[User | None], ClinicClient]


@pytest.fixture
def now() -> datetime:
    """Sunday 3 January 2027, noon in London."""
    return datetime(2027, 1, 3, 12, tzinfo=UTC)


@pytest.fixture
def make_client(as_user: AsUser) -> Callable[[], ClinicClient]:
    """Return a function that makes a client of a new patient."""
    return lambda: as_user(make_patient().user)


def works(doctor: Doctor, opens: str, closes: str, *, now: datetime, slot_minutes: int = 30) -> Doctor:
    """Give the doctor these hours on Mondays, with their slots."""
    make_hours(doctor, (0, opens, closes), now=now, slot_minutes=slot_minutes)
    generate_slots(doctor=doctor, now=now, last=date(2027, 2, 1))
    return doctor


def listed(client: ClinicClient, **query: Any) -> list[dict[str, Any]]:
    """Return the times that `available/` lists with any doctor."""
    found: list[dict[str, Any]] = data_of(
        client.get(f"{API}/available/?{urlencode({'any_doctor': 'true', **query})}")
    )["results"]
    return found


def listed_at(client: ClinicClient, starts_at: str, **query: Any) -> list[dict[str, Any]]:
    """Return the listed times that start then."""
    return [slot for slot in listed(client, **query) if slot["starts_at"] == starts_at]


def book_any(client: ClinicClient, starts_at: str, **body: Any) -> Any:
    return client.post(f"{API}/bookings/", {"starts_at": starts_at, **body})


# Holds


def test_a_hold_of_a_time_with_any_doctor_leaves_the_other_doctors_times(
    make_client: Callable[[], ClinicClient], visitor: ClinicClient, now: datetime
) -> None:
    """BC05."""
    for _ in range(2):
        works(make_doctor(), "09:00", "10:00", now=now)
    nine = "2027-01-04T09:00:00Z"
    p1, p2, p3 = (make_client() for _ in range(3))

    def hold(client: ClinicClient, slot: dict[str, Any]) -> Any:
        return client.post(f"{API}/holds/", {"slot": slot["id"]})

    (first,) = listed_at(visitor, nine)
    held = data_of(hold(p1, first))
    (second,) = listed_at(visitor, nine)
    assert second["doctor"] != first["doctor"]
    assert hold(p2, second).status_code == 201

    assert listed_at(visitor, nine) == []
    refused = [hold(p3, first), hold(p3, second), book_any(p3, nine)]
    assert [(response.status_code, response.json()["code"]) for response in refused] == [
        (409, "slot_taken")
    ] * 3
    assert held["doctor"]["id"] == first["doctor"]


def test_after_a_hold_with_any_doctor_expires_another_patient_gets_the_time_and_its_patient_is_refused(
    make_client: Callable[[], ClinicClient], visitor: ClinicClient, now: datetime
) -> None:
    """BC05."""
    ClinicSettings.objects.update(hold_minutes=5)
    for _ in range(2):
        works(make_doctor(), "09:00", "10:00", now=now)
    nine = "2027-01-04T09:00:00Z"
    p1, p2, p3 = (make_client() for _ in range(3))
    (first,) = listed_at(visitor, nine)
    hold = data_of(p1.post(f"{API}/holds/", {"slot": first["id"]}))
    assert book_any(p2, nine).status_code == 201
    expired = datetime.fromisoformat(hold["held_until"])

    with time_machine.travel(expired, tick=False):
        booked = book_any(p3, nine)
        late = p1.post(f"{API}/bookings/", {"hold": hold["id"]})

    assert (booked.status_code, data_of(booked)["doctor"]["id"]) == (201, first["doctor"])
    assert (late.status_code, late.json()["code"]) == (409, "hold_expired")
    assert Booking.objects.booked().count() == 2


# Hours


@pytest.fixture
def two_hours(clinic: Clinic, now: datetime) -> VisitType:
    """A visit of two hours."""
    return make_visit_type(duration_minutes=120)


def test_any_doctor_is_one_whose_hours_cover_the_whole_visit(
    two_hours: VisitType, make_client: Callable[[], ClinicClient], visitor: ClinicClient, now: datetime
) -> None:
    """BC07."""
    early = works(make_doctor(), "09:00", "17:00", now=now)
    late = works(make_doctor(), "10:00", "17:00", now=now)
    set_exception(doctor=late, day=date(2027, 1, 11), intervals=[], now=now)
    set_exception(doctor=late, day=date(2027, 1, 18), intervals=[(420, 480)], now=now)
    for doctor in (early, late):
        generate_slots(doctor=doctor, now=now, last=date(2027, 2, 1))
    visit = {"visit_type": str(two_hours.pk)}

    def book_twice(starts_at: str) -> list[tuple[int, Any]]:
        answers = [book_any(make_client(), starts_at, **visit) for _ in range(2)]
        return [
            (answer.status_code, answer.json()["data"]["doctor"]["id"])
            if answer.status_code == 201
            else (answer.status_code, answer.json()["code"])
            for answer in answers
        ]

    assert book_twice("2027-01-04T09:00:00Z") == [(201, str(early.pk)), (409, "slot_taken")]
    assert book_twice("2027-01-11T10:00:00Z") == [(201, str(early.pk)), (409, "slot_taken")]
    assert listed_at(visitor, "2027-01-18T07:00:00Z", **visit) == []
    refused = book_any(make_client(), "2027-01-18T07:00:00Z", **visit)
    assert (refused.status_code, refused.json()["code"]) == (409, "visit_too_long")
    assert not Booking.objects.filter(doctor=late).exists()


# The list and the booking


def test_a_time_of_several_doctors_is_listed_once_for_each_place_and_stays_the_same(
    visitor: ClinicClient, now: datetime
) -> None:
    """BC21."""
    x, y = make_place(name="X"), make_place(name="Y")
    ten = datetime(2027, 1, 4, 10, tzinfo=UTC)
    for place in (x, x, y):
        make_slot(make_doctor(), ten, place=place)

    reads = [listed(visitor, to="2027-01-10") for _ in range(20)]

    assert sorted(slot["place"] for slot in reads[0]) == sorted([str(x.pk), str(y.pk)])
    assert all(read == reads[0] for read in reads)


def test_a_time_is_booked_with_the_doctor_who_is_listed(
    make_client: Callable[[], ClinicClient], visitor: ClinicClient, now: datetime
) -> None:
    """BC21. Equally busy doctors are told apart by the same rule in the list and in the booking."""
    doctors = [make_doctor() for _ in range(3)]
    days = [datetime(2027, 1, 4, 10, tzinfo=UTC) + timedelta(days=day) for day in range(12)]
    for starts_at in days:
        for doctor in doctors:
            make_slot(doctor, starts_at)

    shown, booked = [], []
    for starts_at in days:
        (slot,) = listed_at(visitor, f"{starts_at:%Y-%m-%dT%H:%M:%SZ}")
        shown.append(slot["doctor"])
        booked.append(data_of(book_any(make_client(), slot["starts_at"]))["doctor"]["id"])

    assert booked == shown
    # The four weeks around each day count, so nobody gets more bookings than the others.
    assert sorted(shown.count(str(doctor.pk)) for doctor in doctors) == [4, 4, 4]


def test_if_all_rooms_of_one_place_are_taken_a_doctor_elsewhere_is_booked(
    make_client: Callable[[], ClinicClient], visitor: ClinicClient, now: datetime
) -> None:
    x, y = make_place(), make_place()
    visit = make_visit_type(needs_room=True)
    room, _ = make_room(place=x), make_room(place=y)
    ten = datetime(2027, 1, 4, 10, tzinfo=UTC)
    here, there = make_doctor(), make_doctor()
    make_slot(here, ten, place=x)
    make_slot(there, ten, place=y)
    other = make_booking(make_slot(make_doctor(), ten, place=x), make_patient(), now=now)
    Booking.objects.filter(pk=other.pk).update(room=room)
    # The doctor whose place has no room is the less busy one.
    make_booking(make_slot(there, ten + timedelta(hours=2)), make_patient(), now=now)
    query = {"visit_type": str(visit.pk), "to": "2027-01-04"}

    (slot,) = listed_at(visitor, "2027-01-04T10:00:00Z", **query)
    booked = book_any(make_client(), slot["starts_at"], visit_type=str(visit.pk))

    assert slot["doctor"] == str(there.pk)
    assert (booked.status_code, data_of(booked)["doctor"]["id"]) == (201, str(there.pk))
