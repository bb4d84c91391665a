"""Wrong passwords of strangers do not lock an account on the devices of its user."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tenants.accounts.credentials.services import set_password
from tenants.accounts.models import User
from tenants.current import enter_clinic, leave_clinic
from tenants.models import Clinic
from tests.console.conftest import BASE
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import PASSWORD, make_patient, make_user, user_of
from tests.factories.second_factor import code_of, give_authenticator

WRONG = "wrong horse battery"


def sign_in(client: ClinicClient, user: User, password: str = PASSWORD) -> int:
    """Sign in and return the status."""
    status: int = client.post("/api/auth/login/", {"email": user.email, "password": password}).status_code
    return status


def lock_out(clinic: Clinic, user: User) -> None:
    """Enter ten wrong passwords on an unknown device."""
    stranger = ClinicClient(clinic, REMOTE_ADDR="192.0.2.7")
    assert [sign_in(stranger, user, WRONG) for _attempt in range(11)] == [401] * 10 + [429]


@pytest.fixture
def device(clinic: Clinic, user: User) -> ClinicClient:
    """A device on which the user has signed in."""
    device = ClinicClient(clinic)
    assert sign_in(device, user) == 200
    return device


def test_strangers_lock_out_strangers_only(clinic: Clinic, user: User, device: ClinicClient) -> None:
    lock_out(clinic, user)

    assert sign_in(ClinicClient(clinic), user) == 429
    assert sign_in(device, user) == 200


def test_a_known_device_has_a_limit_of_its_own(clinic: Clinic, user: User, device: ClinicClient) -> None:
    attempts = [sign_in(device, user, WRONG) for _attempt in range(11)]

    assert attempts == [401] * 10 + [429]
    assert sign_in(device, user) == 429
    assert sign_in(ClinicClient(clinic), user) == 200


def test_the_cookie_is_signed_and_hidden_from_scripts(user: User, device: ClinicClient) -> None:
    cookie = device.cookies["device"]

    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
    assert (cookie["path"], cookie["domain"]) == ("/", "")
    assert user.email not in cookie.value


def test_a_forged_cookie_makes_no_device_known(clinic: Clinic, user: User, device: ClinicClient) -> None:
    device.cookies["device"] = f"{device.cookies['device'].value[:-1]}x"
    lock_out(clinic, user)

    assert sign_in(device, user) == 429


def test_over_https_only_this_host_can_set_the_cookie(clinic: Clinic, user: User, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE, settings.DEVICE_COOKIE = True, "__Host-device"
    client = ClinicClient(clinic)

    sign_in(client, user)

    cookie = client.cookies["__Host-device"]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")


def test_a_device_is_unknown_after_a_change_of_the_password(
    clinic: Clinic, user: User, device: ClinicClient, now: Any
) -> None:
    set_password(user=user, password=PASSWORD, now=now)
    lock_out(clinic, user)

    assert sign_in(device, user) == 429


def test_a_device_of_one_clinic_is_unknown_at_another(
    clinic: Clinic, other_clinic: Clinic, user: User, device: ClinicClient
) -> None:
    (person,) = User.objects.filter(pk=user.pk).values()
    with enter_clinic(other_clinic):
        User.objects.create(**person)
    elsewhere = ClinicClient(other_clinic)
    elsewhere.cookies["device"] = device.cookies["device"].value

    lock_out(other_clinic, user)

    assert sign_in(elsewhere, user) == 429


def test_a_device_is_known_to_the_users_who_signed_in_on_it_only(
    clinic: Clinic, user: User, device: ClinicClient
) -> None:
    partner, other = user_of(make_patient()), user_of(make_patient())
    sign_in(device, partner)
    for account in (user, partner, other):
        lock_out(clinic, account)

    assert [sign_in(device, account) for account in (user, partner, other)] == [200, 200, 429]


def test_a_device_is_forgotten_after_180_days(clinic: Clinic, user: User) -> None:
    with time_machine.travel("2026-03-02T12:00:00Z", tick=False) as clock:
        device = ClinicClient(clinic)
        sign_in(device, user)
        cookie = device.cookies["device"].value
        clock.shift(timedelta(days=180, seconds=1))
        device.cookies["device"] = cookie
        lock_out(clinic, user)

        assert sign_in(device, user) == 429


def test_an_account_that_does_not_own_its_address_has_no_known_devices(clinic: Clinic, user: User) -> None:
    client = ClinicClient(clinic)
    second = user_of(make_patient(email=user.email, confirmed_at=None))
    set_password(user=second, password="a third horse, a third staple", now=second.created_at)

    assert sign_in(client, second, "a third horse, a third staple") == 200

    assert "device" not in client.cookies


def test_a_sign_in_to_the_admin_makes_the_device_known(clinic: Clinic, admin: User) -> None:
    browser = ClinicClient(clinic)
    form = {"username": admin.email, "password": PASSWORD}
    browser.post("/admin/login/", form, format="multipart")
    lock_out(clinic, admin)
    browser.post("/admin/logout/", {}, format="multipart")

    again = browser.post("/admin/login/?next=/admin/", form, format="multipart")

    assert again.status_code == 302


def test_an_operators_device_becomes_known_with_the_code(clinics: tuple[Clinic, Clinic], db: None) -> None:
    leave_clinic()
    operator = make_user(User.Role.OPERATOR)
    app = give_authenticator(operator)
    browser = Client(SERVER_NAME=BASE)

    browser.post("/console/login/", {"username": operator.email, "password": PASSWORD})
    after_the_password = "device" in browser.cookies
    browser.post("/console/second-factor/code/", {"code": code_of(app)})

    assert (after_the_password, "device" in browser.cookies) == (False, True)
