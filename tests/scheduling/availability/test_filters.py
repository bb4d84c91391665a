"""The filters of the search for doctors and times, and the days with times."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from clinics.models import Doctor
from scheduling.models import Place, WorkingHours
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_doctor
from tests.factories.queries import queries_of
from tests.factories.schedule import make_hours, make_slot
from tests.factories.visit_types import make_place, make_visit_type

DOCTORS = "/api/users/doctors/"
AVAILABLE = "/api/appointments/available/"
Times = Callable[..., list[str]]


@pytest.fixture
def two_doctors(clinic: object) -> tuple[Doctor, Doctor]:
    """Two doctors who differ in language, sex and place."""
    anna, ben = make_doctor(name="Anna"), make_doctor(name="Ben")
    Doctor.objects.filter(pk=anna.pk).update(languages=["en", "pt-BR"], sex="female")
    Doctor.objects.filter(pk=ben.pk).update(languages=["en"], sex="male")
    return anna, ben


@pytest.fixture
def new_york(clinic: object) -> Place:
    """A place five hours behind the clinic."""
    return make_place("America/New_York", name="Manhattan")


@pytest.fixture
def times(visitor: ClinicClient) -> Times:
    """Search times by query parameters and return their local starts, in order."""

    def starts(**query: Any) -> list[str]:
        found = data_of(visitor.get(AVAILABLE, query))["results"]
        return [f"{slot['local_date'][5:]} {slot['local_time']}" for slot in found]

    return starts


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"language": "pt"}, ["Anna"]),
        ({"language": "PT-br"}, ["Anna"]),
        ({"language": "p"}, []),
        ({"language": "en", "sex": "male"}, ["Ben"]),
        ({"sex": "female"}, ["Anna"]),
        ({"place": "main"}, ["Anna"]),
        ({"part_of_day": "evening"}, ["Ben"]),
        ({"part_of_day": "morning", "weekday": 1}, []),
    ],
)
def test_doctors_are_filtered_by_language_sex_place_and_part_of_the_day(
    visitor: ClinicClient,
    two_doctors: tuple[Doctor, Doctor],
    now: datetime,
    query: dict[str, Any],
    found: list[str],
) -> None:
    (anna, ben), new_york = two_doctors, make_place("America/New_York")
    make_hours(anna, (0, "09:00", "12:00"), now=now)
    make_hours(ben, (1, "12:00", "18:00"), now=now)
    WorkingHours.objects.filter(doctor=ben).update(place=new_york)

    doctors = data_of(visitor.get(DOCTORS, query))["results"]

    assert [doctor["name"] for doctor in doctors] == found


def test_times_are_filtered_by_the_local_weekday_and_hour_of_their_place(
    two_doctors: tuple[Doctor, Doctor], new_york: Place, times: Times
) -> None:
    anna, ben = two_doctors
    # Friday 01:00 in London is Thursday 20:00 in New York. The clocks change in between, on 8 March there.
    make_slot(anna, datetime(2026, 3, 6, 16, 59, tzinfo=UTC))
    make_slot(anna, datetime(2026, 3, 6, 17, 30, tzinfo=UTC))
    make_slot(ben, datetime(2026, 3, 6, 1, tzinfo=UTC), place=new_york)
    make_slot(ben, datetime(2026, 3, 12, 21, tzinfo=UTC), place=new_york)

    assert times(after="17:00") == ["03-05 20:00", "03-06 17:30", "03-12 17:00"]
    assert times(before="17:00") == ["03-06 16:59"]
    assert times(weekday="3") == ["03-05 20:00", "03-12 17:00"]
    assert times(weekday="3,4", part_of_day="evening", before="18:00") == ["03-06 17:30", "03-12 17:00"]
    assert times(place=str(new_york.pk), after="18:00") == ["03-05 20:00"]
    assert times(place="main", part_of_day="afternoon") == ["03-06 16:59"]
    assert times(sex="female", language="pt", after="17:00") == ["03-06 17:30"]
    assert times(doctors=f"{ben.pk},{anna.pk}", before="17:00") == ["03-06 16:59"]
    assert times(part_of_day="morning", after="12:00") == []


def test_a_long_visit_may_run_past_the_hours_that_are_searched(doctor: Doctor, times: Times) -> None:
    visit_type = make_visit_type(duration_minutes=60)
    for minutes in (0, 30, 60):
        make_slot(doctor, datetime(2026, 3, 4, 16, 30, tzinfo=UTC) + timedelta(minutes=minutes))

    assert times(visit_type=visit_type.pk, before="17:00") == ["03-04 16:30"]


def test_the_days_are_those_of_the_listed_times_with_their_number(
    visitor: ClinicClient, two_doctors: tuple[Doctor, Doctor], new_york: Place, now: datetime
) -> None:
    for doctor in two_doctors:
        make_slot(doctor, datetime(2026, 3, 4, 10, tzinfo=UTC))
    make_slot(two_doctors[0], datetime(2026, 3, 4, 11, tzinfo=UTC))
    make_slot(two_doctors[1], datetime(2026, 3, 6, 1, tzinfo=UTC), place=new_york)
    path = f"{AVAILABLE}days/"

    assert data_of(visitor.get(path))["days"] == [
        {"date": "2026-03-04", "count": 3},
        {"date": "2026-03-05", "count": 1},
    ]
    assert data_of(visitor.get(path, {"any_doctor": "true", "before": "12:00"}))["days"] == [
        {"date": "2026-03-04", "count": 2}
    ]
    assert data_of(visitor.get(path, {"from": "2026-03-05", "to": "2026-03-05"}))["days"] == []


def test_the_filters_offer_what_the_doctors_have_in_one_query(
    visitor: ClinicClient, two_doctors: tuple[Doctor, Doctor], new_york: Place, now: datetime
) -> None:
    path = f"{AVAILABLE}filters/"
    make_hours(two_doctors[0], (0, "09:00", "12:00"), now=now)
    at_one_place = data_of(visitor.get(path))
    make_hours(two_doctors[1], (0, "09:00", "12:00"), now=now)
    WorkingHours.objects.filter(doctor=two_doctors[1]).update(place=new_york)

    assert at_one_place["places"] == []
    assert data_of(visitor.get(path)) == {
        "languages": ["en", "pt-BR"],
        "sexes": ["female", "male"],
        "places": [
            {"id": "main", "name": "Riverside"},
            {"id": str(new_york.pk), "name": "Manhattan"},
        ],
    }
    Doctor.objects.filter(pk=two_doctors[0].pk).update(is_active=False)
    assert data_of(visitor.get(path))["languages"] == ["en"]
    assert len([query for query in queries_of(lambda: visitor.get(path)) if "at_places" in query]) == 1


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (DOCTORS, {"sex": "x"}),
        (DOCTORS, {"place": "x"}),
        (DOCTORS, {"part_of_day": "night"}),
        (AVAILABLE, {"weekday": "7"}),
        (AVAILABLE, {"after": "25:00"}),
        (AVAILABLE, {"doctors": "x"}),
        (AVAILABLE, {"language": "x" * 36}),
        (f"{AVAILABLE}days/", {"before": "9"}),
    ],
)
def test_an_invalid_filter_is_refused(visitor: ClinicClient, path: str, query: dict[str, str]) -> None:
    answer = visitor.get(path, query)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, list(query))
