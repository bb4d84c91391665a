"""Registering as a patient: which fields are accepted and what is refused."""

from typing import Any

import pytest

from clinics.models import Patient
from tenants.accounts.models import User
from tenants.current import enter_clinic
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, data_of

PATH = "/api/auth/register/"
PERSON = {
    "email": "Mia.Marsh@People.Example",
    "password": "correct horse battery",
    "first_name": "Mia",
    "last_name": "Marsh",
}


def register(clinic: Clinic, **fields: Any) -> Any:
    """Register with these fields and return the response."""
    return ClinicClient(clinic).post(PATH, {**PERSON, **fields})


def errors_of(answer: Any) -> dict[str, list[str]]:
    """Return the errors of a 400 response."""
    body = answer.json()
    assert (answer.status_code, body["success"], body["data"], body["code"]) == (400, False, None, "invalid")
    errors: dict[str, list[str]] = body["errors"]
    return errors


def test_registering_creates_a_patient_and_signs_them_in(clinic: Clinic) -> None:
    answer = register(clinic, phone="+44 20 7946 0001", date_of_birth="1990-02-28")

    session, user = data_of(answer), User.objects.get(email="mia.marsh@people.example")
    patient = Patient.objects.get(user=user)
    assert (answer.status_code, sorted(session)) == (201, ["access", "refresh", "user"])
    assert session["user"] == {
        "id": str(user.pk),
        "email": "mia.marsh@people.example",
        "email_verified_at": None,
        "first_name": "Mia",
        "last_name": "Marsh",
        "email_problem": "",
        "phone": "+442079460001",
        "phone_display": "+44 20 7946 0001",
        "role": "patient",
        "has_password": True,
        "language": "en",
        "time_zone": "Europe/London",
    }
    assert (patient.full_name, patient.phone, str(patient.date_of_birth)) == (
        "Mia Marsh",
        "+442079460001",
        "1990-02-28",
    )


def test_registering_creates_a_patient_whatever_role_is_sent(clinic: Clinic, other_clinic: Clinic) -> None:
    sent = {
        "id": "00000000-0000-0000-0000-000000000001",
        "role": "admin",
        "is_staff": True,
        "is_superuser": True,
        "is_active": False,
        "token_version": 7,
        "clinic_id": str(other_clinic.pk),
        "created_at": "2001-01-01T00:00:00Z",
    }

    session = data_of(register(clinic, **sent))

    user = User.objects.get(email="mia.marsh@people.example")
    assert (user.role, user.is_staff, user.is_active, user.token_version) == ("patient", False, True, 1)
    assert str(user.pk) != sent["id"]
    assert user.created_at.year > 2001
    assert session["user"]["role"] == "patient"


def test_an_email_address_taken_at_one_clinic_is_free_at_another(
    clinic: Clinic, other_clinic: Clinic
) -> None:
    register(clinic)

    assert register(other_clinic).status_code == 201

    with enter_clinic(other_clinic):
        assert Patient.objects.count() == 1


@pytest.mark.parametrize(
    "password",
    ["", " ", "short", "ninechars", "password123", "1029384756", "mia.marsh@people.example", "x" * 129],
)
def test_a_weak_password_is_refused(clinic: Clinic, password: str) -> None:
    assert list(errors_of(register(clinic, password=password))) == ["password"]
    assert User.objects.filter(role="patient").count() == 0


@pytest.mark.parametrize("password", ["tenletters", "  spaces are kept  ", "пароль пациента", "x7" * 64])
def test_a_password_of_ten_characters_is_accepted_unchanged(clinic: Clinic, password: str) -> None:
    register(clinic, password=password)

    assert User.objects.get(email="mia.marsh@people.example").check_password(password)


@pytest.mark.parametrize("field", ["email", "password", "first_name", "last_name"])
def test_required_fields_cannot_be_missing(clinic: Clinic, field: str) -> None:
    without = {name: value for name, value in PERSON.items() if name != field}

    answer = ClinicClient(clinic).post(PATH, without)

    assert errors_of(answer) == {field: ["This field is required."]}


@pytest.mark.parametrize(
    "email", ["", "mia", "mia@", "@people.example", "mia marsh@people.example", "m" * 250 + "@people.example"]
)
def test_an_invalid_email_address_is_refused(clinic: Clinic, email: str) -> None:
    assert list(errors_of(register(clinic, email=email))) == ["email"]


@pytest.mark.parametrize("day", ["2999-01-01", "1890-01-01", "0001-01-01", "yesterday", "2001-02-29"])
def test_an_invalid_birth_date_is_refused(clinic: Clinic, day: str) -> None:
    assert list(errors_of(register(clinic, date_of_birth=day))) == ["date_of_birth"]


@pytest.mark.parametrize(
    "password", ["qwertyuiop", "basketball", "1q2w3e4r5t", "Password123", "ILoveYou12", "1qaz2wsx3edc"]
)
def test_a_common_password_is_refused_with_one_error(clinic: Clinic, password: str) -> None:
    assert errors_of(register(clinic, password=password)) == {"password": ["This password is too common."]}
