"""Signing out: the refresh token stops working at once."""

from typing import Any

import pytest

from clinics.models import Patient
from tenants.accounts.sessions.services import Session, start_session
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient


@pytest.fixture
def session(patient: Patient) -> Session:
    """Start a session for the patient."""
    assert patient.user is not None
    return start_session(user=patient.user)


def sign_out(clinic: Clinic, session: Session, *, refresh: str | None = None) -> Any:
    """Sign out and return the response."""
    client = ClinicClient(clinic)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {session.access}")
    return client.post("/api/auth/logout/", {"refresh": refresh or session.refresh})


def refresh(clinic: Clinic, token: str) -> int:
    """Send a refresh token and return the status."""
    status: int = ClinicClient(clinic).post("/api/auth/refresh/", {"refresh": token}).status_code
    return status


def test_after_signing_out_the_refresh_token_is_refused(clinic: Clinic, session: Session) -> None:
    answer = sign_out(clinic, session)

    assert (answer.status_code, answer.json()) == (
        200,
        {"success": True, "data": None, "message": "Signed out."},
    )
    assert refresh(clinic, session.refresh) == 401


def test_signing_out_with_a_used_token_ends_its_successors(clinic: Clinic, session: Session) -> None:
    following = ClinicClient(clinic).post("/api/auth/refresh/", {"refresh": session.refresh}).json()["data"]

    sign_out(clinic, session)

    assert refresh(clinic, following["refresh"]) == 401


def test_signing_out_requires_an_access_token(clinic: Clinic, session: Session) -> None:
    answer = ClinicClient(clinic).post("/api/auth/logout/", {"refresh": session.refresh})

    assert answer.status_code == 401
    assert refresh(clinic, session.refresh) == 200


def test_a_session_of_one_clinic_cannot_be_ended_at_another(
    clinic: Clinic, other_clinic: Clinic, session: Session
) -> None:
    answer = sign_out(other_clinic, session)

    assert answer.status_code == 401
    assert refresh(clinic, session.refresh) == 200


def test_signing_out_does_not_end_another_users_session(clinic: Clinic, session: Session) -> None:
    from_another_device = start_session(user=session.user)

    sign_out(clinic, session)

    assert refresh(clinic, from_another_device.refresh) == 200


@pytest.mark.parametrize("token", ["x", "a.b.c"])
def test_signing_out_with_an_invalid_token_is_refused(clinic: Clinic, session: Session, token: str) -> None:
    assert sign_out(clinic, session, refresh=token).status_code == 401
