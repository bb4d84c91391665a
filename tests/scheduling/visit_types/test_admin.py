"""Visit types, visit sequences, places and rooms in Django Admin."""

from collections.abc import Callable
from typing import Any

import pytest

from clinics.models import Doctor
from scheduling.availability.cache import cache_get, cache_set
from scheduling.models import Chain, Room, VisitType
from tenants.accounts.models import User
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.queue import queued_job_kinds
from tests.factories.visit_types import make_place, make_visit_type


@pytest.fixture
def send(clinic: Clinic, admin: User) -> Callable[[str, dict[str, Any]], str]:
    """Post a form as an admin and return the page it redirects to."""
    client = ClinicClient(clinic)
    client.force_login(admin)

    def post(path: str, data: dict[str, Any]) -> str:
        response = client.post(f"/admin/scheduling/{path}", data, format="multipart", follow=True)
        assert response.status_code == 200
        page: str = response.content.decode()
        return page

    return post


Send = Callable[[str, dict[str, Any]], str]


def inline_rows(name: str, *rows: dict[str, str]) -> dict[str, str]:
    """Return the form data of an inline with new rows."""
    form = {f"{name}-TOTAL_FORMS": str(len(rows)), f"{name}-INITIAL_FORMS": "0"}
    return form | {f"{name}-{n}-{field}": value for n, row in enumerate(rows) for field, value in row.items()}


def visit_form(*questions: dict[str, str], **fields: Any) -> dict[str, Any]:
    """Return the form data of a valid visit type."""
    form = {
        "name": "Check-up", "position": "0", "colour": "#0b5c8a", "is_active": "on", "mode": "in_person",
        "duration_minutes": "30", "buffer_before_minutes": "0", "buffer_after_minutes": "5",
        "who_may_book": "public", "notice_minutes": "0", "window_counts": "all",
    }  # fmt: skip
    return form | inline_rows("questions", *questions) | fields


def test_a_visit_type_is_saved_with_doctors_and_questions(send: Send, doctor: Doctor) -> None:
    question = {
        "position": "1", "text": "Smoker?", "kind": "choice", "choices": "Yes,No", "asked": "when_booking",
    }  # fmt: skip

    send("visittype/add/", visit_form(question, doctors=[str(doctor.pk)]))

    saved = VisitType.objects.get()
    assert (saved.name, saved.buffer_after_minutes, list(saved.doctors.all())) == ("Check-up", 5, [doctor])
    assert [(saved_question.text, saved_question.choices) for saved_question in saved.questions.all()] == [
        ("Smoker?", ["Yes", "No"])
    ]


@pytest.mark.parametrize(
    ("invalid", "message"),
    [
        ({"mode": "video"}, "A video appointment needs a video call link."),
        ({"price": "20"}, "Enter both a price and a currency, or neither."),
    ],
)
def test_an_invalid_visit_type_is_refused_on_the_page(
    send: Send, invalid: dict[str, str], message: str
) -> None:
    page = send("visittype/add/", visit_form(**invalid))

    assert message in page
    assert VisitType.objects.count() == 0


def test_a_visit_sequence_is_saved_with_its_visits(send: Send) -> None:
    nurse, doctor = make_visit_type(name="Nurse"), make_visit_type(name="Doctor")
    steps = [
        {"position": str(n), "visit_type": str(visit.pk), "longest_wait_minutes": "20"}
        for n, visit in enumerate((nurse, doctor), start=1)
    ]

    send("chain/add/", {"name": "Both", "is_active": "on", **inline_rows("steps", *steps)})

    assert [step.visit_type for step in Chain.objects.get().steps.all()] == [nurse, doctor]


def test_a_room_is_saved(send: Send) -> None:
    place = make_place()

    send("room/add/", {"name": "2", "place": str(place.pk), "is_active": "on"})

    assert (Room.objects.get().name, Room.objects.get().place) == ("2", place)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"name": "Annex"}, []),
        ({"time_zone": "America/Havana"}, ["booking_rules"]),
        ({"is_active": ""}, ["booking_rules"]),
    ],
)
def test_slots_are_regenerated_after_a_place_changes(
    send: Send, clinic: Clinic, change: dict[str, str], expected: list[str]
) -> None:
    place = make_place(name="Hill")
    form = {"name": "Hill", "time_zone": "Europe/London", "is_active": "on"} | change

    send(f"place/{place.pk}/change/", {name: value for name, value in form.items() if value})

    assert queued_job_kinds(row_id=clinic.pk) == expected


@pytest.mark.parametrize("path", ["visittype/add/", "chain/add/", "place/add/", "room/add/"])
def test_every_save_invalidates_the_availability_cache(send: Send, path: str) -> None:
    cache_set("question", b"answer", cache_get("question"))
    before = cache_get("question").value
    form = {"place": {"time_zone": "Europe/London"}, "visittype": visit_form(), "chain": inline_rows("steps")}

    send(path, {"name": "New", "is_active": "on", **form.get(path.split("/", maxsplit=1)[0], {})})

    assert (before, cache_get("question").value) == (b"answer", None)


@pytest.mark.parametrize("model", ["visittype", "place"])
def test_rows_that_bookings_refer_to_cannot_be_deleted(clinic: Clinic, admin: User, model: str) -> None:
    client = ClinicClient(clinic)
    client.force_login(admin)
    row = make_visit_type() if model == "visittype" else make_place()

    answer = client.post(f"/admin/scheduling/{model}/{row.pk}/delete/", {"post": "yes"}, format="multipart")

    assert answer.status_code == 403
    assert type(row).objects.filter(pk=row.pk).exists()


def test_a_visit_type_says_how_to_prepare_and_when_to_remind(send: Send) -> None:
    later = {"position": "1", "text": "Allergies?", "kind": "text", "asked": "before_visit"}
    texts = {
        "preparation": "Do not eat for 8 hours.",
        "bring": "Glasses",
        "follow_up_text": "How was it?",
    }

    send(
        "visittype/add/",
        visit_form(
            later, reminder_minutes="3 days, 1 h", questionnaire_days="5", follow_up_days="2", **texts
        ),
    )

    saved = VisitType.objects.get()
    assert (saved.reminder_minutes, saved.questionnaire_days, saved.follow_up_days) == ([4320, 60], 5, 2)
    assert {name: getattr(saved, name) for name in texts} == texts
    assert [question.text for question in saved.questions.before_visit()] == ["Allergies?"]
    assert not saved.questions.when_booking()


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"follow_up_days": "2"}, "Enter the text of the follow-up message."),
        ({"reminder_minutes": "1 h, 60 min"}, "Enter each reminder once."),
        ({"asked": "before_visit"}, "Enter how many days before the visit the later questions are asked."),
    ],
)
def test_messages_that_could_not_be_sent_are_refused(send: Send, fields: dict[str, str], error: str) -> None:
    question = {"position": "1", "text": "Allergies?", "kind": "text", "asked": "when_booking"} | fields

    page = send("visittype/add/", visit_form(question, **fields))

    assert error in page
    assert not VisitType.objects.exists()
