"""One sign-in serves the web app and the clinic's admin, and its end ends both."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from clinics.models import ClinicSettings, Doctor, Patient
from tenants.accounts.credentials.services import change_access
from tenants.accounts.models import User, UserSession
from tenants.accounts.models.authenticator import Authenticator
from tenants.accounts.sessions.services import end_all_sessions
from tenants.base.clock import now as clock_now
from tenants.current import enter_clinic
from tenants.models import Clinic
from tests.factories.audit import audit_entries
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import PASSWORD, make_admin, make_receptionist, user_of
from tests.factories.second_factor import code_of, give_authenticator

NEW_PASSWORD = "a staple of correct horses"
CODE = "/admin/second-factor/code/"


class Browser:
    """A browser with the cookies of one host, for the web app and the admin."""

    def __init__(self, clinic: Clinic) -> None:
        self.client = ClinicClient(clinic, HTTP_X_SESSION="cookie")
        self.access = ""

    def sign_in_at_web(self, user: User, code: str | None = None) -> Any:
        """Sign in at the web app, with a code if one is given."""
        answer = self.client.post("/api/auth/login/", {"email": user.email, "password": PASSWORD})
        if code is not None:
            challenge = answer.json()["data"]["challenge"]
            answer = self.client.post(
                "/api/auth/login/second-factor/", {"challenge": challenge, "code": code}
            )
        self.access = data_of(answer)["access"]

    def sign_in_at_admin(self, user: User, password: str = PASSWORD) -> None:
        """Send the form of the admin's sign-in page."""
        data = {"username": user.email, "password": password}
        self.client.post("/admin/login/?next=/admin/", data, format="multipart")

    def admin(self, page: str = "/admin/clinics/patient/") -> str:
        """Open a page of the admin and return where the browser ends up."""
        answer = self.client.get(page, follow=True)
        assert answer.status_code == 200
        return str(answer.request["PATH_INFO"])

    def web(self) -> tuple[int, int]:
        """Open the web app: the statuses of the renewal, and of a request with the newest token."""
        renewed = self.client.post("/api/auth/refresh/")
        if renewed.status_code == 200:
            self.access = data_of(renewed)["access"]
        return renewed.status_code, self.request("get", "/api/auth/profile/").status_code

    def request(self, method: str, path: str, data: Any = None) -> Any:
        """Send a request of the web app."""
        return getattr(self.client, method)(path, data, HTTP_AUTHORIZATION=f"Bearer {self.access}")

    def copy_of_cookies_at(self, clinic: Clinic) -> "Browser":
        """A browser that sends these cookies to another clinic."""
        other = Browser(clinic)
        other.client.cookies = self.client.clone().cookies
        return other


OPEN, CLOSED = "/admin/clinics/patient/", "/admin/login/"
HERE, GONE = (200, 200), (401, 401)


@pytest.fixture
def browser(clinic: Clinic) -> Browser:
    """A browser at the clinic."""
    return Browser(clinic)


