"""Sessions of staff end after a time without input, at the API, in the admin and in the console."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from clinics.models import ClinicSettings, Doctor, Patient
from tenants.accounts.models import AuditEntry, User, UserSession
from tenants.current import leave_clinic
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import PASSWORD, make_user, user_of
from tests.factories.second_factor import sign_in_with_second_factor

START = datetime(2026, 12, 1, 9, tzinfo=UTC)
ACTIVITY = "/api/auth/sessions/activity/"


class Browser:
    """An API client that has signed in, and renews its tokens."""

    def __init__(self, clinic: Clinic, user: User) -> None:
        self.client = ClinicClient(clinic)
        answer = self.client.post("/api/auth/login/", {"email": user.email, "password": PASSWORD})
        self._use(data_of(answer))

    def renew(self) -> int:
        """Renew the tokens and return the status."""
        answer = self.client.post("/api/auth/refresh/", {"refresh": self.refresh})
        if answer.status_code == 200:
            self._use(data_of(answer))
        return int(answer.status_code)

    def profile(self) -> int:
        """Send an ordinary request, as polling does, and return the status."""
        return int(self.client.get("/api/auth/profile/").status_code)

    def _use(self, tokens: Any) -> None:
        self.refresh = tokens["refresh"]
        self.client.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens['access']}")


@pytest.fixture
def clock() -> Iterator[Any]:
    """A clock that stands still at nine o'clock, and can be moved."""
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def at(clock: Any, minutes: float, seconds: int = 0) -> datetime:
    """Set the clock to so long after nine, and return the time."""
    moment = START + timedelta(minutes=minutes, seconds=seconds)
    clock.move_to(moment)
    return moment


@pytest.fixture
def staff(doctor: Doctor) -> User:
    """A doctor's account."""
    assert doctor.user is not None
    return doctor.user


def poll_until(clock: Any, browser: Browser, minutes: int) -> None:
    """Renew and send a request every nine minutes."""
    for minute in range(9, minutes, 9):
        at(clock, minute)
        assert (browser.renew(), browser.profile()) == (200, 200)


def test_a_session_of_staff_ends_after_thirty_minutes_without_input_although_it_polls(
    clinic: Clinic, clock: Any, staff: User
) -> None:
    browser = Browser(clinic, staff)

    poll_until(clock, browser, 30)
    at(clock, 29, 59)
    before = browser.profile()
    at(clock, 30)
    after = (browser.profile(), browser.renew())

    assert (before, after) == (200, (401, 401))
    assert UserSession.objects.filter(user=staff).count() == 0
    entry = AuditEntry.objects.latest("id")
    assert (entry.what, entry.note) == ("session_ended", "no activity")


def test_reported_input_prolongs_the_session(clinic: Clinic, clock: Any, staff: User) -> None:
    browser = Browser(clinic, staff)

    poll_until(clock, browser, 28)
    reported = data_of(browser.client.post(ACTIVITY))
    at(clock, 36)
    renewed = browser.renew()
    asked = data_of(browser.client.get(ACTIVITY))
    left = [reported.pop("seconds_left"), asked.pop("seconds_left")]
    poll = [(at(clock, minute), browser.renew())[1] for minute in (45, 54, 56.9, 57)]

    assert reported == asked == {"idle_minutes": 30, "ends_at": "2026-12-01T09:57:00Z"}
    assert left == [1800, 1260]
    assert (renewed, poll) == (200, [200, 200, 200, 401])


def test_a_patients_session_does_not_end_without_input(clinic: Clinic, clock: Any, patient: Patient) -> None:
    browser = Browser(clinic, user_of(patient))

    at(clock, 60 * 24)
    renewed = browser.renew()

    assert (renewed, browser.profile()) == (200, 200)
    assert data_of(browser.client.post(ACTIVITY)) == dict.fromkeys(
        ("idle_minutes", "ends_at", "seconds_left")
    )


def test_the_idle_time_is_a_setting_of_the_clinic(clinic: Clinic, clock: Any, staff: User) -> None:
    ClinicSettings.objects.update(staff_idle_minutes=5)
    browser = Browser(clinic, staff)

    at(clock, 4, 59)
    before = browser.profile()
    at(clock, 5)

    assert (before, browser.profile(), browser.renew()) == (200, 401, 401)


