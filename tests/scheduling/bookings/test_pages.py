"""Booking, moving and cancelling without JavaScript."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings

from clinics.models import ClinicSettings, Patient
from scheduling.bookings.hold import release_hold
from scheduling.models import Booking, BookingEvent, Slot
from tenants.accounts.models import User
from tests.factories.clinic_client import ClinicClient
from tests.factories.pages import heading_of, hidden_fields, send, sign_in, text_of
from tests.factories.people import PASSWORD, make_dependant, make_doctor, make_patient
from tests.factories.schedule import make_booking, make_slot
from tests.factories.visit_types import make_question, make_visit_type

AsUser = Callable[[User | None], ClinicClient]


@pytest.fixture
def sara() -> Patient:
    """A patient with an account."""
    return make_patient(first_name="Sara", last_name="Lind")


@pytest.fixture
def browser(visitor: ClinicClient, sara: Patient) -> ClinicClient:
    """A browser in which the patient is signed in."""
    sign_in(visitor, sara)
    return visitor


@pytest.fixture
def slots(now: datetime) -> list[Slot]:
    """Three slots of one doctor, the day after tomorrow."""
    doctor = make_doctor(name="Marsh")
    return [make_slot(doctor, now + timedelta(days=2, minutes=30 * number)) for number in range(3)]


def user_of(patient: Patient) -> User:
    """The patient's account."""
    assert patient.user is not None
    return patient.user


def choose(browser: ClinicClient, slot: Slot, **fields: Any) -> str:
    """Choose a time, and return the path of the details step."""
    answer = send(browser, "/book", slot=slot.pk, back=f"/doctors/{slot.doctor_id}", **fields)
    assert answer.status_code == 303
    path: str = answer["Location"]
    return path


def test_a_patient_books_a_time(browser: ClinicClient, sara: Patient, slots: list[Slot]) -> None:
    details = choose(browser, slots[0])
    held = Booking.objects.get()
    shown = browser.get(details)
    check = send(browser, details, reason="Chest pain")["Location"]
    checked = browser.get(check)
    booked = send(browser, check, **hidden_fields(checked))
    done = browser.get(booked["Location"])

    assert held.status == Booking.Status.HELD
    assert heading_of(shown) == "Appointment details"
    assert "We are holding this time until 12:10 pm, London time" in text_of(shown)
    assert heading_of(checked) == "Check your answers"
    assert "Reason Chest pain" in text_of(checked)
    booking = Booking.objects.get()
    assert (booking.status, booking.reason, booking.patient) == ("CONFIRMED", "Chest pain", sara)
    assert booked["Location"] == f"/appointments/{booking.pk}?booked"
    assert heading_of(done) == "Your appointment is booked"


def test_the_draft_is_deleted_with_the_booking_and_never_in_an_address(
    browser: ClinicClient, slots: list[Slot]
) -> None:
    details = choose(browser, slots[0])
    check = send(browser, details, reason="Chest pain")["Location"]
    send(browser, check, **hidden_fields(browser.get(check)))

    assert "Chest" not in check
    assert "Chest pain" not in text_of(browser.get(choose(browser, slots[2])))


def test_a_repeated_confirmation_leads_to_the_same_appointment(
    browser: ClinicClient, slots: list[Slot]
) -> None:
    details = choose(browser, slots[0])
    check = send(browser, details, reason="")["Location"]
    fields = hidden_fields(browser.get(check))

    first, second = (send(browser, check, **fields) for _time in range(2))

    assert first["Location"] == second["Location"]
    assert Booking.objects.count() == 1


def test_a_newcomer_keeps_what_they_typed_through_registration(
    visitor: ClinicClient, slots: list[Slot]
) -> None:
    answer = visitor.get(f"/book?slot={slots[0].pk}&back=/doctors")
    assert not Booking.objects.exists()
    sign_in_path = send(visitor, answer["Location"], reason="Chest pain", sign_in="1")["Location"]
    asked = visitor.get(sign_in_path)
    check = parse_qs(urlsplit(sign_in_path).query)["next"][0]
    register = send(
        visitor,
        f"/register?next={check.replace('&', '%26')}",
        first_name="Sam",
        last_name="Fisher",
        email="sam@people.example",
        password=PASSWORD,
    )
    checked = visitor.get(register["Location"])

    assert "We have saved your answers." in text_of(asked)
    assert register["Location"] == check
    assert "Reason Chest pain" in text_of(checked)
    assert '"drafts": {"booking": {"reason": "Chest pain", "answers": {}}}' in checked.content.decode()
    assert "drafts" not in visitor.get(check).content.decode()


def test_another_users_draft_is_not_shown(browser: ClinicClient, slots: list[Slot], as_user: AsUser) -> None:
    details = choose(browser, slots[0])
    send(browser, details, reason="Chest pain")
    session = browser.cookies["sessionid"]
    sign_in(browser, make_patient())

    browser.cookies["sessionid"] = session.value

    assert "Chest pain" not in browser.get(details).content.decode()


