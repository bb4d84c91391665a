"""A newcomer books without JavaScript, without an account and without a password."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings

from clinics.models import ClinicSettings, Patient
from clinics.pages.person_form import PersonForm
from clinics.pages.register import RegisterForm
from clinics.pages.sign_in_code import NewPatientForm
from scheduling.bookings.hold import hold_slot
from scheduling.bookings.pages.newcomer import newcomer_fields
from scheduling.models import Booking, Slot
from tenants.accounts.email_code.services import digits_of, requested_code
from tenants.accounts.models import EmailCode, User
from tenants.base.clock import now as clock_now
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.pages import heading_of, hidden_fields, send, text_of
from tests.factories.people import make_doctor, make_patient, user_of
from tests.factories.schedule import make_slot
from tests.factories.second_factor import give_authenticator
from tests.factories.visit_types import make_visit_type

PERSON = {"first_name": "Nadia", "last_name": "New", "email": "nadia@people.example"}
MINUTE = timedelta(minutes=1)


@pytest.fixture
def slot(now: datetime) -> Slot:
    """A time the day after tomorrow."""
    return make_slot(make_doctor(name="Marsh"), now + timedelta(days=2))


def choose(browser: ClinicClient, slot: Slot, **fields: Any) -> str:
    """Choose a time, and return the path of the details step."""
    path: str = send(browser, "/book", slot=slot.pk, back="/doctors", **fields)["Location"]
    return path


def code(browser: ClinicClient) -> str:
    """Return the digits of the code that the browser has requested last."""
    found = requested_code(token=browser.cookies[settings.CODE_COOKIE].value, now=clock_now())
    assert found is not None
    return digits_of(found)


def test_a_newcomer_books_a_time(visitor: ClinicClient, slot: Slot) -> None:
    details = choose(visitor, slot)
    shown = visitor.get(details)
    asked = send(visitor, details, reason="Chest pain", **PERSON)
    entering = visitor.get(asked["Location"])
    check = send(visitor, asked["Location"], code=code(visitor))["Location"]
    checked = visitor.get(check)
    booked = visitor.get(send(visitor, check, **hidden_fields(checked))["Location"])

    assert "We are holding this time until 12:10 pm, London time" in text_of(shown)
    assert "We are holding this time until" in text_of(entering)
    assert "nadia@people.example" in text_of(entering)
    assert (heading_of(checked), heading_of(booked)) == (
        "Check your answers",
        "Your appointment is booked",
    )
    booking = Booking.objects.get()
    assert (booking.patient.full_name, booking.reason, booking.status) == (
        "Nadia New",
        "Chest pain",
        "CONFIRMED",
    )
    assert not user_of(booking.patient).has_usable_password()


def test_the_hold_lasts_as_long_as_the_code(visitor: ClinicClient, slot: Slot, now: datetime) -> None:
    ClinicSettings.objects.update(hold_minutes=2)
    details = choose(visitor, slot)

    send(visitor, details, **PERSON)

    assert Booking.objects.get().held_until == now + 10 * MINUTE


def test_a_time_that_is_first_held_with_the_details_belongs_to_the_browser(
    visitor: ClinicClient, slot: Slot, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also if no code can be sent, so that the browser's own hold is not in its way."""
    ClinicSettings.objects.update(hold_minutes=2)
    monkeypatch.setitem(settings.TRY_LIMITS, "email code by account", (1, 15 * MINUTE))
    other = make_slot(slot.doctor, slot.starts_at + timedelta(hours=1))
    first, second = (
        f"/booking/{one.pk}?doctor={one.doctor_id}&date={one.starts_at:%Y-%m-%d}" for one in (slot, other)
    )

    sent, refused = send(visitor.clone(), first, **PERSON), send(visitor, second, **PERSON)

    assert (sent.status_code, refused.status_code) == (303, 400)
    ends = Booking.objects.order_by("starts_at").values_list("held_until", flat=True)
    assert list(ends) == [now + 10 * MINUTE, now + 2 * MINUTE]
    assert "We are holding this time until" in text_of(visitor.get(second))


@pytest.mark.parametrize("missing", ["first_name", "last_name", "email"])
def test_missing_details_are_asked_for_and_no_code_is_sent(
    visitor: ClinicClient, slot: Slot, missing: str
) -> None:
    shown = send(visitor, choose(visitor, slot), **{**PERSON, missing: ""})

    assert shown.status_code == 400
    assert f'id="{missing}-error"' in shown.content.decode()
    assert not EmailCode.objects.exists()


def test_the_date_of_birth_is_asked_for_only_where_the_clinic_wants_it(
    visitor: ClinicClient, slot: Slot
) -> None:
    details = choose(visitor, slot)
    before = visitor.get(details).content.decode()
    ClinicSettings.objects.update(ask_date_of_birth=True)

    without = send(visitor, details, **PERSON)
    entered = send(visitor, details, date_of_birth="1990-02-28", **PERSON)
    send(visitor, entered["Location"], code=code(visitor))

    assert 'id="date_of_birth"' not in before
    assert "Enter your date of birth" in text_of(without)
    assert str(Patient.objects.get(is_newcomer=False).date_of_birth) == "1990-02-28"


