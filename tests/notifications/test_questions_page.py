"""The page behind the link to the questions before a visit."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from clinics.models import ClinicSettings
from notifications.links import Purpose, message_links
from scheduling.bookings.answer_questions import answer_questions
from scheduling.bookings.reschedule import reschedule_booking
from scheduling.models import Booking, BookingEvent, IntakeQuestion, VisitType
from tenants.accounts.models import User
from tenants.current import current_clinic
from tenants.models import Clinic
from tests.factories.clinic_client import data_of
from tests.factories.people import make_doctor, make_patient, make_receptionist, user_of
from tests.factories.schedule import make_booking, make_slot
from tests.factories.threads import run_concurrently
from tests.factories.visit_types import make_question, make_visit_type
from tests.notifications.conftest import SUMMER_EVENING
from tests.notifications.link_requests import LinkReader, make_message, path_of

DAY = timedelta(days=1)
BEFORE_VISIT = IntakeQuestion.Asked.BEFORE_VISIT


@pytest.fixture
def visit_type(clinic: Clinic) -> VisitType:
    """A visit type with a question that is asked when booking."""
    visit_type = make_visit_type()
    make_question(visit_type, "Asked when booking")
    return visit_type


@pytest.fixture
def questions(visit_type: VisitType) -> dict[str, str]:
    """Three questions that are asked before the visit: their ids by kind. Only the text is required."""
    asked = {
        "text": make_question(visit_type, "Which medicines?", asked=BEFORE_VISIT, is_required=True),
        "yes_no": make_question(visit_type, "Any fever?", kind="yes_no", asked=BEFORE_VISIT, position=1),
        "choice": make_question(
            visit_type,
            "Which side?",
            kind="choice",
            choices=["Left", "Right"],
            asked=BEFORE_VISIT,
            position=2,
        ),
    }
    return {kind: str(question.pk) for kind, question in asked.items()}


@pytest.fixture
def booking(booking: Booking, visit_type: VisitType) -> Booking:
    """The booking, of the visit type, with an answer to the question that was asked when booking."""
    given = [{"question": str(visit_type.questions.get().pk), "text": "Asked when booking", "answer": "Yes!"}]
    Booking.objects.filter(pk=booking.pk).update(visit_type=visit_type, answers=given)
    return Booking.objects.get()


@pytest.fixture
def path(booking: Booking, user: User, questions: dict[str, str]) -> str:
    """The path of the link."""
    return path_of(booking, user, Purpose.QUESTIONS)


def answers() -> dict[str, str]:
    """Return the booking's answers by question."""
    return {row["text"]: row["answer"] for row in Booking.objects.get().answers}


def test_the_page_asks_only_the_questions_before_the_visit(path: str, reader: LinkReader) -> None:
    page = reader.get(path).content.decode()

    assert re.findall(r"<(?:label for=\"id_[^>]*|legend)>([^<]*)<", page) == [
        "Which medicines?",
        "Any fever? (optional)",
        "Which side? (optional)",
    ]
    assert "Asked when booking" not in page
    assert page.count("<button") == 1
    assert " checked" not in page


def test_answers_are_stored_with_those_given_when_booking(
    path: str, user: User, questions: dict[str, str], reader: LinkReader, now: datetime
) -> None:
    sent = reader.post(path, **{questions["text"]: "Aspirin", questions["choice"]: "Left"})
    page = reader.get(sent["Location"]).content.decode()

    assert (sent.status_code, sent["Location"]) == (303, f"{path}?sent")
    assert "Thank you for your answers" in page
    assert answers() == {"Asked when booking": "Yes!", "Which medicines?": "Aspirin", "Which side?": "Left"}
    event = BookingEvent.objects.get(kind=BookingEvent.Kind.ANSWERED)
    assert (event.by, event.created_at, event.note, event.details) == (user, now, "", {})


def test_stored_answers_are_never_shown_and_stay_if_they_are_left_empty(
    path: str, questions: dict[str, str], reader: LinkReader
) -> None:
    reader.post(path, **{questions["text"]: "Aspirin", questions["yes_no"]: "yes"})

    page = reader.get(path).content.decode()
    changed = reader.post(path, **{questions["text"]: "", questions["yes_no"]: "no"})

    assert "Aspirin" not in page
    assert " checked" not in page
    assert page.count("You have answered this.") == 2
    assert changed.status_code == 303
    assert answers() == {"Asked when booking": "Yes!", "Which medicines?": "Aspirin", "Any fever?": "no"}


def test_the_same_answers_again_are_no_event(
    path: str, questions: dict[str, str], reader: LinkReader
) -> None:
    for _ in range(2):
        reader.post(path, **{questions["text"]: "Aspirin"})

    assert BookingEvent.objects.filter(kind=BookingEvent.Kind.ANSWERED).count() == 1