def test_a_users_draft_is_not_shown_after_signing_out(browser: ClinicClient, slots: list[Slot]) -> None:
    details = choose(browser, slots[0])
    send(browser, details, reason="Chest pain")

    # The web app deletes the cookie, but not the session of the draft.
    del browser.cookies[settings.REFRESH_COOKIE]
    shown = browser.get(choose(browser, slots[2]))

    assert heading_of(shown) == "Appointment details"
    assert "Chest pain" not in shown.content.decode()


def test_a_draft_belongs_to_the_first_user_who_reads_it(visitor: ClinicClient, slots: list[Slot]) -> None:
    details = visitor.get(f"/book?slot={slots[0].pk}&back=/doctors")["Location"]
    send(visitor, details, reason="Chest pain", sign_in="1")
    check = details.replace("?", "/check?")
    visitor.get(details)
    sign_in(visitor, make_patient())
    visitor.get(check)

    sign_in(visitor, make_patient())

    assert "Chest pain" not in visitor.get(check).content.decode()


def test_without_a_chosen_time_the_form_says_so(browser: ClinicClient, slots: list[Slot]) -> None:
    doctor = slots[0].doctor_id

    answer = send(browser, "/book", back=f"/doctors/{doctor}")
    page = browser.get(answer["Location"])

    assert answer["Location"] == f"/doctors/{doctor}?continue=1"
    assert f'<a href="#{slots[0].pk}">Choose a time</a>' in page.content.decode()
    assert send(browser, "/book", back="//evil.example")["Location"] == "/doctors"


def test_losing_the_time_at_the_last_step_shows_the_nearest_times(
    browser: ClinicClient, sara: Patient, slots: list[Slot], now: datetime
) -> None:
    details = choose(browser, slots[0])
    check = send(browser, details, reason="Chest pain")["Location"]
    fields = hidden_fields(browser.get(check))
    held = Booking.objects.get()
    release_hold(hold_id=held.pk, patients=Patient.objects.all(), by=user_of(sara), now=now)
    make_booking(slots[0], make_patient(), now=now)

    answer = send(browser, check, **fields)
    reread = browser.get(check)

    assert (answer.status_code, heading_of(answer)) == (409, "This time is no longer available")
    assert f"/booking/{slots[1].pk}/check?doctor=" in answer.content.decode()
    assert heading_of(reread) == "This time is no longer available"
    assert "Your answers are saved." in text_of(reread)


def test_questions_and_the_patient_are_asked_for_and_required(
    browser: ClinicClient, sara: Patient, slots: list[Slot]
) -> None:
    child = make_dependant(sara, first_name="Mia", last_name="Lind")
    visit_type = make_visit_type(name="Check-up")
    question = make_question(visit_type, "Since when?", is_required=True)
    details = choose(browser, slots[0], visit_type=visit_type.pk)

    missing = send(browser, details, reason="Pain")
    again = send(browser, details, reason="Pain", patient=child.pk, **{f"question-{question.pk}": "May"})
    checked = browser.get(again["Location"])

    assert missing.status_code == 400
    assert '<a href="#patient">Select who the appointment is for</a>' in missing.content.decode()
    assert (
        f'<a href="#question-{question.pk}">Answer this question: Since when?</a>' in missing.content.decode()
    )
    assert "Patient Mia Lind" in text_of(checked)
    assert "Since when? May" in text_of(checked)
    send(browser, again["Location"], **hidden_fields(checked))
    booking = Booking.objects.get(status="CONFIRMED")
    assert (booking.patient, booking.answers[0]["answer"]) == (child, "May")


def test_an_answer_of_yes_is_shown_as_a_word(browser: ClinicClient, slots: list[Slot]) -> None:
    visit_type = make_visit_type()
    question = make_question(visit_type, "Do you smoke?", kind="yes_no")
    details = choose(browser, slots[0], visit_type=visit_type.pk)

    check = send(browser, details, reason="", **{f"question-{question.pk}": "yes"})["Location"]
    checked = browser.get(check)
    done = browser.get(send(browser, check, **hidden_fields(checked))["Location"])

    assert "Do you smoke? Yes" in text_of(checked)
    assert "Do you smoke? Yes" in text_of(done)


def test_a_telephone_visit_asks_for_the_number(
    browser: ClinicClient, sara: Patient, slots: list[Slot]
) -> None:
    visit_type = make_visit_type(mode="phone")
    details = choose(browser, slots[0], visit_type=visit_type.pk)

    wrong = send(browser, details, reason="", phone="12")
    right = send(browser, details, reason="", phone="020 7946 0018")

    assert 'id="phone-error"' in wrong.content.decode()
    assert right.status_code == 303
    assert User.objects.get(patient=sara).phone == "+442079460018"