def open_page(client: Any, page: str = "/admin/", **headers: str) -> int:
    """Open a page and return the status."""
    return int(client.get(page, headers=headers).status_code)


def test_an_admin_session_ends_after_thirty_minutes_without_input(
    clinic: Clinic, clock: Any, admin: User
) -> None:
    client = ClinicClient(clinic)
    client.force_login(admin)

    statuses = [(at(clock, minute), open_page(client))[1] for minute in (0, 25, 54.9, 85)]
    page = client.get("/admin/login/").content.decode()

    assert statuses == [200, 200, 200, 302]
    assert "You were signed out because there was no activity for 30 minutes." in page
    entry = AuditEntry.objects.latest("id")
    assert (entry.what, entry.note, entry.record_id) == ("session_ended", "no activity", str(admin.pk))


def test_requests_of_scripts_do_not_prolong_an_admin_session_but_reported_input_does(
    clinic: Clinic, clock: Any, admin: User
) -> None:
    script = {"Sec-Fetch-Mode": "cors"}
    activity = "/admin/session-activity/"
    client = ClinicClient(clinic)
    client.force_login(admin)
    open_page(client)

    at(clock, 20)
    polled = [open_page(client, "/admin/", **script), client.get(activity).json()["seconds_left"]]
    reported = client.post(activity, headers=script).json()["seconds_left"]
    at(clock, 49)
    polled.append(open_page(client, "/admin/", **script))
    at(clock, 50, 1)
    polled.append(open_page(client, "/admin/", **script))

    assert (polled, reported) == ([200, 600, 200, 302], 1800)


def test_an_operators_session_at_the_console_ends_too(
    clinics: tuple[Clinic, Clinic], db: None, clock: Any
) -> None:
    leave_clinic()
    operator = make_user(User.Role.OPERATOR)
    client = Client(SERVER_NAME="example.localhost")
    sign_in_with_second_factor(client, operator)

    statuses = [(at(clock, minute), open_page(client, "/console/"))[1] for minute in (1, 30, 61)]

    assert statuses == [200, 200, 302]


def test_pages_of_the_admin_warn_before_the_session_ends(clinic: Clinic, admin: User) -> None:
    client = ClinicClient(clinic)
    client.force_login(admin)

    page = client.get("/admin/").content.decode()

    assert 'data-url="/admin/session-activity/"' in page
    assert 'data-limit="1800"' in page
    assert "Stay signed in" in page


def test_messages_of_the_admin_are_not_stored_in_a_cookie(clinic: Clinic, settings: Any) -> None:
    assert settings.MESSAGE_STORAGE.endswith("SessionStorage")


@pytest.mark.parametrize(
    ("scheme", "names"),
    [
        ("https", ["__Host-sessionid", "__Host-csrftoken", "__Host-refresh", True]),
        ("http", ["sessionid", "csrftoken", "refresh", False]),
    ],
)
def test_cookies_have_the_host_prefix_over_https_and_plain_names_over_http(
    scheme: str, names: list[object]
) -> None:
    script = (
        "import json; from config import settings as s; print(json.dumps([s.SESSION_COOKIE_NAME, "
        "s.CSRF_COOKIE_NAME, s.REFRESH_COOKIE, s.SESSION_COOKIE_SECURE]))"
    )
    environment = {**os.environ, "PUBLIC_SCHEME": scheme, "PYTHONPATH": "platform:."}

    output = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, check=True, text=True
    ).stdout

    assert json.loads(output) == names


def test_over_https_the_admins_cookies_fulfil_the_conditions_of_the_prefix(
    clinic: Clinic, admin: User, settings: Any
) -> None:
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client = ClinicClient(clinic)
    page = client.get("/admin/login/", secure=True)
    token = page.cookies["__Host-csrftoken"].value

    answer = client.post(
        "/admin/login/",
        {"username": admin.email, "password": PASSWORD, "csrfmiddlewaretoken": token},
        format="multipart",
        secure=True,
    )

    assert open_page(client) in {200, 301, 302}
    cookies = [page.cookies["__Host-csrftoken"], answer.cookies["__Host-sessionid"]]
    assert [(cookie["secure"], cookie["path"], cookie["domain"]) for cookie in cookies] == [
        (True, "/", "")
    ] * 2
