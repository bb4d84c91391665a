"""The operator console: for operators only, and without patient data."""

from typing import Any

import pytest
from django.test import Client

from console.admin_site import console
from tenants.accounts.models import User
from tenants.accounts.users import create_user
from tenants.current import leave_clinic
from tenants.models import Clinic
from tests.console.conftest import BASE
from tests.factories.people import PASSWORD, make_user
from tests.factories.second_factor import code_of, give_authenticator, sign_in_with_second_factor


def sign_in(email: str) -> tuple[Client, Any]:
    """Try to sign in to the console. Return the browser and the response."""
    browser = Client(SERVER_NAME=BASE)
    answer = browser.post("/console/login/?next=/console/", {"username": email, "password": PASSWORD})
    return browser, answer


def test_an_operator_signs_in_and_sees_the_clinics(operator: User) -> None:
    device = give_authenticator(operator)
    browser, _answer = sign_in(operator.email)
    code_page = browser.get("/console/", follow=True)
    browser.post(code_page.request["PATH_INFO"], {"code": code_of(device)})

    page = browser.get("/console/tenants/clinic/")

    assert (code_page.request["PATH_INFO"], page.status_code) == ("/console/second-factor/code/", 200)
    assert sorted(row.name for row in page.context["cl"].result_list) == ["Hudson", "Riverside"]


def test_a_clinics_admin_cannot_sign_in_to_the_console(clinic: Clinic, admin: User) -> None:
    browser, answer = sign_in(admin.email)

    assert (answer.status_code, browser.get("/console/").status_code) == (200, 302)


@pytest.mark.parametrize("role", [User.Role.PATIENT, User.Role.DOCTOR, User.Role.ADMIN])
def test_a_user_of_the_public_schema_who_is_no_operator_is_refused(
    clinics: tuple[Clinic, Clinic], db: None, role: str
) -> None:
    leave_clinic()
    user = create_user(
        email="odd@platform.example", password=PASSWORD, first_name="Odd", last_name="One", role=role
    )

    browser, _answer = sign_in(user.email)

    assert browser.get("/console/").status_code == 302


def test_a_deactivated_operator_is_refused(operator: User) -> None:
    browser = Client(SERVER_NAME=BASE)
    sign_in_with_second_factor(browser, operator)
    before = browser.get("/console/").status_code
    User.objects.filter(pk=operator.pk).update(is_active=False)

    assert (before, browser.get("/console/").status_code) == (200, 302)


def test_an_operator_cannot_sign_in_to_a_clinic(clinic: Clinic) -> None:
    leave_clinic()
    operator = make_user(User.Role.OPERATOR)
    browser = Client(SERVER_NAME="riverside.example.localhost")

    answer = browser.post("/admin/login/?next=/admin/", {"username": operator.email, "password": PASSWORD})

    assert (answer.status_code, browser.get("/admin/").status_code) == (200, 302)


def test_the_console_has_clinics_operators_and_the_audit_log_but_no_patients() -> None:
    assert sorted(model._meta.label for model in console._registry) == [
        "accounts.AuditEntry",
        "accounts.User",
        "console.Alarm",
        "console.SignUp",
        "tenants.Clinic",
    ]
