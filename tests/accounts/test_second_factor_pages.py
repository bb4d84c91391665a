"""The second step in Django's admin: nothing opens before it."""

from typing import Any

import pytest
import time_machine

from clinics.models import ClinicSettings, Doctor
from tenants.accounts.authenticator import Authenticator, RecoveryCodes
from tenants.accounts.models import User
from tenants.accounts.services import start_session
from tenants.base.clock import now as clock_now
from tenants.models import Clinic
from tests.factories.audit import entries
from tests.factories.client import ClinicClient
from tests.factories.forms import form_on
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
def calm() -> Any:
    """A clock that stands still, a second after the codes have changed."""
    with time_machine.travel(clock_now().timestamp() // 30 * 30 + 1, tick=False) as clock:
        yield clock


@pytest.fixture
def desk(clinic: Clinic) -> ClinicClient:
    """A browser at the clinic's admin."""
    client = ClinicClient(clinic)
    client.default_format = "multipart"
    return client


def say_password(desk: ClinicClient, user: User, then: str = "/admin/") -> Any:
    """Where the right password leads."""
    said = {"username": user.email, "password": PASSWORD}
    return desk.post(f"/admin/login/?next={then}", said, follow=True)


def text_of(answer: Any) -> str:
    """A page."""
    page: str = answer.content.decode()
    return page


def test_after_the_password_comes_the_code_and_then_the_page_that_was_wanted(
    desk: ClinicClient, admin: User, calm: Any
) -> None:
    device = give_authenticator(admin)

    asked = say_password(desk, admin, then="/admin/clinics/patient/")
    closed = desk.get("/admin/clinics/patient/").status_code
    before = entries(kind="accounts.user")
    path = f"{asked.request['PATH_INFO']}?{asked.request['QUERY_STRING']}"
    opened = desk.post(path, {"code": code_of(device)})

    assert (asked.request["PATH_INFO"], closed, before) == (CODE, 302, [])
    assert (opened.status_code, opened["Location"]) == (302, "/admin/clinics/patient/")
    assert desk.get("/admin/clinics/patient/").status_code == 200
    assert entries(kind="accounts.user") == [("signed_in", "accounts.user", str(admin.pk))]


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_after_the_code_nobody_is_sent_elsewhere(
    desk: ClinicClient, admin: User, calm: Any, wanted: str
) -> None:
    device = give_authenticator(admin)
    desk.force_login(admin)

    answer = desk.post(f"{CODE}?next={wanted}", {"code": code_of(device)})

    assert answer["Location"] == "/admin/"


def test_a_wrong_code_opens_nothing_and_says_so(desk: ClinicClient, admin: User) -> None:
    device = give_authenticator(admin)
    say_password(desk, admin)

    answer = desk.post(CODE, {"code": wrong_code(device)})

    assert "This code is not correct." in text_of(answer)
    assert desk.get("/admin/").status_code == 302


def test_too_many_wrong_codes_are_refused_on_the_page(desk: ClinicClient, admin: User, calm: Any) -> None:
    device = give_authenticator(admin)
    say_password(desk, admin)
    for _ in range(5):
        desk.post(CODE, {"code": wrong_code(device)})

    answer = desk.post(CODE, {"code": code_of(device)})

    assert "There were too many tries." in text_of(answer)
    assert desk.get("/admin/").status_code == 302


def test_who_is_half_way_in_may_leave(desk: ClinicClient, admin: User) -> None:
    give_authenticator(admin)
    say_password(desk, admin)

    left = desk.post(CODE, {"leave": "yes"})

    assert left["Location"] == "/admin/login/"
    assert desk.get(CODE)["Location"] == "/admin/login/"


def test_where_it_is_demanded_nothing_opens_before_it_is_set_up(
    desk: ClinicClient, admin: User, calm: Any
) -> None:
    ClinicSettings.objects.update(second_factor_for_desk=True)

    asked = say_password(desk, admin)
    closed = [desk.get(path).status_code for path in ("/admin/", "/admin/accounts/user/", MANAGE)]
    device = Authenticator.objects.get(user=admin)
    codes = desk.post(SET_UP, {"code": code_of(device)})

    assert asked.request["PATH_INFO"] == SET_UP
    assert device.secret in text_of(asked)
    assert "<svg " in text_of(asked)
    assert closed == [302, 302, 302]
    assert text_of(codes).count("<li><code>") == 10
    assert desk.get("/admin/").status_code == 200
    assert ("second_factor_on", "accounts.user", str(admin.pk)) in entries()


def test_a_demand_closes_what_was_open(desk: ClinicClient, admin: User) -> None:
    desk.force_login(admin)
    before = desk.get("/admin/").status_code

    ClinicSettings.objects.update(second_factor_for_desk=True)

    assert (before, desk.get("/admin/").status_code) == (200, 302)


def test_a_demand_made_in_the_settings_ends_sessions_without_a_second_step(
    desk: ClinicClient, admin: User, doctor: Doctor, clinic: Clinic
) -> None:
    sign_in_with_second_factor(desk, admin)
    assert doctor.user is not None
    bearer = f"Bearer {start_session(user=doctor.user).access}"
    page = "/admin/clinics/clinicsettings/1/change/"
    form = form_on(desk.get(page).content.decode()) | {"second_factor_for_doctors": "on"}

    saved = desk.post(page, form)

    api = ClinicClient(clinic)
    api.credentials(HTTP_AUTHORIZATION=bearer)
    assert saved.status_code == 302
    assert (api.get("/api/auth/profile/").status_code, desk.get("/admin/").status_code) == (401, 200)


def test_the_page_that_shows_codes_and_keys_is_kept_nowhere(desk: ClinicClient, admin: User) -> None:
    desk.force_login(admin)

    assert "no-store" in desk.get(SET_UP)["Cache-Control"]


def test_no_page_of_the_second_step_needs_more_than_our_own_scripts_and_styles(
    desk: ClinicClient, admin: User
) -> None:
    desk.force_login(admin)

    answer = desk.get(SET_UP)

    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert "style=" not in text_of(answer).split('id="content"')[1]


def test_one_may_switch_it_off_or_make_new_codes_with_password_and_code(
    desk: ClinicClient, admin: User, calm: Any
) -> None:
    sign_in_with_second_factor(desk, admin)
    device = Authenticator.objects.get(user=admin)
    RecoveryCodes.objects.create(user=admin, name="recovery codes").replace()

    wrong = desk.post(MANAGE, {"password": "wrong", "code": code_of(device), "switch_off": "yes"})
    codes = desk.post(MANAGE, {"password": PASSWORD, "code": code_of(device)})
    still_in = desk.get(MANAGE)
    calm.shift(30)
    off = desk.post(MANAGE, {"password": PASSWORD, "code": code_of(device), "switch_off": "yes"})

    assert "This password is not correct." in text_of(wrong)
    assert text_of(codes).count("<li><code>") == 10
    assert "10 recovery codes left" in text_of(still_in)
    assert (off.status_code, Authenticator.objects.count(), RecoveryCodes.objects.count()) == (302, 0, 0)
    assert "your password alone lets you in" in text_of(desk.get(MANAGE))


def test_a_session_without_the_code_of_another_does_not_borrow_it(
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


def test_keys_have_no_page_in_the_admin(desk: ClinicClient, admin: User) -> None:
    desk.force_login(admin)

    pages = ("otp_totp/totpdevice/", "otp_static/staticdevice/", "otp_totp/")
    assert [desk.get(f"/admin/{page}").status_code for page in pages] == [404, 404, 404]
