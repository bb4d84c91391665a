"""Registering, signing in and resetting with an address that several accounts were registered with."""

from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from clinics.models import Patient
from clinics.services.staff import accept_staff_invitation, invite_staff
from tenants.accounts.credentials.services import change_access
from tenants.accounts.email_verification.services import create_verification, verification_token, verify_email
from tenants.accounts.errors import EmailTaken, LinkInvalid
from tenants.accounts.invitations.services import invitation_token
from tenants.accounts.models import AuditEntry, User
from tenants.accounts.passwords.services import request_reset, reset_password, reset_to_send, reset_token
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.hashing import CountedArgon2
from tests.factories.people import PASSWORD, make_patient, user_of
from tests.factories.queries import queries_of

EMAIL = "mia@people.example"
OTHER_PASSWORD = "another horse, another staple"


def register(clinic: Clinic, *, email: str = EMAIL, password: str = PASSWORD, **extra: Any) -> Any:
    """Register and return the response."""
    person = {"email": email, "password": password, "first_name": "Mia", "last_name": "Marsh"}
    return ClinicClient(clinic, **extra).post("/api/auth/register/", person)


def sign_in(clinic: Clinic, password: str, **extra: Any) -> Any:
    """Sign in with the address of these tests and return the response."""
    return ClinicClient(clinic, **extra).post("/api/auth/login/", {"email": EMAIL, "password": password})


def signed_in_as(answer: Any) -> str:
    """Return the id of the account that signed in."""
    account: str = data_of(answer)["user"]["id"]
    return account


@pytest.fixture
def owner(clinic: Clinic) -> User:
    """The account that owns the address."""
    return user_of(make_patient(email=EMAIL, first_name="Mia", last_name="Marsh"))


@pytest.mark.parametrize("cased", [EMAIL, " MIA@People.Example "])
def test_registering_with_a_known_address_gets_the_response_of_a_new_one(
    clinic: Clinic, owner: User, cased: str
) -> None:
    known, new = register(clinic, email=cased), register(clinic, email="new@people.example")

    shapes = []
    for answer in (known, new):
        body = answer.json()
        user = body["data"]["user"]
        assert User.objects.filter(pk=user["id"]).exists()
        constant = {name: user[name] for name in user if name not in {"id", "email"}}
        shapes.append((answer.status_code, body["message"], sorted(body["data"]), constant))
    assert shapes[0] == shapes[1]
    assert shapes[0][0] == 201
    assert User.objects.owner_of(EMAIL) == owner
    assert Patient.objects.count() == 3


def test_registering_takes_the_same_steps_for_a_known_and_a_new_address(
    clinic: Clinic, owner: User, settings: Any
) -> None:
    settings.PASSWORD_HASHERS = ["tests.factories.hashing.CountedArgon2"]
    register(clinic, email="first@people.example")  # fills the caches
    steps = []
    for email in (EMAIL, "new@people.example"):
        CountedArgon2.calls.clear()
        queries = queries_of(lambda email=email: register(clinic, email=email))  # type: ignore[misc]
        steps.append((len(queries), list(CountedArgon2.calls)))

    assert steps[0] == steps[1]
    assert steps[0][1] == ["encode"]


def test_a_second_account_signs_in_with_its_own_password_and_not_to_the_owners(
    clinic: Clinic, owner: User
) -> None:
    second = signed_in_as(register(clinic, password=OTHER_PASSWORD))

    assert signed_in_as(sign_in(clinic, PASSWORD)) == str(owner.pk)
    assert signed_in_as(sign_in(clinic, OTHER_PASSWORD)) == second
    assert sign_in(clinic, "a third horse, a third staple").status_code == 401


def test_with_the_same_password_the_owner_signs_in(clinic: Clinic, owner: User) -> None:
    register(clinic, password=PASSWORD)

    assert signed_in_as(sign_in(clinic, PASSWORD)) == str(owner.pk)


def test_of_the_unconfirmed_accounts_only_the_newest_signs_in(clinic: Clinic) -> None:
    register(clinic, password=PASSWORD)
    newest = signed_in_as(register(clinic, password=OTHER_PASSWORD))

    assert (sign_in(clinic, PASSWORD).status_code, signed_in_as(sign_in(clinic, OTHER_PASSWORD))) == (
        401,
        newest,
    )


def test_signing_in_to_a_second_account_does_not_buy_more_guesses_at_the_owners_password(
    clinic: Clinic, owner: User
) -> None:
    register(clinic, password=OTHER_PASSWORD)

    statuses = [
        sign_in(clinic, password).status_code
        for _round in range(4)
        for password in ("guess one horse", "guess two horse", OTHER_PASSWORD)
    ]

    assert statuses == [401, 401, 200] * 3 + [401, 429, 429]