def test_a_patient_cancels_after_reading_the_policy(
    browser: ClinicClient, sara: Patient, slots: list[Slot], now: datetime
) -> None:
    ClinicSettings.objects.update(cancellation_notice_minutes=120)
    booking = make_booking(slots[0], sara, now=now)

    asked = browser.get(f"/appointments/{booking.pk}/cancel")
    answer = send(browser, f"/appointments/{booking.pk}/cancel", reason="I am well")
    page = browser.get(answer["Location"])

    assert "You can cancel online until 2 hours before your appointment." in text_of(asked)
    assert heading_of(page) == "Your appointment has been cancelled"
    event = BookingEvent.objects.get(kind=BookingEvent.Kind.CANCELLED)
    assert (event.note, event.by) == ("I am well", sara.user)


def test_too_late_to_cancel_or_move_says_whom_to_call(
    browser: ClinicClient, sara: Patient, slots: list[Slot], now: datetime
) -> None:
    ClinicSettings.objects.update(
        cancellation_notice_minutes=10_000, reschedule_notice_minutes=10_000, phone="+44 20 7946 0000"
    )
    booking = make_booking(slots[0], sara, now=now)

    cancel, move = (browser.get(f"/appointments/{booking.pk}/{name}") for name in ("cancel", "move"))
    refused = send(browser, f"/appointments/{booking.pk}/cancel", reason="")

    assert heading_of(cancel) == "You cannot cancel this appointment online"
    assert heading_of(move) == "You cannot change this appointment online"
    assert "You can also call us on +44 20 7946 0000" in text_of(move)
    assert refused.status_code == 422
    assert Booking.objects.get().status == Booking.Status.CONFIRMED


def test_a_patient_moves_an_appointment(
    browser: ClinicClient, sara: Patient, slots: list[Slot], now: datetime
) -> None:
    booking = make_booking(slots[0], sara, now=now)

    times = browser.get(f"/appointments/{booking.pk}/move")
    chosen = browser.get(f"/appointments/{booking.pk}/move?slot={slots[2].pk}&continue=1")
    asked = browser.get(chosen["Location"])
    moved = send(browser, chosen["Location"])
    page = browser.get(moved["Location"])

    assert f'id="{slots[0].pk}"' not in times.content.decode()
    assert heading_of(asked) == "Change your appointment?"
    assert heading_of(page) == "Your appointment has been changed"
    assert Booking.objects.get().slot == slots[2]


def test_a_new_time_that_is_taken_leaves_the_appointment_as_it_is(
    browser: ClinicClient, sara: Patient, slots: list[Slot], now: datetime
) -> None:
    booking = make_booking(slots[0], sara, now=now)
    path = browser.get(f"/appointments/{booking.pk}/move?slot={slots[2].pk}&continue=1")["Location"]
    make_booking(slots[2], make_patient(), now=now)

    answer = send(browser, path)

    assert (answer.status_code, heading_of(answer)) == (409, "This time is no longer available")
    assert f"/appointments/{booking.pk}/move/{slots[1].pk}?" in answer.content.decode()
    assert Booking.objects.get(pk=booking.pk).slot == slots[0]


def test_the_list_shows_the_next_appointment_first_and_the_past_apart(
    browser: ClinicClient, sara: Patient, slots: list[Slot], now: datetime
) -> None:
    first, second = (make_booking(slot, sara, now=now) for slot in (slots[0], slots[2]))

    upcoming, past = browser.get("/appointments"), browser.get("/appointments?when=past")

    assert text_of(upcoming).index("Your next appointment") < text_of(upcoming).index("Later appointments")
    assert f'<a class="btn btn-outline-primary" href="/appointments/{first.pk}">' in upcoming.content.decode()
    assert f'<a class="stretched-link" href="/appointments/{second.pk}">' in upcoming.content.decode()
    assert "You have no past or cancelled appointments." in text_of(past)


@pytest.mark.parametrize("suffix", ["", "/cancel", "/move", "/calendar.ics"])
def test_another_patients_appointment_does_not_exist(
    browser: ClinicClient, slots: list[Slot], now: datetime, suffix: str
) -> None:
    booking = make_booking(slots[0], make_patient(), now=now)

    assert browser.get(f"/appointments/{booking.pk}{suffix}").status_code == 404
    if suffix in {"", "/cancel"}:
        assert send(browser, f"/appointments/{booking.pk}{suffix}").status_code == 404
    assert Booking.objects.get().status == Booking.Status.CONFIRMED


def test_an_appointment_can_be_put_into_a_calendar_and_confirmed(
    browser: ClinicClient, sara: Patient, slots: list[Slot], now: datetime
) -> None:
    booking = make_booking(slots[0], sara, now=now)

    file = browser.get(f"/appointments/{booking.pk}/calendar.ics")
    send(browser, f"/appointments/{booking.pk}")

    assert file["Content-Type"] == "text/calendar; charset=utf-8"
    assert Booking.objects.get().attendance_confirmed_at == now


@pytest.mark.parametrize(
    "query",
    ["", "?doctor=x&date=2026-03-04", "?doctor={doctor}&date=soon", "?doctor={doctor}&date=9999-12-31"],
)
def test_an_address_that_names_no_time_is_not_found(
    browser: ClinicClient, slots: list[Slot], query: str
) -> None:
    address = f"/booking/{slots[0].pk}{query.format(doctor=slots[0].doctor_id)}"

    assert browser.get(address).status_code == 404
