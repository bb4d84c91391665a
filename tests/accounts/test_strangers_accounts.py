"""A stranger registers with, or moves to, the address of somebody who then uses the links in the emails."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tenants.accounts.credentials.services import change_access
from tenants.accounts.email_change.services import change_token, request_email_change
from tenants.accounts.email_verification.services import create_verification, verification_token
from tenants.accounts.errors import EmailNotConfirmed
from tenants.accounts.models import User
from tenants.base.clock import now as clock_now
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import PASSWORD, make_patient, user_of

EMAIL = "mia@people.example"
STRANGERS = "stranger horse battery staple"
VERIFY, CHANGE = "/api/auth/email/verify/", "/api/auth/email/change/confirm/"


def register(clinic: Clinic, password: str, email: str = EMAIL) -> tuple[ClinicClient, User]:
    """Register and return the client with its session, and the account."""
    client = ClinicClient(clinic)
    person = {"email": email, "password": password, "first_name": "Mia", "last_name": "Marsh"}
    session = data_of(client.post("/api/auth/register/", person))
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {session['access']}")
    return client, User.objects.get(pk=session["user"]["id"])


def link_of(user: User) -> str:
    """Return the token that was emailed to the address of the account."""
    return verification_token(create_verification(user=user, now=clock_now()))


def change_link_of(user: User) -> str:
    """Return the token that was emailed to `EMAIL`, after the user asked to change to it."""
    change = request_email_change(
        user=user, email=EMAIL, password=STRANGERS, address="192.0.2.1", now=clock_now()
    )
    return change_token(change)


def sign_in(clinic: Clinic, password: str) -> int:
    """Return the status of a sign-in with `EMAIL`."""
    return ClinicClient(clinic).post("/api/auth/login/", {"email": EMAIL, "password": password}).status_code


def test_a_link_does_not_confirm_the_account_of_a_stranger_for_the_reader_of_the_email(
    clinic: Clinic,
) -> None:
    _client, account = register(clinic, STRANGERS)

    answer = ClinicClient(clinic).post(VERIFY, {"token": link_of(account)})

    assert (answer.status_code, answer.json()["code"]) == (400, "password_required")
    assert list(answer.json()["errors"]) == ["password"]
    assert User.objects.owner_of(EMAIL) is None


def test_a_link_does_not_confirm_a_strangers_account_in_the_readers_own_session(clinic: Clinic) -> None:
    here, own = register(clinic, PASSWORD)
    _stranger, account = register(clinic, STRANGERS)

    answers = [
        here.post(VERIFY, {"token": link_of(account), **body}).status_code
        for body in ({}, {"password": PASSWORD})
    ]

    assert (answers, User.objects.owner_of(EMAIL)) == ([400, 400], None)
    assert data_of(here.post(VERIFY, {"token": link_of(own)}))["user"]["id"] == str(own.pk)


@pytest.mark.parametrize("starts_confirmed", [True, False])
def test_a_link_does_not_give_a_strangers_account_the_address_of_its_reader(
    clinic: Clinic, *, starts_confirmed: bool
) -> None:
    _client, account = register(clinic, STRANGERS, email="stranger@people.example")
    if starts_confirmed:
        User.objects.filter(pk=account.pk).update(email_verified_at=clock_now())
    token = change_link_of(account)

    answer = ClinicClient(clinic).post(CHANGE, {"token": token})

    assert (answer.status_code, answer.json()["code"]) == (400, "password_required")
    assert (User.objects.owner_of(EMAIL), sign_in(clinic, STRANGERS)) == (None, 401)


def test_a_link_works_on_another_device_with_the_password_and_keeps_it_signed_out(clinic: Clinic) -> None:
    _client, account = register(clinic, PASSWORD)

    answer = ClinicClient(clinic).post(VERIFY, {"token": link_of(account), "password": PASSWORD})

    assert (answer.status_code, answer.json()["data"]) == (200, None)
    assert User.objects.owner_of(EMAIL) == account


@pytest.mark.parametrize("path", [VERIFY, CHANGE])
def test_guesses_at_the_password_of_a_link_are_limited(clinic: Clinic, settings: Any, path: str) -> None:
    settings.TRY_LIMITS = settings.TRY_LIMITS | {"password by user": (2, timedelta(minutes=15))}
    email = EMAIL if path == VERIFY else "stranger@people.example"
    _client, account = register(clinic, STRANGERS, email=email)
    token = link_of(account) if path == VERIFY else change_link_of(account)

    statuses = [
        ClinicClient(clinic).post(path, {"token": token, "password": f"guess {number}"}).status_code
        for number in range(3)
    ]

    assert statuses == [400, 400, 429]
    assert User.objects.owner_of(EMAIL) is None


@pytest.mark.parametrize("role", ["receptionist", "doctor", "admin"])
def test_an_account_with_an_unconfirmed_address_cannot_become_staff(
    clinic: Clinic, admin: User, role: str
) -> None:
    _client, account = register(clinic, STRANGERS)

    with pytest.raises(EmailNotConfirmed):
        change_access(user=account, role=role, by=admin, now=clock_now())

    account.refresh_from_db()
    assert (account.role, User.objects.owner_of(EMAIL)) == ("patient", None)


def test_the_admin_page_explains_why_an_unconfirmed_account_cannot_become_staff(
    clinic: Clinic, admin: User
) -> None:
    _client, account = register(clinic, STRANGERS)
    desk = ClinicClient(clinic)
    desk.force_login(admin)
    form = {"email": EMAIL, "first_name": "Mia", "last_name": "Marsh", "role": "admin", "is_active": "on"}

    answer = desk.post(f"/admin/accounts/user/{account.pk}/change/", form, format="multipart", follow=True)

    assert "has not confirmed their email address" in answer.content.decode()
    assert User.objects.get(pk=account.pk).role == "patient"


def test_a_deactivated_accounts_link_asks_for_no_password(clinic: Clinic) -> None:
    _client, account = register(clinic, PASSWORD)
    token = link_of(account)
    User.objects.filter(pk=account.pk).update(is_active=False)

    assert ClinicClient(clinic).post(VERIFY, {"token": token}).status_code == 409


def test_a_confirmed_account_whose_link_is_opened_again_needs_no_password(
    clinic: Clinic, now: datetime
) -> None:
    user = user_of(make_patient())

    assert ClinicClient(clinic).post(VERIFY, {"token": link_of(user)}).status_code == 200
