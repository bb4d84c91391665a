"""The pages of Django Admin and of the console on which passwords, roles and `is_active` are changed."""

from typing import Any

import pytest
from django.test import Client

from tenants.accounts.models import User, UserSession
from tenants.accounts.sessions.services import start_session
from tenants.current import leave_clinic
from tenants.models import Clinic
from tests.console.conftest import BASE
from tests.factories.admin_pages import get_form, submit_form
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import PASSWORD, make_user
from tests.factories.second_factor import sign_in_with_second_factor

NEW = "another horse, another staple"
TOO_MANY = "Too many attempts. Try again in 15 minutes."


@pytest.fixture
def browser(clinic: Clinic, admin: User) -> ClinicClient:
    """The admin's browser, signed in to the clinic's admin."""
    browser = ClinicClient(clinic)
    browser.force_login(admin)
    return browser


def change_password(browser: Any, path: str, *, old: str = PASSWORD, **extra: Any) -> Any:
    """Submit the page for one's own password."""
    data = {"old_password": old, "new_password1": NEW, "new_password2": NEW}
    return browser.post(path, data, **extra)


def test_changing_the_password_in_the_admin_ends_every_other_session_and_keeps_this_one(
    clinic: Clinic, admin: User, browser: ClinicClient
) -> None:
    api, other_browser = ClinicClient(clinic), ClinicClient(clinic)
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {start_session(user=admin).access}")
    other_browser.force_login(admin)

    page = change_password(browser, "/admin/password_change/", format="multipart")

    assert page.status_code == 302
    assert User.objects.get(pk=admin.pk).check_password(NEW)
    assert UserSession.objects.filter(user=admin).count() == 1  # this browser's, at the web app too
    assert api.get("/api/auth/profile/").status_code == 401
    assert [client.get("/admin/").status_code for client in (browser, other_browser)] == [200, 302]


def test_wrong_old_passwords_in_the_admin_are_limited(
    clinic: Clinic, admin: User, browser: ClinicClient
) -> None:
    for _attempt in range(10):
        change_password(browser, "/admin/password_change/", old="wrong horse battery", format="multipart")

    page = change_password(browser, "/admin/password_change/", format="multipart")

    assert TOO_MANY in page.content.decode()
    assert User.objects.get(pk=admin.pk).check_password(PASSWORD)


def test_the_console_has_the_same_rules(clinics: tuple[Clinic, Clinic], db: None) -> None:
    leave_clinic()
    operator = make_user(User.Role.OPERATOR)
    browser, other = Client(SERVER_NAME=BASE), Client(SERVER_NAME=BASE)
    for client in (browser, other):
        sign_in_with_second_factor(client, operator)
    for _attempt in range(9):
        change_password(browser, "/console/password_change/", old="wrong horse battery")

    changed = change_password(browser, "/console/password_change/")

    assert changed.status_code == 302
    assert User.objects.get(pk=operator.pk).token_version == 2
    assert [client.get("/console/").status_code for client in (browser, other)] == [200, 302]
    for _attempt in range(10):
        change_password(browser, "/console/password_change/", old="wrong horse battery")
    assert TOO_MANY in change_password(browser, "/console/password_change/", old=NEW).content.decode()


def test_an_operator_changes_their_own_password_only_with_the_old_one(
    clinics: tuple[Clinic, Clinic], db: None
) -> None:
    leave_clinic()
    operator, colleague = make_user(User.Role.OPERATOR), make_user(User.Role.OPERATOR)
    browser = Client(SERVER_NAME=BASE)
    sign_in_with_second_factor(browser, operator)
    data = {"password1": NEW, "password2": NEW, "set-password": ""}

    own = browser.post(f"/console/accounts/user/{operator.pk}/password/", data)
    other = browser.post(f"/console/accounts/user/{colleague.pk}/password/", data)

    colleague.refresh_from_db()
    assert (own.status_code, own["Location"]) == (302, "/console/password_change/")
    assert User.objects.get(pk=operator.pk).check_password(PASSWORD)
    assert (other.status_code, colleague.check_password(NEW), colleague.token_version) == (302, True, 2)


@pytest.mark.parametrize(("field", "value"), [("role", "receptionist"), ("is_active", "")])
def test_a_change_of_access_in_the_admin_ends_the_sessions_and_nothing_else_does(
    clinic: Clinic, browser: ClinicClient, field: str, value: str
) -> None:
    user = make_user(User.Role.DOCTOR)
    path = f"accounts/user/{user.pk}/change/"
    start_session(user=user)

    submit_form(browser, path, {**get_form(browser, path), "first_name": "Other"})
    after_a_new_name = UserSession.objects.filter(user=user).count()
    submit_form(browser, path, {**get_form(browser, path), field: value})

    user.refresh_from_db()
    assert (after_a_new_name, UserSession.objects.filter(user=user).count()) == (1, 0)
    assert (user.first_name, str(getattr(user, field))) == ("Other", value or "False")


def test_the_admin_refuses_the_address_of_another_account(clinic: Clinic, browser: ClinicClient) -> None:
    owner, user = make_user(User.Role.DOCTOR), make_user(User.Role.DOCTOR)
    path = f"accounts/user/{user.pk}/change/"

    page = submit_form(browser, path, {**get_form(browser, path), "email": owner.email.upper()})

    assert "There is already an account with this email address." in page
    assert User.objects.get(pk=user.pk).email == user.email
