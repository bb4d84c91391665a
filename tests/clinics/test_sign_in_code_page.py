"""Signing in with a code by email, without JavaScript."""

import pytest
from django.conf import settings

from clinics.models import ClinicSettings, Patient
from tenants.accounts.email_code.services import digits_of, requested_code
from tenants.accounts.models import User
from tenants.base.clock import now
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.pages import heading_of, send, text_of
from tests.factories.people import make_patient, user_of
from tests.factories.second_factor import give_authenticator

PATH = "/sign-in/code"
EMAIL = "nadia@people.example"


@pytest.fixture
def browser(clinic: Clinic) -> ClinicClient:
    """A browser in which nobody is signed in."""
    return ClinicClient(clinic)


def sent_code(browser: ClinicClient) -> str:
    """Request a code and return it."""
    answer = send(browser, f"{PATH}?next=/profile", email=EMAIL)
    assert answer["Location"] == f"{PATH}?next=%2Fprofile&sent=1"
    code = requested_code(token=browser.cookies[settings.CODE_COOKIE].value, now=now())
    assert code is not None
    return digits_of(code)


def test_a_patient_signs_in_with_a_code_and_returns(browser: ClinicClient) -> None:
    make_patient(email=EMAIL)
    asked = browser.get("/sign-in?next=/profile")
    digits = sent_code(browser)
    entering = browser.get(f"{PATH}?sent=1")

    answer = send(browser, f"{PATH}?next=/profile", code=digits)

    assert 'href="/sign-in/code?next=%2Fprofile"' in asked.content.decode()
    assert EMAIL in text_of(entering)
    assert (answer.status_code, answer["Location"]) == (303, "/profile")
    assert heading_of(browser.get("/profile")) == "My details"


def test_who_has_no_account_enters_a_name_and_is_registered(browser: ClinicClient) -> None:
    ClinicSettings.objects.update(ask_date_of_birth=True)
    digits = sent_code(browser)

    asked = send(browser, PATH, code=digits)
    unnamed = send(browser, PATH, code=digits, first_name="", last_name="", date_of_birth="")
    birth = {"date_of_birth": "1990-02-28"}
    answer = send(browser, PATH, code=digits, first_name="Nadia", last_name="New", **birth)

    assert heading_of(asked) == "Register as a patient"
    assert f'name="code" value="{digits}"' in asked.content.decode()
    assert (unnamed.status_code, "Enter your first name" in text_of(unnamed)) == (400, True)
    assert answer["Location"] == "/appointments"
    assert Patient.objects.get().full_name == "Nadia New"
    assert User.objects.get(email=EMAIL).email_verified_at is not None


def test_a_wrong_code_and_a_wrong_address_are_refused(browser: ClinicClient) -> None:
    sent_code(browser)

    wrong, invalid = send(browser, PATH, code="1"), send(browser, PATH, email="nadia@")

    assert (wrong.status_code, heading_of(wrong)) == (400, "Enter the code")
    assert (invalid.status_code, heading_of(invalid)) == (400, "Sign in with a code")


def test_too_many_requests_for_a_code_are_refused(browser: ClinicClient) -> None:
    statuses = [send(browser, PATH, email=EMAIL).status_code for _request in range(6)]

    assert statuses == [303] * 5 + [429]


def test_two_step_sign_in_asks_for_the_code_of_the_app(browser: ClinicClient) -> None:
    give_authenticator(user_of(make_patient(email=EMAIL)))

    assert heading_of(send(browser, PATH, code=sent_code(browser))) == "Enter your code"
