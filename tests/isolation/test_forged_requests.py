"""Another site, including another clinic's, cannot make an admin's browser change anything."""

from typing import Any

import pytest
from django.test import Client

from tenants.accounts.models import User
from tenants.current import enter_clinic
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, host_of
from tests.factories.people import PASSWORD, make_admin

ADD = "/admin/clinics/specialty/add/"
SPECIALTY = {"name": "Cardiology", "code": "cardiology"}


def browser_at(clinic: Clinic, admin: User) -> Client:
    """Return a client with CSRF checks, signed in as the admin."""
    browser = Client(enforce_csrf_checks=True, SERVER_NAME=host_of(clinic))
    browser.get("/admin/login/")
    sign_in = {"username": admin.email, "password": PASSWORD, "csrfmiddlewaretoken": token_of(browser)}
    assert browser.post("/admin/login/", sign_in).status_code == 302
    return browser


def token_of(browser: Client) -> str:
    """Return the browser's CSRF token for this host."""
    return str(browser.cookies["csrftoken"].value)


def add(browser: Client, token: str, **headers: str) -> Any:
    """Submit the form that adds a specialty."""
    return browser.post(ADD, {**SPECIALTY, "csrfmiddlewaretoken": token}, headers=headers)


@pytest.fixture
def browser(clinic: Clinic, admin: User) -> Client:
    """A browser of the London clinic's admin."""
    return browser_at(clinic, admin)


def test_the_clinics_own_form_is_accepted(browser: Client, clinic: Clinic) -> None:
    response = add(browser, token_of(browser), origin=f"http://{host_of(clinic)}")

    assert response.status_code == 302


@pytest.mark.parametrize(
    "origin",
    [
        "http://hudson.example.localhost",
        "http://example.localhost",
        "https://riverside.example.localhost",
        "http://riverside.example.localhost:81",
        "http://riverside.example.localhost.evil.example",
        "null",
    ],
)
def test_a_form_from_elsewhere_is_refused_even_with_the_right_token(browser: Client, origin: str) -> None:
    assert add(browser, token_of(browser), origin=origin).status_code == 403


def test_a_forwarded_host_does_not_make_another_clinic_the_same_origin(browser: Client) -> None:
    other = "hudson.example.localhost"
    headers = {"origin": f"http://{other}", "x-forwarded-host": other, "forwarded": f"host={other}"}

    assert add(browser, token_of(browser), **headers).status_code == 403


def test_a_csrf_token_of_another_clinic_is_refused(browser: Client, other_clinic: Clinic) -> None:
    with enter_clinic(other_clinic):
        token = token_of(browser_at(other_clinic, make_admin()))

    assert add(browser, token).status_code == 403


def test_a_token_and_a_cookie_of_another_clinic_still_need_this_clinics_session(
    clinic: Clinic, other_clinic: Clinic
) -> None:
    with enter_clinic(other_clinic):
        other = browser_at(other_clinic, make_admin())

    response = other.post(
        ADD, {**SPECIALTY, "csrfmiddlewaretoken": token_of(other)}, SERVER_NAME=host_of(clinic)
    )

    assert (response.status_code, response["Location"]) == (302, f"/admin/login/?next={ADD}")


def test_signing_in_by_a_form_from_elsewhere_is_refused(clinic: Clinic, admin: User) -> None:
    browser = Client(enforce_csrf_checks=True, SERVER_NAME=host_of(clinic))
    browser.get("/admin/login/")
    sign_in = {"username": admin.email, "password": PASSWORD, "csrfmiddlewaretoken": token_of(browser)}

    response = browser.post("/admin/login/", sign_in, headers={"origin": "http://hudson.example.localhost"})

    assert response.status_code == 403


def test_the_api_sends_no_cors_headers(clinic: Clinic) -> None:
    response = ClinicClient(clinic).get("/api/clinic/", headers={"origin": "http://hudson.example.localhost"})

    assert [name for name in response.headers if name.lower().startswith("access-control-")] == []
