"""Two-step sign-in in the admin: no page opens before the second step."""

from typing import Any

import pytest
import time_machine

from clinics.models import ClinicSettings, Doctor
from tenants.accounts.models import User
from tenants.accounts.models.authenticator import Authenticator, RecoveryCodes
from tenants.accounts.sessions.services import start_session
from tenants.base.clock import now as clock_now
from tenants.models import Clinic
from tests.factories.audit import audit_entries
from tests.factories.clinic_client import ClinicClient
from tests.factories.forms import parse_form
from tests.factories.people import PASSWORD, make_admin
from tests.factories.second_factor import (
    code_of,
    give_authenticator,
    sign_in_with_second_factor,
    wrong_code,
)

CODE = "/admin/second-factor/code/"
SET_UP = "/admin/second-factor/set-up/"
MANAGE = "/admin/second-factor/"


@pytest.fixture
def stopped_clock() -> Any:
    """Stop the clock, a second after the codes have changed."""
    with time_machine.travel(clock_now().timestamp() // 30 * 30 + 1, tick=False) as clock:
        yield clock


@pytest.fixture
def desk(clinic: Clinic) -> ClinicClient:
    """Return a browser at the clinic's admin."""
    client = ClinicClient(clinic)
    client.default_format = "multipart"
    return client


def enter_password(desk: ClinicClient, user: User, next_page: str = "/admin/") -> Any:
    """Enter the right password and return the response."""
    data = {"username": user.email, "password": PASSWORD}
    return desk.post(f"/admin/login/?next={next_page}", data, follow=True)


def text_of(answer: Any) -> str:
    """Return the text of a page."""
    page: str = answer.content.decode()
    return page


def test_after_password_and_code_the_requested_page_opens(
    desk: ClinicClient, admin: User, stopped_clock: Any
) -> None:
    device = give_authenticator(admin)

    page = enter_password(desk, admin, next_page="/admin/clinics/patient/")
    closed = desk.get("/admin/clinics/patient/").status_code
    before = audit_entries(kind="accounts.user")
    path = f"{page.request['PATH_INFO']}?{page.request['QUERY_STRING']}"
    opened = desk.post(path, {"code": code_of(device)})

    assert (page.request["PATH_INFO"], closed, before) == (CODE, 302, [])
    assert (opened.status_code, opened["Location"]) == (302, "/admin/clinics/patient/")
    assert desk.get("/admin/clinics/patient/").status_code == 200
    assert audit_entries(kind="accounts.user") == [("signed_in", "accounts.user", str(admin.pk))]


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_after_the_code_no_redirect_leads_to_another_host(
    desk: ClinicClient, admin: User, stopped_clock: Any, target: str
) -> None:
    device = give_authenticator(admin)
    desk.force_login(admin)

    answer = desk.post(f"{CODE}?next={target}", {"code": code_of(device)})

    assert answer["Location"] == "/admin/"


def test_a_wrong_code_is_refused_with_a_message(desk: ClinicClient, admin: User) -> None:
    device = give_authenticator(admin)
    enter_password(desk, admin)

    answer = desk.post(CODE, {"code": wrong_code(device)})

    assert "This code is wrong." in text_of(answer)
    assert desk.get("/admin/").status_code == 302


def test_too_many_wrong_codes_are_refused_on_the_page(
    desk: ClinicClient, admin: User, stopped_clock: Any
) -> None:
    device = give_authenticator(admin)
    enter_password(desk, admin)
    for _ in range(5):
        desk.post(CODE, {"code": wrong_code(device)})

    answer = desk.post(CODE, {"code": code_of(device)})

    assert "Too many attempts." in text_of(answer)
    assert desk.get("/admin/").status_code == 302


def test_a_user_can_sign_out_before_entering_the_code(desk: ClinicClient, admin: User) -> None:
    give_authenticator(admin)
    enter_password(desk, admin)

    answer = desk.post(CODE, {"leave": "yes"})

    assert answer["Location"] == "/admin/login/"
    assert desk.get(CODE)["Location"] == "/admin/login/"


def test_if_it_is_required_no_page_opens_before_the_set_up(
    desk: ClinicClient, admin: User, stopped_clock: Any
) -> None:
    ClinicSettings.objects.update(second_factor_for_desk=True)

    page = enter_password(desk, admin)
    closed = [desk.get(path).status_code for path in ("/admin/", "/admin/accounts/user/", MANAGE)]
    device = Authenticator.objects.get(user=admin)
    codes = desk.post(SET_UP, {"code": code_of(device)})

    assert page.request["PATH_INFO"] == SET_UP
    assert device.secret in text_of(page)
    assert "<svg " in text_of(page)
    assert closed == [302, 302, 302]
    assert text_of(codes).count("<li><code>") == 10
    assert desk.get("/admin/").status_code == 200
    assert ("second_factor_on", "accounts.user", str(admin.pk)) in audit_entries()


def test_a_new_requirement_locks_open_sessions(desk: ClinicClient, admin: User) -> None:
    desk.force_login(admin)
    before = desk.get("/admin/").status_code

    ClinicSettings.objects.update(second_factor_for_desk=True)

    assert (before, desk.get("/admin/").status_code) == (200, 302)


def test_requiring_it_in_the_settings_ends_sessions_without_it(
    desk: ClinicClient, admin: User, doctor: Doctor, clinic: Clinic
) -> None:
    sign_in_with_second_factor(desk, admin)
    assert doctor.user is not None
    bearer = f"Bearer {start_session(user=doctor.user).access}"
    page = "/admin/clinics/clinicsettings/1/change/"
    form = parse_form(desk.get(page).content.decode()) | {"second_factor_for_doctors": "on"}

    saved = desk.post(page, form)

    api = ClinicClient(clinic)
    api.credentials(HTTP_AUTHORIZATION=bearer)
    assert saved.status_code == 302
    assert (api.get("/api/auth/profile/").status_code, desk.get("/admin/").status_code) == (401, 200)


def test_the_page_with_codes_and_keys_is_not_cached(desk: ClinicClient, admin: User) -> None:
    desk.force_login(admin)

    assert "no-store" in desk.get(SET_UP)["Cache-Control"]


def test_its_pages_work_with_the_content_security_policy(desk: ClinicClient, admin: User) -> None:
    desk.force_login(admin)

    answer = desk.get(SET_UP)

    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert "style=" not in text_of(answer).split('id="content"')[1]


def test_switching_it_off_and_new_codes_require_password_and_code(
    desk: ClinicClient, admin: User, stopped_clock: Any
) -> None:
    sign_in_with_second_factor(desk, admin)
    device = Authenticator.objects.get(user=admin)
    RecoveryCodes.objects.create(user=admin, name="recovery codes").replace()

    wrong = desk.post(MANAGE, {"password": "wrong", "code": code_of(device), "switch_off": "yes"})
    codes = desk.post(MANAGE, {"password": PASSWORD, "code": code_of(device)})
    page = desk.get(MANAGE)
    stopped_clock.shift(30)
    off = desk.post(MANAGE, {"password": PASSWORD, "code": code_of(device), "switch_off": "yes"})

    assert "This is not your password. Try again." in text_of(wrong)
    assert text_of(codes).count("<li><code>") == 10
    assert "10 recovery codes left" in text_of(page)
    assert (off.status_code, Authenticator.objects.count(), RecoveryCodes.objects.count()) == (302, 0, 0)
    assert "Two-step sign-in is off." in text_of(desk.get(MANAGE))


def test_a_session_cannot_use_the_device_of_another_user(
    clinic: Clinic, desk: ClinicClient, admin: User
) -> None:
    other = make_admin()
    sign_in_with_second_factor(desk, other)
    session = desk.session
    borrowed = session["otp_device_id"]
    give_authenticator(admin)
    thief = ClinicClient(clinic)
    thief.force_login(admin)
    stolen = thief.session
    stolen["otp_device_id"] = borrowed
    stolen.save()

    assert (desk.get("/admin/").status_code, thief.get("/admin/").status_code) == (200, 302)


def test_keys_cannot_be_seen_in_the_admin(desk: ClinicClient, admin: User) -> None:
    desk.force_login(admin)

    pages = ("otp_totp/totpdevice/", "otp_static/staticdevice/", "otp_totp/")
    assert [desk.get(f"/admin/{page}").status_code for page in pages] == [404, 404, 404]
