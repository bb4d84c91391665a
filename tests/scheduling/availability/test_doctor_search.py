"""`users/doctors/`: the doctors that a search finds, and their order."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from clinics.models import Doctor, Specialty
from scheduling.models import WorkingHours
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_doctor, make_patient
from tests.factories.schedule import make_booking, make_hours, make_slot

DOCTORS = "/api/users/doctors/"


@pytest.fixture
def search(visitor: ClinicClient) -> Callable[..., list[str]]:
    """Search doctors by query parameters and return their names, in order."""

    def names(**query: Any) -> list[str]:
        return [doctor["name"] for doctor in data_of(visitor.get(DOCTORS, query))["results"]]

    return names


@pytest.fixture
def doctors(clinic: object) -> list[Doctor]:
    """A dentist, a physiotherapist and a doctor with both specialties."""
    return [
        make_doctor(name="Adams", title="Dr", specialties=["dentistry"]),
        make_doctor(name="Brown", title="Prof", specialties=["physiotherapy"]),
        make_doctor(name="Clark", title="Dr", specialties=["dentistry", "physiotherapy"]),
    ]


Search = Callable[..., list[str]]


def test_doctors_are_found_by_name_title_and_specialty_and_sorted_by_name(
    doctors: list[Doctor], search: Search
) -> None:
    assert search() == ["Adams", "Brown", "Clark"]
    assert search(search="row") == ["Brown"]
    assert search(search="prof") == ["Brown"]
    assert search(search="DENT") == ["Adams", "Clark"]
    assert search(search="nobody") == []


def test_doctors_are_filtered_by_specialty_code_or_id(doctors: list[Doctor], search: Search) -> None:
    dentistry = Specialty.objects.get(code="dentistry")

    assert search(specialty="dentistry") == search(specialty=str(dentistry.pk)) == ["Adams", "Clark"]
    assert search(specialty="dentistry", search="clark") == ["Clark"]
    assert search(specialty=str(uuid4())) == []


def test_an_inactive_doctor_is_not_found(
    doctors: list[Doctor], search: Search, visitor: ClinicClient
) -> None:
    Doctor.objects.filter(name="Brown").update(is_active=False)

    assert search() == ["Adams", "Clark"]
    assert [visitor.get(f"{DOCTORS}{doctor.pk}/").status_code for doctor in doctors] == [200, 404, 200]
    assert visitor.get(f"{DOCTORS}{uuid4()}/").status_code == 404


def test_doctors_are_filtered_by_the_weekdays_of_their_current_hours(
    doctors: list[Doctor], search: Search, now: datetime
) -> None:
    adams, brown, clark = doctors
    make_hours(adams, (0, "09:00", "12:00"), (0, "13:00", "17:00"), now=now)
    make_hours(brown, (1, "09:00", "12:00"), now=now)
    make_hours(clark, (0, "09:00", "12:00"), now=now)
    WorkingHours.objects.filter(doctor=clark).update(valid_until=now.date() - timedelta(days=1))

    assert [search(weekday=weekday) for weekday in (0, 1, 2)] == [["Adams"], ["Brown"], []]
    WorkingHours.objects.filter(doctor=clark).update(valid_until=now.date())
    assert search(weekday=0) == ["Adams", "Clark"]


@pytest.mark.parametrize("now", [datetime(2026, 3, 20, tzinfo=UTC)])
def test_available_on_is_a_date_in_the_clinics_time_zone(doctors: list[Doctor], search: Search) -> None:
    adams, brown, clark = doctors
    make_slot(adams, datetime(2026, 3, 29, 22, 59, tzinfo=UTC))
    make_slot(brown, datetime(2026, 3, 29, 23, 30, tzinfo=UTC))
    make_slot(clark, datetime(2026, 3, 29, 10, tzinfo=UTC), status="blocked")

    assert search(available_on="2026-03-29") == ["Adams"]
    assert search(available_on=date(2026, 3, 30)) == ["Brown"]


def test_available_on_covers_the_booking_window(doctors: list[Doctor], search: Search, now: datetime) -> None:
    make_slot(doctors[0], now + timedelta(days=90))
    make_slot(doctors[1], now + timedelta(days=91))

    assert (search(available_on="2026-05-31"), search(available_on="2026-06-01")) == (["Adams"], [])


def test_next_available_is_returned_and_can_be_ordered_by(
    doctors: list[Doctor], search: Search, visitor: ClinicClient, now: datetime
) -> None:
    adams, brown, clark = doctors
    make_slot(brown, now + timedelta(days=30))
    soonest = make_slot(clark, now + timedelta(hours=1))
    make_slot(clark, now + timedelta(hours=2))

    shown = data_of(visitor.get(f"{DOCTORS}{clark.pk}/"))
    assert (shown["next_available"], shown["tz_label"]) == ("2026-03-02T13:00:00Z", "London time")
    assert shown["next_available_local"] == {"local_date": "2026-03-02", "local_time": "13:00"}
    assert search(ordering="next_available") == ["Clark", "Brown", "Adams"]

    make_booking(soonest, make_patient(), now=now)
    assert data_of(visitor.get(f"{DOCTORS}{clark.pk}/"))["next_available"] == "2026-03-02T14:00:00Z"
    assert data_of(visitor.get(f"{DOCTORS}{adams.pk}/"))["next_available_local"] is None


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"weekday": 7}, "weekday"),
        ({"weekday": "monday"}, "weekday"),
        ({"available_on": "2026-02-30"}, "available_on"),
        ({"ordering": "-id"}, "ordering"),
        ({"search": "x" * 101}, "search"),
        ({"search": "\x00"}, "search"),
        ({"page": 99}, "page"),
    ],
)
def test_an_invalid_search_returns_400(visitor: ClinicClient, query: dict[str, Any], field: str) -> None:
    answer = visitor.get(DOCTORS, query)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