def test_a_visit_by_telephone_asks_for_the_number(visitor: ClinicClient, slot: Slot) -> None:
    details = choose(visitor, slot, visit_type=make_visit_type(mode="phone").pk)

    without = send(visitor, details, **PERSON)
    wrong = send(visitor, details, phone="12", **PERSON)
    entered = send(visitor, details, phone="020 7946 0018", **PERSON)
    send(visitor, entered["Location"], code=code(visitor))

    assert (without.status_code, wrong.status_code) == (400, 400)
    assert User.objects.get(email=PERSON["email"]).phone == "+442079460018"


def test_a_wrong_code_is_refused_and_the_hold_stays(visitor: ClinicClient, slot: Slot) -> None:
    path = send(visitor, choose(visitor, slot), **PERSON)["Location"]

    refused = send(visitor, path, code="1")

    assert (refused.status_code, heading_of(refused)) == (400, "Enter the code")
    assert "This code is wrong." in text_of(refused)
    assert Booking.objects.get().status == "HELD"


def test_a_new_code_can_be_sent(visitor: ClinicClient, slot: Slot) -> None:
    path = send(visitor, choose(visitor, slot), **PERSON)["Location"]

    again = send(visitor, path, resend="1")

    assert "We have sent you a new code." in text_of(visitor.get(again["Location"]))
    assert EmailCode.objects.count() == 2
    assert send(visitor, path, code=code(visitor)).status_code == 303


def test_too_many_codes_are_refused_on_the_page(visitor: ClinicClient, slot: Slot) -> None:
    path = send(visitor, choose(visitor, slot), **PERSON)["Location"]

    refused = [send(visitor, path, resend="1") for _request in range(5)][-1]

    assert refused.status_code == 429
    assert "Too many attempts." in text_of(refused)


def test_a_known_address_signs_in_to_its_account(visitor: ClinicClient, slot: Slot) -> None:
    owner = make_patient(email=PERSON["email"], first_name="Mia", last_name="Marsh")
    path = send(visitor, choose(visitor, slot), **PERSON)["Location"]

    check = send(visitor, path, code=code(visitor))["Location"]

    assert "Mia Marsh" in text_of(visitor.get(check))
    assert Booking.objects.get().patient == owner


def test_two_step_sign_in_asks_for_its_code_too(visitor: ClinicClient, slot: Slot) -> None:
    give_authenticator(user_of(make_patient(email=PERSON["email"])))
    path = send(visitor, choose(visitor, slot), **PERSON)["Location"]

    assert heading_of(send(visitor, path, code=code(visitor))) == "Enter your code"


def test_a_time_that_somebody_else_took_shows_others_and_keeps_what_was_typed(
    visitor: ClinicClient, slot: Slot, now: datetime
) -> None:
    details = choose(visitor, slot)
    path = send(visitor, details, reason="Chest pain", **PERSON)["Location"]
    Booking.objects.update(held_until=now - MINUTE, status="CANCELLED", cancelled_at=now)
    other = make_patient()
    hold_slot(slot_id=slot.pk, patient=other, by=other.user, now=now)

    shown = send(visitor, path, code=code(visitor))
    Booking.objects.filter(patient=other).update(status="CANCELLED", cancelled_at=now)

    assert heading_of(shown) == "This time is no longer available"
    again = visitor.get(details).content.decode()
    assert 'value="nadia@people.example"' in again
    assert "Chest pain" in again


@pytest.mark.parametrize("step", ["code", "check"])
def test_a_step_without_its_answers_leads_back(visitor: ClinicClient, slot: Slot, step: str) -> None:
    details = choose(visitor, slot)

    shown = visitor.get(details.replace("?", f"/{step}?"))

    assert (shown.status_code == 303) is (step == "code")
    assert step == "code" or heading_of(shown) == "Sign in"


@pytest.mark.parametrize(
    ("headers", "is_held"),
    [
        ({}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "null"}, False),
    ],
)
def test_a_page_of_another_site_holds_no_time_for_a_visitor(
    clinic: Clinic, slot: Slot, at_now: datetime, headers: dict[str, str], is_held: bool
) -> None:
    browser = ClinicClient(clinic, enforce_csrf_checks=True)
    encoded = "application/x-www-form-urlencoded"

    answer = browser.post("/book", f"slot={slot.pk}", content_type=encoded, headers=headers)

    assert answer.status_code == 303
    assert Booking.objects.exists() is is_held


@pytest.mark.usefixtures("clinic")
def test_what_a_newcomer_has_entered_is_in_no_other_form() -> None:
    newcomer_fields({"first_name": "Canary", "last_name": "Canary"}, required=False)

    for form in (PersonForm(), RegisterForm(), NewPatientForm()):
        assert "Canary" not in form.as_p()
        assert form.fields["first_name"].required
