"""Confirming an email address through a link."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from clinics.models import Patient
from tenants.accounts.email_verification.services import (
    create_verification,
    request_verification,
    verification_token,
    verify_email,
)
from tenants.accounts.errors import LinkInvalid
from tenants.accounts.models import AuditEntry, EmailVerification, User
from tenants.accounts.passwords.services import request_reset, reset_password, reset_to_send, reset_token
from tenants.current import enter_clinic
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_patient
from tests.factories.queue import queued_job_kinds, queued_jobs

PATH = "/api/auth/email/verify/"
DAYS = timedelta(days=3)


@pytest.fixture
def patient(clinic: Clinic) -> Patient:
    """Return a patient who has not confirmed the address."""
    return make_patient(confirmed_at=None)


@pytest.fixture
def token(user: User, now: datetime) -> str:
    """Return the token of a link sent at `now`."""
    return verification_token(create_verification(user=user, now=now))


def verified_at(user: User) -> datetime | None:
    """Return when the user's address was confirmed."""
    return User.objects.get(pk=user.pk).email_verified_at


def test_the_link_confirms_the_address_and_can_be_used_again(user: User, token: str, now: datetime) -> None:
    assert verified_at(user) is None

    verify_email(token=token, signed_in=user, address="", now=now)
    verify_email(token=token, signed_in=user, address="", now=now + timedelta(hours=1))

    assert verified_at(user) == now
    (entry,) = AuditEntry.objects.filter(what="address_confirmed")
    assert (entry.by, entry.record_id) == (user, str(user.pk))


@pytest.mark.parametrize(("late", "works"), [(-1, True), (0, False), (1, False)])
def test_a_link_expires_after_three_days(
    user: User, token: str, now: datetime, *, late: int, works: bool
) -> None:
    at = now + DAYS + timedelta(seconds=late)

    if works:
        verify_email(token=token, signed_in=user, address="", now=at)
    else:
        with pytest.raises(LinkInvalid):
            verify_email(token=token, signed_in=user, address="", now=at)

    assert (verified_at(user) is not None) == works


def test_the_link_of_a_previous_address_confirms_nothing(user: User, token: str, now: datetime) -> None:
    User.objects.filter(pk=user.pk).update(email="another@people.example")

    with pytest.raises(LinkInvalid):
        verify_email(token=token, signed_in=user, address="", now=now)

    assert verified_at(user) is None


@pytest.mark.parametrize("change", ["other", "signature", "nothing"])
def test_an_invalid_link_is_refused(clinic: Clinic, token: str, change: str) -> None:
    invalid_token = {"other": "x", "signature": f"{token[:-1]}!", "nothing": "a.b.c"}[change]

    answer = ClinicClient(clinic).post(PATH, {"token": invalid_token})

    assert (answer.status_code, answer.json()["code"]) == (409, "link_over")


@pytest.mark.parametrize("token", [None, "", [], {}, "x" * 201])
def test_a_malformed_token_is_invalid_input(clinic: Clinic, token: Any) -> None:
    assert ClinicClient(clinic).post(PATH, {"token": token}).status_code == 400


def test_a_link_of_another_clinic_is_refused(
    other_clinic: Clinic, user: User, token: str, now: datetime
) -> None:
    (row,) = EmailVerification.objects.values()
    (person,) = User.objects.filter(pk=user.pk).values()
    with enter_clinic(other_clinic):
        User.objects.create(**person)
        EmailVerification.objects.create(**row)

        with pytest.raises(LinkInvalid):
            verify_email(token=token, signed_in=user, address="", now=now)

        assert verified_at(user) is None


def test_the_token_is_not_stored(token: str) -> None:
    stored = str([*EmailVerification.objects.values_list(), *(line.__dict__ for line in queued_jobs())])

    assert token.rpartition(".")[2] not in stored


def test_a_password_reset_link_confirms_the_address_too(user: User, now: datetime) -> None:
    request = request_reset(email=user.email, address="192.0.2.1", now=now)
    reset = reset_to_send(reset_id=request.pk, now=now)
    assert reset is not None

    reset_password(token=reset_token(reset), password="another horse, another staple", now=now)

    assert verified_at(user) == now


def test_the_profile_shows_whether_the_address_is_confirmed(
    clinic: Clinic, user: User, token: str, now: datetime, client_for: Any
) -> None:
    client = client_for(clinic, user)
    before = data_of(client.get("/api/auth/profile/"))["email_verified_at"]

    verify_email(token=token, signed_in=user, address="", now=now)

    user.refresh_from_db()
    after = data_of(client_for(clinic, user).get("/api/auth/profile/"))["email_verified_at"]
    assert (before, after) == (None, "2026-03-02T12:00:00Z")


def test_the_link_is_sent_again_within_a_limit_until_it_is_confirmed(
    clinic: Clinic, user: User, now: datetime, client_for: Any, settings: Any
) -> None:
    settings.TRY_LIMITS = settings.TRY_LIMITS | {"verification by account": (2, timedelta(hours=1))}
    client = client_for(clinic, user)

    answers = [client.post(f"{PATH}request/").status_code]
    User.objects.filter(pk=user.pk).update(email_verified_at=now)
    answers += [client.post(f"{PATH}request/").status_code for _time in range(2)]

    assert answers == [200, 200, 429]
    assert queued_job_kinds() == ["email_verification"]


def test_an_address_changed_by_an_admin_must_be_confirmed_again(
    clinic: Clinic, admin: User, user: User, now: datetime
) -> None:
    User.objects.filter(pk=user.pk).update(email_verified_at=now)
    desk = ClinicClient(clinic)
    desk.force_login(admin)
    form = {"first_name": "Pat", "last_name": "Moved", "phone": "", "role": "patient", "is_active": "on"}

    answer = desk.post(
        f"/admin/accounts/user/{user.pk}/change/", {**form, "email": "new@people.example"}, format="multipart"
    )

    changed = User.objects.get(pk=user.pk)
    assert (answer.status_code, changed.email, changed.email_verified_at) == (302, "new@people.example", None)
    assert EmailVerification.objects.get().email == "new@people.example"
    assert queued_job_kinds() == ["email_verification", "email_changed"]


def test_another_link_is_sent_only_if_the_last_one_is_a_minute_old(user: User, now: datetime) -> None:
    for seconds in (0, 2, 59, 60):
        request_verification(user=user, address="", now=now + timedelta(seconds=seconds))

    links = EmailVerification.objects.filter(user=user).order_by("expires_at")
    assert [link.expires_at - DAYS - now for link in links] == [timedelta(0), timedelta(seconds=60)]
