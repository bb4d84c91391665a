"""The next free times that the desk reads to a caller."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from clinics.models import ClinicSettings, Doctor, Patient
from scheduling.bookings.hold import hold_slot
from tenants.accounts.models import User
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_doctor, make_patient, user_of
from tests.factories.schedule import make_booking, make_slot
from tests.factories.visit_types import make_place, make_visit_type

AsUser = Callable[..., ClinicClient]
NEXT_FREE = "/api/portal/next-free/"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in March 2026, when London is on UTC. Day 2 is the Monday of `now`."""
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


@pytest.fixture
def find(as_user: AsUser, admin: User) -> Callable[..., Any]:
    """Return a function that asks for free times as an admin."""
    client = as_user(admin)
    return lambda **query: data_of(client.get(NEXT_FREE, query))


def starts(answer: Any) -> list[str]:
    """Return the local day and time of each result."""
    return [f"{time['local_date'][-2:]} {time['local_time']}" for time in answer["results"]]


def test_times_are_listed_once_each_soonest_first_within_the_patients_notice_too(
    find: Callable[..., Any], doctor: Doctor
) -> None:
    ClinicSettings.objects.update(booking_notice_minutes=24 * 60)
    other = make_doctor()
    make_slot(doctor, at(3, 9))
    make_slot(other, at(3, 9))
    make_slot(other, at(2, 13))

    answer, every = find(), find(every_doctor="true")

    assert starts(answer) == ["02 13:00", "03 09:00"]
    assert [time["others"] for time in answer["results"]] == [0, 1]
    assert starts(every) == ["02 13:00", "03 09:00", "03 09:00"]
    assert answer["next"] is None


def test_the_listed_doctor_is_the_one_whom_any_doctor_chooses(
    find: Callable[..., Any], doctor: Doctor, patient: Patient, at_now: datetime
) -> None:
    busy_next_week = [make_doctor() for _ in range(4)]
    for hour, other in enumerate(busy_next_week, 9):
        make_booking(make_slot(other, at(10, hour)), patient, now=at_now)
    for each in (doctor, *busy_next_week):
        make_slot(each, at(3, 9))

    listed = find(**{"from": "2026-03-03"})["results"][0]

    assert (listed["doctor"], listed["others"]) == (str(doctor.pk), 4)


def test_filters_narrow_the_list(find: Callable[..., Any], doctor: Doctor, admin: User) -> None:
    place, visit_type = make_place(), make_visit_type(duration_minutes=60)
    surgeon = make_doctor(specialties=["cardiology"])
    make_slot(doctor, at(3, 9))
    make_slot(doctor, at(3, 9, 30))
    make_slot(doctor, at(4, 13))
    make_slot(surgeon, at(5, 18), place=place)

    assert starts(find(doctor=str(surgeon.pk))) == ["05 18:00"]
    assert starts(find(place=str(place.pk))) == ["05 18:00"]
    assert starts(find(place="main")) == ["03 09:00", "03 09:30", "04 13:00"]
    assert starts(find(weekday="1,3")) == ["03 09:00", "03 09:30", "05 18:00"]
    assert starts(find(part_of_day="morning")) == ["03 09:00", "03 09:30"]
    assert starts(find(part_of_day="afternoon", weekday="2")) == ["04 13:00"]
    assert starts(find(part_of_day="evening")) == ["05 18:00"]
    assert starts(find(visit_type=str(visit_type.pk))) == ["03 09:00"]
    assert starts(find(**{"from": "2026-03-05"})) == ["05 18:00"]


def test_the_times_of_a_place_are_filtered_by_its_own_clock(find: Callable[..., Any], doctor: Doctor) -> None:
    place = make_place("America/New_York")
    make_slot(doctor, at(3, 14), place=place)  # 9 am in New York

    assert starts(find(place=str(place.pk), part_of_day="morning")) == ["03 09:00"]
    assert starts(find(place=str(place.pk), part_of_day="afternoon")) == []


def test_times_when_the_patient_is_busy_or_not_accepted_are_left_out(
    find: Callable[..., Any], doctor: Doctor, patient: Patient, at_now: datetime
) -> None:
    closed = make_doctor(accepting_new_patients=False)
    held = make_slot(doctor, at(3, 11))
    make_booking(make_slot(doctor, at(3, 9)), patient, now=at_now)
    make_slot(make_doctor(), at(3, 9))
    make_slot(closed, at(3, 10))
    hold_slot(slot_id=held.pk, patient=patient, by=user_of(patient), now=at_now)
    make_slot(make_doctor(), at(3, 11))

    assert starts(find(patient=str(patient.pk))) == ["03 11:00"]
    assert starts(find(patient=str(make_patient().pk))) == ["03 09:00", "03 11:00"]


def test_one_slot_is_listed_if_it_is_free(
    find: Callable[..., Any], doctor: Doctor, patient: Patient, at_now: datetime
) -> None:
    free, taken = make_slot(doctor, at(3, 9)), make_slot(doctor, at(3, 10))
    make_booking(taken, patient, now=at_now)

    assert [starts(find(slot=str(slot.pk))) for slot in (free, taken)] == [["03 09:00"], []]


def test_pages_follow_each_other_without_gaps_or_repetition(find: Callable[..., Any], doctor: Doctor) -> None:
    for number in range(45):
        make_slot(doctor, at(3, 8) + number * timedelta(minutes=30))
    pages, mark = [], ""

    while mark is not None:
        answer = find(**({"after": mark} if mark else {}))
        pages.append(starts(answer))
        mark = answer["next"]

    listed = [start for page in pages for start in page]
    assert [len(page) for page in pages if page] == [20, 20, 5]
    assert listed == sorted(set(listed))


@pytest.mark.parametrize(
    "query",
    [
        {"weekday": "7"}, {"part_of_day": "night"}, {"place": "x"}, {"after": "yesterday"},
        {"visit_type": "00000000-0000-0000-0000-000000000000"}, {"from": "9999-12-31"},
        {"patient": "00000000-0000-0000-0000-000000000000"},
    ],
)  # fmt: skip
def test_invalid_filters_are_refused(as_user: AsUser, admin: User, query: dict[str, str]) -> None:
    assert as_user(admin).get(NEXT_FREE, query).status_code == 400
