"""Tests of `portal/doctors/`: the doctors for the columns of the calendar."""

from collections.abc import Callable
from datetime import datetime

import pytest

from clinics.models import Doctor
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_doctor, make_receptionist
from tests.factories.queries import queries_of
from tests.factories.schedule import make_hours
from tests.factories.visit_types import make_place

AsUser = Callable[..., ClinicClient]
URL = "/api/portal/doctors/"


@pytest.fixture
def at_desk(as_user: AsUser, clinic: object) -> ClinicClient:
    """A client of a receptionist."""
    return as_user(make_receptionist())


def names(client: ClinicClient, **query: str) -> list[str]:
    """Return the names of the doctors that the query finds."""
    return [doctor["display_name"] for doctor in data_of(client.get(URL, query))["doctors"]]


def test_the_desk_finds_doctors_by_name_specialty_and_place(at_desk: ClinicClient, now: datetime) -> None:
    make_doctor(name="Amara Okafor", specialties=["audiology"])
    away = make_doctor(name="Bela Novak", is_active=False)
    make_hours(away, (0, "08:00", "12:00"), now=now)
    place = make_place()
    away.working_hours.update(place=place)

    assert names(at_desk) == ["Dr Amara Okafor", "Dr Bela Novak"]
    assert names(at_desk, search="oka audio") == ["Dr Amara Okafor"]
    assert names(at_desk, specialty="audiology") == ["Dr Amara Okafor"]
    assert names(at_desk, place=str(place.pk)) == ["Dr Bela Novak"]
    assert names(at_desk, place="main") == ["Dr Amara Okafor"]


def test_a_doctor_gets_only_themselves(doctor: Doctor, as_user: AsUser) -> None:
    make_doctor()

    assert names(as_user(doctor.user)) == [doctor.display_name]


def test_250_doctors_are_one_answer_with_as_many_queries_as_for_one(at_desk: ClinicClient) -> None:
    make_doctor()
    names(at_desk)  # caches the host

    few = queries_of(lambda: names(at_desk))
    Doctor.objects.bulk_create(Doctor(title="Dr", name=f"Number {number}") for number in range(249))
    many = queries_of(lambda: names(at_desk))

    assert len(names(at_desk)) == 250
    assert len(few) == len(many)
