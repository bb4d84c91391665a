"""The visit types that the API lists, and the doctors who offer them."""

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

VisitTypes = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def visit_types(visitor: ClinicClient) -> VisitTypes:
    """Return a function that requests the clinic's visit types."""
    return lambda: list(data_of(visitor.get("/api/clinic/"))["visit_types"])


def test_a_visit_type_is_listed_without_its_video_call_link(visit_types: VisitTypes, doctor: Doctor) -> None:
    visit = make_visit_type(
        name="Call", description="At home", duration_minutes=20, mode="video", price="40.00", currency="GBP",
        video_link="https://video.example/room", notice_minutes=60, who_may_book="known",
    )  # fmt: skip
    visit.doctors.add(doctor)
    question = IntakeQuestion.objects.create(visit_type=visit, text="Since when?", is_required=True)

    assert visit_types() == [
        {
            "id": str(visit.pk),
            "name": "Call",
            "description": "At home",
            "preparation": "",
            "bring": "",
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
            "paused_by": [],
            "questions": [
                {
                    "id": str(question.pk),
                    "text": "Since when?",
                    "kind": "text",
                    "choices": [],
                    "is_required": True,
                }
            ],
        }
    ]


def test_only_visit_types_that_patients_can_book_are_listed_in_the_clinics_order(
    visit_types: VisitTypes,
) -> None:
    make_visit_type(name="Last", position=2)
    make_visit_type(name="First", position=1)
    make_visit_type(name="Gone", is_active=False)
    make_visit_type(name="Staff", who_may_book="staff")

    assert [visit["name"] for visit in visit_types()] == ["First", "Last"]


def test_listing_needs_as_many_queries_for_three_visit_types_as_for_one(
    visitor: ClinicClient, doctor: Doctor
) -> None:
    def count_queries() -> int:
        return len(queries_of(lambda: visitor.get("/api/clinic/")))

    make_visit_type().doctors.add(doctor)
    count_queries()  # caches the lookup of the clinic by host
    for_one = count_queries()
    for _ in range(2):
        visit = make_visit_type()
        visit.doctors.add(doctor)
        IntakeQuestion.objects.create(visit_type=visit, text="Why?")

    assert count_queries() == for_one


def test_doctors_are_filtered_by_visit_type(visitor: ClinicClient, doctor: Doctor) -> None:
    other_doctor = make_doctor()
    offered_by_one, offered_by_all = make_visit_type(), make_visit_type()
    offered_by_one.doctors.add(doctor)

    def found(visit_type: Any) -> list[str]:
        answer = visitor.get(f"/api/users/doctors/?visit_type={visit_type}")
        return sorted(doctor["id"] for doctor in data_of(answer)["results"])

    assert found(offered_by_one.pk) == [str(doctor.pk)]
    assert found(offered_by_all.pk) == sorted([str(doctor.pk), str(other_doctor.pk)])


def test_an_unknown_visit_type_is_refused(visitor: ClinicClient) -> None:
    answer = visitor.get(f"/api/users/doctors/?visit_type={uuid4()}")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["visit_type"])
