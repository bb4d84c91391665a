"""What patients can book, as the clinic tells it, and the doctors who offer it."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from clinics.models import Doctor
from scheduling.models import IntakeQuestion
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_doctor
from tests.factories.queries import queries_of
from tests.factories.visit_types import make_visit_type

Told = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def told(visitor: ClinicClient) -> Told:
    """The visit types that the clinic tells of."""
    return lambda: list(data_of(visitor.get("/api/clinic/"))["visit_types"])


def test_a_visit_type_is_told_without_the_way_to_its_video_call(told: Told, doctor: Doctor) -> None:
    visit = make_visit_type(
        name="Call", description="At home", duration_minutes=20, mode="video", price="40.00", currency="GBP",
        video_link="https://video.example/room", notice_minutes=60, who_may_book="known",
    )  # fmt: skip
    visit.doctors.add(doctor)
    asked = IntakeQuestion.objects.create(visit_type=visit, text="Since when?", is_required=True)

    assert told() == [
        {
            "id": str(visit.pk),
            "name": "Call",
            "description": "At home",
            "duration_minutes": 20,
            "mode": "video",
            "price": "40.00",
            "currency": "GBP",
            "colour": "#0b5c8a",
            "new_patients_only": False,
            "needs_approval": False,
            "who_may_book": "known",
            "notice_minutes": 60,
            "doctors": [str(doctor.pk)],
            "questions": [
                {
                    "id": str(asked.pk),
                    "text": "Since when?",
                    "kind": "text",
                    "choices": [],
                    "is_required": True,
                }
            ],
        }
    ]


def test_only_what_patients_can_book_is_told_in_the_clinics_order(told: Told) -> None:
    make_visit_type(name="Last", position=2)
    make_visit_type(name="First", position=1)
    make_visit_type(name="Gone", is_active=False)
    make_visit_type(name="Staff", who_may_book="staff")

    assert [visit["name"] for visit in told()] == ["First", "Last"]


def test_telling_costs_the_same_for_one_and_for_three(visitor: ClinicClient, doctor: Doctor) -> None:
    def ask() -> int:
        return len(queries_of(lambda: visitor.get("/api/clinic/")))

    make_visit_type().doctors.add(doctor)
    ask()  # whose host this is, is asked once
    one = ask()
    for _ in range(2):
        visit = make_visit_type()
        visit.doctors.add(doctor)
        IntakeQuestion.objects.create(visit_type=visit, text="Why?")

    assert ask() == one


def test_doctors_are_found_by_what_they_offer(visitor: ClinicClient, doctor: Doctor) -> None:
    other = make_doctor()
    of_one, of_all = make_visit_type(), make_visit_type()
    of_one.doctors.add(doctor)

    def found(visit_type: Any) -> list[str]:
        answer = visitor.get(f"/api/users/doctors/?visit_type={visit_type}")
        return sorted(one["id"] for one in data_of(answer)["results"])

    assert found(of_one.pk) == [str(doctor.pk)]
    assert found(of_all.pk) == sorted([str(doctor.pk), str(other.pk)])


def test_a_visit_type_that_is_not_there_is_refused(visitor: ClinicClient) -> None:
    answer = visitor.get(f"/api/users/doctors/?visit_type={uuid4()}")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["visit_type"])
