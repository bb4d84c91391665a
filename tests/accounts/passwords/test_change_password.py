"""Changing the password: what it requires, and which sessions it ends."""

from typing import Any

import pytest

from clinics.models import Patient
from tenants.accounts.models import User
from tenants.accounts.sessions.services import Session, start_session
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import PASSWORD

NEW = "another horse, another staple"


def signed_in(clinic: Clinic, access: str) -> ClinicClient:
    """Return a client with that token."""
    client = ClinicClient(clinic)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
    return client


@pytest.fixture
def session(patient: Patient) -> Session:
    """Start a session for the patient."""
    assert patient.user is not None
    return start_session(user=patient.user)


def change_password(clinic: Clinic, session: Session, *, current: str = PASSWORD, new: str = NEW) -> Any:
    """Change the password and return the response."""
    data = {"current_password": current, "new_password": new}
    return signed_in(clinic, session.access).post("/api/auth/password/change/", data)


def profile(clinic: Clinic, access: str) -> int:
    """Return the status of a request for the profile."""
    status: int = signed_in(clinic, access).get("/api/auth/profile/").status_code
    return status


def test_a_change_ends_every_session_and_returns_a_new_one(clinic: Clinic, session: Session) -> None:
    other = start_session(user=session.user)

    new_session = data_of(change_password(clinic, session))

    assert [profile(clinic, access) for access in (session.access, other.access, new_session["access"])] == [
        401,
        401,
        200,
    ]
    statuses = [
        ClinicClient(clinic).post("/api/auth/refresh/", {"refresh": refresh}).status_code
        for refresh in (session.refresh, other.refresh, new_session["refresh"])
    ]
    assert statuses == [401, 401, 200]
    assert User.objects.get(pk=session.user.pk).check_password(NEW)


@pytest.mark.parametrize("current", ["wrong horse battery", PASSWORD.upper(), f"{PASSWORD} "])
def test_the_current_password_is_required(clinic: Clinic, session: Session, current: str) -> None:
    answer = change_password(clinic, session, current=current)

    assert (answer.status_code, answer.json()["errors"]) == (
        400,
        {"current_password": ["This is not your current password. Try again."]},
    )
    assert profile(clinic, session.access) == 200


@pytest.mark.parametrize("new", ["short", "password123", "1029384756"])
def test_a_weak_new_password_is_refused_at_its_field(clinic: Clinic, session: Session, new: str) -> None:
    answer = change_password(clinic, session, new=new)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["new_password"])
    assert User.objects.get(pk=session.user.pk).check_password(PASSWORD)


def test_a_session_is_required_to_change_a_password(clinic: Clinic) -> None:
    data = {"current_password": PASSWORD, "new_password": NEW}

    assert ClinicClient(clinic).post("/api/auth/password/change/", data).status_code == 401
