"""The questions before a visit in the web app: the same questions and rules as behind the emailed link."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from clinics.models import Doctor, Patient
from scheduling.bookings.book import book_slot
from scheduling.models import Booking, BookingEvent, IntakeQuestion
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_dependant, make_patient, user_of
from tests.factories.schedule import make_slot
from tests.factories.visit_types import make_question, make_visit_type

BEFORE_VISIT = IntakeQuestion.Asked.BEFORE_VISIT


@pytest.fixture
def booking(clinic: Clinic, doctor: Doctor, patient: Patient, now: datetime) -> Booking:
    """A booking of the patient's dependant, whose visit type has questions of both kinds."""
    visit_type = make_visit_type()
    make_question(visit_type, "Asked when booking", is_required=True)
    make_question(visit_type, "Which medicines?", asked=BEFORE_VISIT, is_required=True)
    make_question(visit_type, "Any fever?", kind="yes_no", asked=BEFORE_VISIT, position=1)
    slot = make_slot(doctor, now + timedelta(days=2))
    booking = book_slot(slot_id=slot.pk, patient=make_dependant(patient), by=user_of(patient), now=now)
    Booking.objects.filter(pk=booking.pk).update(visit_type=visit_type)
    return booking


@pytest.fixture
def ask(
    clinic: Clinic, booking: Booking, client_for: Callable[..., ClinicClient], now: datetime
) -> Callable[..., Any]:
    """Return a function that reads the questions, or sends answers to them, as a patient's account."""

    def send(patient: Patient, answers: dict[str, str] | None = None, *, at: datetime = now) -> Any:
        path = f"/api/appointments/bookings/{booking.pk}/questions/"
        with time_machine.travel(at, tick=False):
            client = client_for(clinic, user_of(patient))
            return client.get(path) if answers is None else client.post(path, {"answers": answers})

    return send


def ids(booking: Booking) -> dict[str, str]:
    """Return the ids of the questions before the visit by their text."""
    questions = IntakeQuestion.objects.before_visit()
    return {question.text: str(question.pk) for question in questions}


def test_a_carer_reads_the_questions_before_the_visit_and_answers_them(
    ask: Callable[..., Any], booking: Booking, patient: Patient
) -> None:
    before = data_of(ask(patient))
    answered = data_of(ask(patient, {ids(booking)["Which medicines?"]: " Aspirin "}))

    assert [(one["text"], one["answer"]) for one in before["questions"]] == [
        ("Which medicines?", ""),
        ("Any fever?", ""),
    ]
    assert (before["can_answer"], [one["answer"] for one in answered["questions"]]) == (True, ["Aspirin", ""])
    event = BookingEvent.objects.get(kind=BookingEvent.Kind.ANSWERED)
    assert (event.by, event.note) == (user_of(patient), "")


def test_a_missing_answer_is_refused_by_name_and_changes_nothing(
    ask: Callable[..., Any], booking: Booking, patient: Patient
) -> None:
    answer = ask(patient, {ids(booking)["Any fever?"]: "no"})

    assert (answer.status_code, answer.json()["errors"]) == (
        400,
        {"answers": ["Answer this question: Which medicines?"]},
    )
    assert Booking.objects.get(pk=booking.pk).answers == []


def test_after_the_start_the_questions_are_shown_and_not_answered(
    ask: Callable[..., Any], booking: Booking, patient: Patient
) -> None:
    shown = data_of(ask(patient, at=booking.starts_at))
    answer = ask(patient, {ids(booking)["Which medicines?"]: "Aspirin"}, at=booking.starts_at)

    assert (shown["can_answer"], answer.status_code) == (False, 409)


def test_a_stranger_gets_the_answer_for_a_booking_that_does_not_exist(ask: Callable[..., Any]) -> None:
    stranger = make_patient()

    assert (ask(stranger).status_code, ask(stranger, {}).status_code) == (404, 404)