def test_a_required_question_and_the_choices_are_checked(
    path: str, questions: dict[str, str], reader: LinkReader
) -> None:
    refused = reader.post(path, **{questions["choice"]: "Up", questions["yes_no"]: "no"})
    page = refused.content.decode()

    assert refused.status_code == 400
    assert "<title>Error: " in page
    assert f'<a href="#id_{questions["text"]}">Answer this question: Which medicines?</a>' in page
    assert f'<a href="#id_{questions["choice"]}_0">' in page
    assert answers() == {"Asked when booking": "Yes!"}


def test_answers_can_be_changed_until_the_visit_starts(
    path: str, booking: Booking, questions: dict[str, str], reader: LinkReader, clock: Any
) -> None:
    clock.move_to(booking.starts_at - timedelta(seconds=1))
    reader.post(path, **{questions["text"]: "Aspirin"})
    clock.move_to(booking.starts_at)
    late = reader.post(path, **{questions["text"]: "None"})
    page = reader.get(path).content.decode()

    assert late.status_code == 303
    assert answers()["Which medicines?"] == "Aspirin"
    assert "You can no longer change this appointment online" in page
    assert "Which medicines?" not in page


def test_the_link_still_works_after_a_move_and_the_answers_stay(
    path: str, booking: Booking, admin: User, questions: dict[str, str], reader: LinkReader
) -> None:
    now = booking.created_at
    slots = [make_slot(booking.doctor, SUMMER_EVENING + days * DAY).pk for days in (1, 2)]
    read_before = Booking.objects.get()
    reader.post(path, **{questions["text"]: "Aspirin"})
    moved = reschedule_booking(booking=read_before, slot_id=slots[0], by=admin, now=now)
    reader.post(path, **{questions["choice"]: "Right"})
    moved.refresh_from_db()
    reschedule_booking(booking=moved, slot_id=slots[1], by=admin, answers={}, now=now)

    assert answers() == {"Which medicines?": "Aspirin", "Which side?": "Right"}


def test_without_questions_the_page_says_so_and_the_message_has_no_link(
    booking: Booking, user: User, reader: LinkReader
) -> None:
    path = path_of(booking, user, Purpose.QUESTIONS)

    assert "There are no questions for this visit" in reader.get(path).content.decode()
    assert reader.post(path).status_code == 200
    assert message_links(make_message(booking, user, kind="questionnaire")) == {}


def test_only_a_confirmed_address_gets_and_opens_the_link(
    path: str, booking: Booking, user: User, reader: LinkReader
) -> None:
    links = message_links(make_message(booking, user, kind="questionnaire"))
    User.objects.filter(pk=user.pk).update(email_verified_at=None)
    user.refresh_from_db()

    assert list(links) == ["questionnaire_url"]
    assert "/visit/questions/" in links["questionnaire_url"]
    assert message_links(make_message(booking, user, kind="questionnaire")) == {}
    assert (reader.get(path).status_code, reader.post(path).status_code) == (404, 404)


def test_the_front_desk_sees_answers_only_if_the_clinic_allows_it(
    path: str, booking: Booking, questions: dict[str, str], reader: LinkReader, client_for: Callable[..., Any]
) -> None:
    reader.post(path, **{questions["text"]: "Aspirin"})
    api, clinic = f"/api/appointments/bookings/{booking.pk}/", current_clinic()
    desk, doctor = client_for(clinic, make_receptionist()), client_for(clinic, booking.doctor.user)

    ClinicSettings.objects.update(desk_sees_clinical=False)
    hidden, seen = data_of(desk.get(api))["answers"], data_of(doctor.get(api))["answers"]
    ClinicSettings.objects.update(desk_sees_clinical=True)

    assert (hidden, data_of(desk.get(api))["answers"]) == (None, seen)
    assert [row["answer"] for row in seen] == ["Yes!", "Aspirin"]


def test_simultaneous_answers_to_different_questions_are_both_stored(
    committed_clinic: Clinic, now: datetime
) -> None:
    patient, visit_type = make_patient(), make_visit_type()
    asked = [make_question(visit_type, f"Question {n}", asked=BEFORE_VISIT) for n in range(4)]
    booking = make_booking(make_slot(make_doctor(), SUMMER_EVENING), patient, now=now)
    Booking.objects.update(visit_type=visit_type)

    def answer(question: IntakeQuestion) -> Callable[[], Booking]:
        given = {str(question.pk): "Yes"}
        return lambda: answer_questions(booking=booking, answers=given, by=user_of(patient), now=now)

    run_concurrently(committed_clinic, *map(answer, asked))

    assert len(answers()) == 4