@pytest.fixture
def stopped_clock() -> Iterator[Any]:
    """Stop the clock, a second after the codes have changed."""
    with time_machine.travel(clock_now().timestamp() // 30 * 30 + 1, tick=False) as clock:
        yield clock


@pytest.mark.parametrize("make", [make_admin, make_receptionist])
def test_who_is_signed_in_at_the_web_app_opens_the_admin(browser: Browser, make: Callable[[], User]) -> None:
    user = make()
    browser.sign_in_at_web(user)

    assert browser.admin() == OPEN
    assert browser.web() == HERE
    assert audit_entries(kind="accounts.user") == [("signed_in", "accounts.user", str(user.pk))]
    assert UserSession.objects.filter(user=user).count() == 1


@pytest.mark.parametrize("make", [make_admin, make_receptionist])
def test_who_is_signed_in_at_the_admin_opens_the_web_app(browser: Browser, make: Callable[[], User]) -> None:
    user = make()
    browser.sign_in_at_admin(user)

    assert browser.web() == HERE
    assert data_of(browser.request("get", "/api/auth/profile/"))["email"] == user.email
    assert browser.admin() == OPEN
    assert f'data-user="{user.pk}"' in browser.client.get("/admin/").content.decode()


def test_patients_and_doctors_who_are_signed_in_do_not_get_into_the_admin(
    clinic: Clinic, patient: Patient, doctor: Doctor
) -> None:
    ends = {}
    for user in (user_of(patient), doctor.user):
        assert user is not None
        browser = Browser(clinic)
        browser.sign_in_at_web(user)
        ends[user.role] = (browser.admin(), browser.web())

    assert ends == {"patient": (CLOSED, HERE), "doctor": (CLOSED, HERE)}


def test_cookies_of_another_clinic_open_nothing(browser: Browser, other_clinic: Clinic, admin: User) -> None:
    browser.sign_in_at_web(admin)
    browser.admin()

    with enter_clinic(other_clinic):
        elsewhere = browser.copy_of_cookies_at(other_clinic)
        assert (elsewhere.admin(), elsewhere.web()[0]) == (CLOSED, 401)


def test_the_console_does_not_take_over_a_sign_in_at_a_clinic(browser: Browser, admin: User) -> None:
    browser.sign_in_at_web(admin)
    console = Client(SERVER_NAME="example.localhost")
    console.cookies = browser.client.clone().cookies

    assert console.get("/console/", follow=True).request["PATH_INFO"] == "/console/login/"


def test_a_refresh_token_that_was_used_opens_nothing(clinic: Clinic, browser: Browser, admin: User) -> None:
    browser.sign_in_at_web(admin)
    thief = browser.copy_of_cookies_at(clinic)
    browser.web()

    assert thief.admin() == CLOSED


@pytest.mark.parametrize("first", ["web", "admin"])
@pytest.mark.parametrize(
    "end", ["sign out at web", "sign out at admin", "end all", "deactivated", "demoted", "ended in list"]
)
def test_the_end_of_a_sign_in_ends_both(browser: Browser, first: str, end: str) -> None:
    user, boss = make_receptionist(), make_admin()
    getattr(browser, f"sign_in_at_{first}")(user)
    assert (browser.admin(), browser.web()) == (OPEN, HERE)

    match end:
        case "sign out at web":
            browser.request("post", "/api/auth/logout/")
        case "sign out at admin":
            browser.client.post("/admin/logout/")
        case "end all":
            end_all_sessions(user=user)
        case "deactivated":
            change_access(user=user, is_active=False, by=boss, now=clock_now())
        case "demoted":
            change_access(user=user, role=User.Role.PATIENT, by=boss, now=clock_now())
        case _:
            (session,) = data_of(browser.request("get", "/api/auth/sessions/"))["results"]
            browser.request("delete", f"/api/auth/sessions/{session['id']}/")

    assert (browser.admin(), browser.web()) == (CLOSED, GONE)
    assert UserSession.objects.filter(user=user).count() == 0


@pytest.mark.parametrize("place", ["web", "admin"])
def test_a_new_password_ends_the_users_other_browsers_and_keeps_this_one_in_both(
    clinic: Clinic, browser: Browser, admin: User, place: str
) -> None:
    other = Browser(clinic)
    for each in (browser, other):
        each.sign_in_at_web(admin)
        assert each.admin() == OPEN

    if place == "web":
        data = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
        browser.access = data_of(browser.request("post", "/api/auth/password/change/", data))["access"]
    else:
        names = ("old_password", "new_password1", "new_password2")
        form = dict(zip(names, (PASSWORD, NEW_PASSWORD, NEW_PASSWORD), strict=True))
        browser.client.post("/admin/password_change/", form, format="multipart")

    assert (browser.admin(), browser.web()) == (OPEN, HERE)
    assert (other.admin(), other.web()) == (CLOSED, GONE)


def test_input_at_either_counts_for_both_and_idleness_ends_both(
    browser: Browser, admin: User, stopped_clock: Any
) -> None:
    start = clock_now()

    def at(minutes: int) -> None:
        stopped_clock.move_to(start + timedelta(minutes=minutes))

    browser.sign_in_at_web(admin)
    browser.admin()
    at(20)
    browser.client.get(OPEN)
    at(40)
    assert browser.web() == HERE
    browser.request("post", "/api/auth/sessions/activity/")
    at(65)
    assert browser.client.get(OPEN).status_code == 200
    at(96)

    assert (browser.admin(), browser.web()) == (CLOSED, GONE)
    assert audit_entries(kind="accounts.user")[-1][0] == "session_ended"


def test_the_second_step_at_the_web_app_counts_at_the_admin(
    browser: Browser, admin: User, stopped_clock: Any
) -> None:
    device = give_authenticator(admin)

    browser.sign_in_at_web(admin, code=code_of(device))

    assert browser.admin() == OPEN


def test_the_second_step_at_the_admin_opens_both_and_the_password_alone_neither(
    browser: Browser, admin: User, stopped_clock: Any
) -> None:
    device = give_authenticator(admin)

    browser.sign_in_at_admin(admin)
    before = (browser.admin(), browser.web())
    browser.client.post(CODE, {"code": code_of(device)}, format="multipart")

    assert before == (CODE, GONE)
    assert (browser.admin(), browser.web()) == (OPEN, HERE)


def test_a_second_step_that_the_clinic_requires_since_is_asked_once(
    browser: Browser, admin: User, stopped_clock: Any
) -> None:
    browser.sign_in_at_web(admin)
    ClinicSettings.objects.update(second_factor_for_desk=True)

    asked = browser.admin()
    device = Authenticator.objects.get(user=admin)
    browser.client.post(asked, {"code": code_of(device)}, format="multipart")

    assert asked == "/admin/second-factor/set-up/"
    assert (browser.admin(), browser.web()) == (OPEN, HERE)


def test_the_admins_session_gets_a_new_key_when_it_takes_over_a_sign_in(
    clinic: Clinic, browser: Browser, admin: User
) -> None:
    session = browser.client.session
    session["planted"] = True
    session.save()
    planted = str(session.session_key)
    browser.client.cookies["sessionid"] = planted

    browser.sign_in_at_web(admin)
    browser.admin()

    assert browser.client.cookies["sessionid"].value != planted
    stranger = Browser(clinic)
    stranger.client.cookies["sessionid"] = planted
    assert stranger.admin() == CLOSED


def test_a_form_of_the_admin_still_needs_its_own_token(browser: Browser, admin: User) -> None:
    browser.sign_in_at_web(admin)
    strict = browser.client
    strict.handler.enforce_csrf_checks = True
    browser.admin()

    answer = strict.post("/admin/password_change/", {"old_password": PASSWORD}, format="multipart")

    assert answer.status_code == 403
