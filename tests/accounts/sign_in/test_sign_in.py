"""Signing in: which users get a session, and how little a refusal reveals."""

from typing import Any

import pytest

from clinics.models import Patient
from tenants.accounts.models import User
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.hashing import CountedArgon2
from tests.factories.people import PASSWORD

REFUSED: dict[str, Any] = {
    "success": False,
    "data": None,
    "message": "This email address and password do not match. Check both and try again.",
    "code": "invalid_credentials",
    "errors": {},
}


def sign_in(clinic: Clinic, email: str, password: str = PASSWORD) -> Any:
    """Sign in and return the response."""
    return ClinicClient(clinic).post("/api/auth/login/", {"email": email, "password": password})


def user_of(patient: Patient) -> User:
    """Return the patient's account."""
    assert patient.user is not None
    return patient.user


def test_signing_in_gives_access_to_the_profile(clinic: Clinic, patient: Patient) -> None:
    session = data_of(sign_in(clinic, user_of(patient).email))

    client = ClinicClient(clinic)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {session['access']}")
    profile = data_of(client.get("/api/auth/profile/"))
    assert (profile["id"], session["user"]["id"]) == (str(user_of(patient).pk),) * 2
    assert User.objects.get(pk=user_of(patient).pk).last_login is not None


def test_the_case_of_the_email_address_does_not_matter(clinic: Clinic, patient: Patient) -> None:
    assert sign_in(clinic, f"  {user_of(patient).email.upper()} ").status_code == 200


def test_a_wrong_password_and_an_unknown_address_get_the_same_response(
    clinic: Clinic, patient: Patient
) -> None:
    wrong = sign_in(clinic, user_of(patient).email, "wrong horse battery")
    unknown = sign_in(clinic, "nobody@people.example")

    assert (wrong.status_code, wrong.json()) == (401, REFUSED)
    assert (unknown.status_code, unknown.json()) == (401, REFUSED)


@pytest.mark.parametrize("password", [f"{PASSWORD} ", PASSWORD.upper(), PASSWORD[:-1]])
def test_a_password_must_match_exactly(clinic: Clinic, patient: Patient, password: str) -> None:
    assert sign_in(clinic, user_of(patient).email, password).status_code == 401


def test_a_deactivated_user_gets_the_response_for_unknown_users(clinic: Clinic, patient: Patient) -> None:
    User.objects.filter(pk=user_of(patient).pk).update(is_active=False)

    assert sign_in(clinic, user_of(patient).email).json() == REFUSED


def test_a_user_without_a_password_cannot_sign_in(clinic: Clinic, patient: Patient) -> None:
    user = user_of(patient)
    user.set_unusable_password()
    user.save()

    assert sign_in(clinic, user.email, user.password[:128]).json() == REFUSED


def test_a_user_of_one_clinic_is_unknown_at_another(
    clinic: Clinic, other_clinic: Clinic, patient: Patient
) -> None:
    assert sign_in(other_clinic, user_of(patient).email).json() == REFUSED


@pytest.mark.parametrize("case", ["known", "unknown", "unconfirmed", "deactivated", "without a password"])
def test_every_refusal_computes_the_same_number_of_hashes(
    clinic: Clinic, patient: Patient, settings: Any, case: str
) -> None:
    user = user_of(patient)
    if case == "without a password":
        user.set_unusable_password()
    if case == "unconfirmed":
        user.email_verified_at = None
    user.is_active = case != "deactivated"
    settings.PASSWORD_HASHERS = ["tests.factories.hashing.CountedArgon2"]
    if case != "without a password":
        user.set_password(PASSWORD)
    user.save()
    CountedArgon2.calls.clear()

    answer = sign_in(
        clinic, "nobody@people.example" if case == "unknown" else user.email, "wrong horse battery"
    )

    # One for the owner of the address, one for an account that has not confirmed it.
    assert (answer.status_code, len(CountedArgon2.calls)) == (401, 2)
