"""Signing in, registering and signing out without JavaScript, in the session of the web app."""

from datetime import datetime, timedelta
from http.cookies import SimpleCookie

import pytest
import time_machine
from django.conf import settings

from clinics.models import Patient
from tenants.accounts.models import User, UserSession
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.pages import heading_of, hidden_fields, send, sign_in, text_of
from tests.factories.people import PASSWORD, make_patient, make_receptionist
from tests.factories.second_factor import code_of, give_authenticator, wrong_code

COOKIE = settings.REFRESH_COOKIE


@pytest.fixture
def browser(clinic: Clinic) -> ClinicClient:
    """A browser that is not signed in."""
    return ClinicClient(clinic)


def test_a_sign_in_starts_a_session_that_the_web_app_goes_on_with(browser: ClinicClient) -> None:
    patient = make_patient()

    sign_in(browser, patient)

    page = browser.get("/appointments")
    assert heading_of(page) == "My appointments"
    assert f'"user": "{patient.user_id}"' in page.content.decode()
    renewed = browser.post("/api/auth/refresh/", headers={"X-Session": "cookie"})
    assert renewed.status_code == 200


@pytest.mark.parametrize(("seconds", "heading"), [(9, "My appointments"), (10, "Sign in")])
def test_a_page_opens_while_the_web_app_exchanges_the_token(
    browser: ClinicClient, clinic: Clinic, now: datetime, seconds: int, heading: str
) -> None:
    """The browser may send a form before it has stored the next token."""
    with time_machine.travel(now, tick=False) as clock:
        sign_in(browser, make_patient())
        sending = ClinicClient(clinic)
        sending.cookies = SimpleCookie({COOKIE: browser.cookies[COOKIE].value})
        browser.post("/api/auth/refresh/", headers={"X-Session": "cookie"})
        clock.shift(timedelta(seconds=seconds))

        page = sending.get("/appointments")

    assert heading_of(page) == heading


def test_a_token_of_a_session_that_has_ended_opens_no_page(browser: ClinicClient, clinic: Clinic) -> None:
    sign_in(browser, make_patient())
    old = ClinicClient(clinic)
    old.cookies = SimpleCookie({COOKIE: browser.cookies[COOKIE].value})
    browser.post("/api/auth/refresh/", headers={"X-Session": "cookie"})
    send(browser, "/sign-out")

    assert heading_of(old.get("/appointments")) == "Sign in"


def test_a_page_that_needs_a_sign_in_shows_the_form_and_leads_back(browser: ClinicClient) -> None:
    patient = make_patient()
    assert patient.user is not None

    asked = browser.get("/appointments?when=past")
    answer = send(
        browser, "/sign-in?next=/appointments%3Fwhen%3Dpast", email=patient.user.email, password=PASSWORD
    )

    assert heading_of(asked) == "Sign in"
    assert 'action="/sign-in?next=%2Fappointments%3Fwhen%3Dpast"' in asked.content.decode()
    assert (answer.status_code, answer["Location"]) == (303, "/appointments?when=past")


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x"]
)
def test_a_sign_in_leads_to_no_other_site(browser: ClinicClient, target: str) -> None:
    patient = make_patient()
    assert patient.user is not None

    answer = send(browser, f"/sign-in?next={target}", email=patient.user.email, password=PASSWORD)

    assert answer["Location"] == "/appointments"


def test_a_wrong_password_is_said_at_the_top_and_starts_no_session(browser: ClinicClient) -> None:
    patient = make_patient()
    assert patient.user is not None

    answer = send(browser, "/sign-in", email=patient.user.email, password="wrong")
    empty = send(browser, "/sign-in", email="nobody", password="")

    assert (answer.status_code, empty.status_code) == (401, 400)
    assert "This email address and password do not match." in text_of(answer)
    assert "Enter an email address in the correct format, like name@example.com" in text_of(empty)
    assert '<a href="#password">Enter your password</a>' in empty.content.decode()
    assert not UserSession.objects.exists()
    assert '<script type="module"' not in answer.content.decode()


def test_a_form_of_another_site_is_refused(clinic: Clinic) -> None:
    browser = ClinicClient(clinic, enforce_csrf_checks=True)

    assert send(browser, "/sign-in", email="a@people.example", password=PASSWORD).status_code == 403


def test_an_account_with_two_step_sign_in_needs_a_code(browser: ClinicClient) -> None:
    patient = make_patient()
    assert patient.user is not None
    device = give_authenticator(patient.user)

    asked = send(browser, "/sign-in?next=/profile", email=patient.user.email, password=PASSWORD)
    challenge = hidden_fields(asked)["challenge"]
    wrong = send(browser, "/sign-in?next=/profile", challenge=challenge, code=wrong_code(device))
    right = send(browser, "/sign-in?next=/profile", challenge=challenge, code=code_of(device))

    assert (heading_of(asked), wrong.status_code) == ("Enter your code", 400)
    assert "This code is wrong. Enter a new one." in text_of(wrong)
    assert (right.status_code, right["Location"]) == (303, "/profile")


def test_registering_creates_a_patient_who_is_signed_in(browser: ClinicClient) -> None:
    details = {
        "first_name": "Sam",
        "last_name": "Fisher",
        "email": "sam@people.example",
        "password": PASSWORD,
    }

    missing = send(browser, "/register", first_name="Sam", password="short", email="sam@people.example")
    weak = send(browser, "/register", **{**details, "password": "short"})
    answer = send(browser, "/register", **details, role="admin")

    assert "Enter your last name" in text_of(missing)
    assert weak.status_code == 400
    assert "There is a problem" in text_of(weak)
    assert (answer.status_code, answer["Location"]) == (303, "/appointments")
    assert Patient.objects.get(user__role=User.Role.PATIENT).first_name == "Sam"
    assert heading_of(browser.get("/appointments")) == "My appointments"


def test_signing_out_ends_the_session_at_once(browser: ClinicClient) -> None:
    sign_in(browser, make_patient())

    opened = browser.get("/sign-out")
    assert UserSession.objects.exists()
    answer = send(browser, "/sign-out")

    assert (opened.status_code, answer.status_code, answer["Location"]) == (303, 303, "/")
    assert not UserSession.objects.exists()
    assert heading_of(browser.get("/appointments")) == "Sign in"


def test_staff_are_told_where_their_pages_are(browser: ClinicClient) -> None:
    receptionist = make_receptionist()
    answer = send(browser, "/sign-in", email=receptionist.email, password=PASSWORD)

    assert answer["Location"] == "/portal"
    assert heading_of(browser.get("/appointments")) == "This page is for patients"