def test_the_first_account_to_be_confirmed_gets_the_address_and_the_other_links_end(
    clinic: Clinic, now: datetime
) -> None:
    first, second = (user_of(make_patient(email=EMAIL, confirmed_at=None)) for _ in range(2))
    tokens = [verification_token(create_verification(user=user, now=now)) for user in (first, second)]

    verify_email(token=tokens[1], signed_in=second, address="", now=now)

    with pytest.raises(LinkInvalid):
        verify_email(token=tokens[0], signed_in=first, address="", now=now)
    first.refresh_from_db()
    assert (User.objects.owner_of(EMAIL), first.email_verified_at, first.is_active) == (second, None, True)


def test_a_reset_is_for_the_owner_of_the_address(clinic: Clinic, owner: User, now: datetime) -> None:
    register(clinic, password=OTHER_PASSWORD)

    reset = reset_to_send(reset_id=request_reset(email=EMAIL, address="", now=now).pk, now=now)

    assert reset is not None
    assert reset.user == owner


def test_a_reset_of_an_address_without_an_owner_is_for_the_newest_account_and_confirms_it(
    clinic: Clinic, now: datetime
) -> None:
    make_patient(email=EMAIL, confirmed_at=None)
    newest = user_of(make_patient(email=EMAIL, confirmed_at=None))
    reset = reset_to_send(reset_id=request_reset(email=EMAIL, address="", now=now).pk, now=now)
    assert reset is not None

    reset_password(token=reset_token(reset), password=OTHER_PASSWORD, now=now)

    assert User.objects.owner_of(EMAIL) == newest
    assert signed_in_as(sign_in(clinic, OTHER_PASSWORD)) == str(newest.pk)


def test_a_reset_is_refused_once_another_account_owns_the_address(clinic: Clinic, now: datetime) -> None:
    user = user_of(make_patient(email=EMAIL, confirmed_at=None))
    reset = reset_to_send(reset_id=request_reset(email=EMAIL, address="", now=now).pk, now=now)
    assert reset is not None
    make_patient(email=EMAIL)

    with pytest.raises(LinkInvalid):
        reset_password(token=reset_token(reset), password=OTHER_PASSWORD, now=now)

    assert User.objects.get(pk=user.pk).check_password(PASSWORD)


def test_an_address_with_unconfirmed_accounts_only_can_be_invited(
    clinic: Clinic, admin: User, now: datetime
) -> None:
    make_patient(email=EMAIL, confirmed_at=None)
    person: dict[str, Any] = {
        "email": EMAIL,
        "first_name": "Mia",
        "last_name": "Marsh",
        "role": "receptionist",
    }
    invitation = invite_staff(**person, by=admin, now=now)

    user = accept_staff_invitation(token=invitation_token(invitation), password=OTHER_PASSWORD, now=now)

    assert User.objects.owner_of(EMAIL) == user
    with pytest.raises(EmailTaken):
        invite_staff(**person, by=admin, now=now)


def test_an_unconfirmed_patient_cannot_become_staff_with_another_accounts_address(
    clinic: Clinic, owner: User, admin: User, now: datetime
) -> None:
    second = user_of(make_patient(email=EMAIL, confirmed_at=None))

    with pytest.raises(EmailTaken):
        change_access(user=second, role="admin", by=admin, now=now)

    assert User.objects.get(pk=second.pk).role == "patient"


def test_the_database_refuses_a_second_owner(clinic: Clinic, owner: User) -> None:
    second = user_of(make_patient(email=EMAIL, confirmed_at=None))

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=second.pk).update(email_verified_at=owner.email_verified_at)


def test_a_second_account_reads_nothing_of_the_owners_requests(
    clinic: Clinic, owner: User, now: datetime, client_for: Any
) -> None:
    request_reset(email=EMAIL, address="192.0.2.1", now=now)
    second = user_of(make_patient(email=EMAIL, confirmed_at=None))

    exported = data_of(client_for(clinic, second).get("/api/users/me/export/"))

    assert exported["password_resets"] == []


def test_a_refused_sign_in_is_logged_under_the_owner(clinic: Clinic, owner: User) -> None:
    register(clinic, password=OTHER_PASSWORD)

    sign_in(clinic, "wrong horse battery")

    (entry,) = AuditEntry.objects.filter(what="sign_in_refused")
    assert entry.record_id == str(owner.pk)
