"""Browser sessions: the refresh token is a cookie that scripts cannot read and other hosts cannot use."""

from typing import Any

import pytest
from django.conf import settings

from tenants.accounts.models import RefreshToken, User, UserSession
from tenants.accounts.sessions.services import start_session
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, data_of, host_of
from tests.factories.people import PASSWORD

COOKIE = settings.REFRESH_COOKIE
BROWSER = {"HTTP_X_SESSION": "cookie"}
REFRESH = "/api/auth/refresh/"


@pytest.fixture
def browser(clinic: Clinic) -> ClinicClient:
    """Return a client that asks for a session cookie."""
    return ClinicClient(clinic, **BROWSER)


def sign_in(client: ClinicClient, user: User, **extra: Any) -> Any:
    """Sign in with the right password and return the response."""
    return client.post("/api/auth/login/", {"email": user.email, "password": PASSWORD}, **extra)


def bearer(client: ClinicClient, access: str) -> None:
    """Make `client` send that access token."""
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")


def test_a_browser_gets_a_cookie_and_no_refresh_token_in_the_body(browser: ClinicClient, user: User) -> None:
    answer = sign_in(browser, user)

    cookie = answer.cookies[COOKIE]
    assert data_of(answer)["refresh"] is None
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (
        True,
        "Strict",
        "/",
        "",
    )
    assert cookie["max-age"] == 7 * 24 * 60 * 60
    assert cookie.value not in answer.content.decode()


def test_other_clients_get_no_refresh_cookie(clinic: Clinic, user: User) -> None:
    answer = sign_in(ClinicClient(clinic), user)

    assert (list(answer.cookies), type(data_of(answer)["refresh"])) == (["device"], str)


def test_over_https_the_cookie_is_secure(browser: ClinicClient, user: User, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE, settings.REFRESH_COOKIE = True, "__Host-refresh"

    cookie = sign_in(browser, user).cookies["__Host-refresh"]

    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")


def test_a_browser_renews_with_the_cookie_and_gets_the_next_one(browser: ClinicClient, user: User) -> None:
    first = sign_in(browser, user).cookies[COOKIE].value

    answer = browser.post(REFRESH)

    assert sorted(data_of(answer)) == ["access", "refresh"]
    assert answer.cookies[COOKIE].value != first
    assert data_of(browser.post(REFRESH))["refresh"] is None


def test_a_cookie_without_the_header_has_no_effect(browser: ClinicClient, clinic: Clinic, user: User) -> None:
    sign_in(browser, user)
    form = ClinicClient(clinic)
    form.cookies = browser.cookies

    assert form.post(REFRESH).status_code == 400
    assert RefreshToken.objects.filter(used_at=None).count() == 1


@pytest.mark.parametrize("path", [REFRESH, "/api/auth/login/", "/api/auth/register/", "/api/auth/logout/"])
@pytest.mark.parametrize(
    "origin", ["http://hudson.{base}", "http://riverside.{base}:8001", "https://riverside.{base}", "null"]
)
def test_a_request_from_another_origin_is_refused_first(
    browser: ClinicClient, user: User, path: str, origin: str
) -> None:
    bearer(browser, data_of(sign_in(browser, user))["access"])
    before = (RefreshToken.objects.count(), User.objects.count())
    person = {"email": user.email, "password": PASSWORD, "first_name": "Eve", "last_name": "Else"}

    answer = browser.post(path, person, HTTP_ORIGIN=origin.format(base=settings.BASE_DOMAIN))

    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")
    assert (RefreshToken.objects.count(), User.objects.count()) == before


def test_a_request_from_the_clinics_own_origin_is_allowed(
    browser: ClinicClient, clinic: Clinic, user: User
) -> None:
    sign_in(browser, user)

    assert browser.post(REFRESH, HTTP_ORIGIN=f"http://{host_of(clinic)}").status_code == 200


def test_a_cookie_of_another_clinic_is_refused(
    browser: ClinicClient, other_clinic: Clinic, user: User
) -> None:
    sign_in(browser, user)
    other_client = ClinicClient(other_clinic, **BROWSER)
    other_client.cookies = browser.cookies

    assert other_client.post(REFRESH).status_code == 401


def test_a_renewal_without_the_cookie_is_refused(browser: ClinicClient) -> None:
    answer = browser.post(REFRESH, {"refresh": "x"})

    assert (answer.status_code, answer.json()["code"]) == (401, "session_ended")


def test_a_refused_renewal_keeps_the_cookie_because_it_may_be_newer(
    browser: ClinicClient, user: User
) -> None:
    used = sign_in(browser, user).cookies[COOKIE].value
    browser.post(REFRESH)
    browser.cookies[COOKIE] = used

    answer = browser.post(REFRESH)

    assert (answer.status_code, dict(answer.cookies)) == (401, {})


def test_signing_out_ends_the_session_and_deletes_the_cookie(browser: ClinicClient, user: User) -> None:
    other_session = start_session(user=user)
    bearer(browser, data_of(sign_in(browser, user))["access"])

    answer = browser.post("/api/auth/logout/")

    assert (answer.status_code, answer.cookies[COOKIE]["max-age"], answer.cookies[COOKIE].value) == (
        200,
        0,
        "",
    )
    assert browser.get("/api/auth/profile/").status_code == 401
    bearer(browser, other_session.access)
    assert browser.get("/api/auth/profile/").status_code == 200


def test_signing_out_also_ends_a_session_started_in_another_tab(browser: ClinicClient, user: User) -> None:
    bearer(browser, data_of(sign_in(browser, user))["access"])
    sign_in(browser, user)  # the same browser, so this cookie replaces the first one

    browser.post("/api/auth/logout/")

    assert UserSession.objects.count() == 0


def test_changing_the_password_gives_a_browser_a_new_cookie(browser: ClinicClient, user: User) -> None:
    bearer(browser, data_of(sign_in(browser, user))["access"])
    change = {"current_password": PASSWORD, "new_password": "another horse, another staple"}

    answer = browser.post("/api/auth/password/change/", change)

    assert data_of(answer)["refresh"] is None
    assert browser.post(REFRESH).status_code == 200


def test_registering_in_a_browser_signs_it_in(browser: ClinicClient) -> None:
    person = {"email": "mia@people.example", "password": PASSWORD, "first_name": "Mia", "last_name": "Marsh"}

    answer = browser.post("/api/auth/register/", person)

    assert (answer.status_code, data_of(answer)["refresh"]) == (201, None)
    assert browser.post(REFRESH).status_code == 200
