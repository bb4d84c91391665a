"""`users/doctors/`: who is found, in which order."""

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
def found(visitor: ClinicClient) -> Callable[..., list[str]]:
    """The names of the doctors that a query finds, in order."""

    def ask(**query: Any) -> list[str]:
        return [doctor["name"] for doctor in data_of(visitor.get(DOCTORS, query))["results"]]

    return ask


@pytest.fixture
def three(clinic: object) -> list[Doctor]:
    """A dentist, a physiotherapist and one who does both."""
    return [
        make_doctor(name="Adams", title="Dr", specialties=["dentistry"]),
        make_doctor(name="Brown", title="Prof", specialties=["physiotherapy"]),
        make_doctor(name="Clark", title="Dr", specialties=["dentistry", "physiotherapy"]),
    ]


Found = Callable[..., list[str]]


def test_doctors_are_found_by_name_title_and_specialty_in_order_of_name(
    three: list[Doctor], found: Found
) -> None:
    assert found() == ["Adams", "Brown", "Clark"]
    assert found(search="row") == ["Brown"]
    assert found(search="prof") == ["Brown"]
    assert found(search="DENT") == ["Adams", "Clark"]
    assert found(search="nobody") == []


def test_a_specialty_is_asked_for_by_code_or_id(three: list[Doctor], found: Found) -> None:
    dentistry = Specialty.objects.get(code="dentistry")

    assert found(specialty="dentistry") == found(specialty=str(dentistry.pk)) == ["Adams", "Clark"]
    assert found(specialty="dentistry", search="clark") == ["Clark"]
    assert found(specialty=str(uuid4())) == []


def test_who_takes_no_bookings_is_not_found(three: list[Doctor], found: Found, visitor: ClinicClient) -> None:
    Doctor.objects.filter(name="Brown").update(is_active=False)

    assert found() == ["Adams", "Clark"]
    assert [visitor.get(f"{DOCTORS}{doctor.pk}/").status_code for doctor in three] == [200, 404, 200]
    assert visitor.get(f"{DOCTORS}{uuid4()}/").status_code == 404


def test_a_weekday_is_one_on_which_the_doctor_still_works(
    three: list[Doctor], found: Found, now: datetime
) -> None:
    adams, brown, clark = three
    make_hours(adams, (0, "09:00", "12:00"), (0, "13:00", "17:00"), now=now)
    make_hours(brown, (1, "09:00", "12:00"), now=now)
    make_hours(clark, (0, "09:00", "12:00"), now=now)
    WorkingHours.objects.filter(doctor=clark).update(valid_until=now.date() - timedelta(days=1))

    assert [found(weekday=weekday) for weekday in (0, 1, 2)] == [["Adams"], ["Brown"], []]
    WorkingHours.objects.filter(doctor=clark).update(valid_until=now.date())
    assert found(weekday=0) == ["Adams", "Clark"]


@pytest.mark.parametrize("now", [datetime(2026, 3, 20, tzinfo=UTC)])
def test_available_on_is_the_clinics_own_day(three: list[Doctor], found: Found) -> None:
    adams, brown, clark = three
    make_slot(adams, datetime(2026, 3, 29, 22, 59, tzinfo=UTC))
    make_slot(brown, datetime(2026, 3, 29, 23, 30, tzinfo=UTC))
    make_slot(clark, datetime(2026, 3, 29, 10, tzinfo=UTC), status="blocked")

    assert found(available_on="2026-03-29") == ["Adams"]
    assert found(available_on=date(2026, 3, 30)) == ["Brown"]


def test_available_on_reaches_as_far_as_bookings(three: list[Doctor], found: Found, now: datetime) -> None:
    make_slot(three[0], now + timedelta(days=90))
    make_slot(three[1], now + timedelta(days=91))

    assert (found(available_on="2026-05-31"), found(available_on="2026-06-01")) == (["Adams"], [])


def test_the_soonest_open_slot_is_shown_and_ordered_by(
    three: list[Doctor], found: Found, visitor: ClinicClient, now: datetime
) -> None:
    adams, brown, clark = three
    make_slot(brown, now + timedelta(days=30))
    soonest = make_slot(clark, now + timedelta(hours=1))
    make_slot(clark, now + timedelta(hours=2))

    shown = data_of(visitor.get(f"{DOCTORS}{clark.pk}/"))
    assert (shown["next_available"], shown["tz_label"]) == ("2026-03-02T13:00:00Z", "London time")
    assert shown["next_available_local"] == {"local_date": "2026-03-02", "local_time": "13:00"}
    assert found(ordering="next_available") == ["Clark", "Brown", "Adams"]

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
def test_a_search_that_makes_no_sense_is_400(
    visitor: ClinicClient, query: dict[str, Any], field: str
) -> None:
    answer = visitor.get(DOCTORS, query)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
