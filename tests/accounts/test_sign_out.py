"""Signing out: the refresh token is dead at once."""

from typing import Any

import pytest

from clinics.models import Patient
from tenants.accounts.services import Session, start_session
from tenants.models import Clinic
from tests.factories.client import ClinicClient


@pytest.fixture
def session(patient: Patient) -> Session:
    """The patient, signed in."""
    assert patient.user is not None
    return start_session(user=patient.user)


def sign_out(clinic: Clinic, session: Session, *, refresh: str | None = None) -> Any:
    """The answer to somebody who signs out."""
    client = ClinicClient(clinic)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {session.access}")
    return client.post("/api/auth/logout/", {"refresh": refresh or session.refresh})


def refresh(clinic: Clinic, token: str) -> int:
    """The status of a refresh."""
    status: int = ClinicClient(clinic).post("/api/auth/refresh/", {"refresh": token}).status_code
    return status


def test_after_signing_out_the_refresh_token_is_dead(clinic: Clinic, session: Session) -> None:
    answer = sign_out(clinic, session)

    assert (answer.status_code, answer.json()) == (
        200,
        {"success": True, "data": None, "message": "Signed out."},
    )
    assert refresh(clinic, session.refresh) == 401


def test_signing_out_with_a_used_token_ends_what_came_after_it(clinic: Clinic, session: Session) -> None:
    following = ClinicClient(clinic).post("/api/auth/refresh/", {"refresh": session.refresh}).json()["data"]

    sign_out(clinic, session)

    assert refresh(clinic, following["refresh"]) == 401


def test_signing_out_asks_for_an_access_token(clinic: Clinic, session: Session) -> None:
    answer = ClinicClient(clinic).post("/api/auth/logout/", {"refresh": session.refresh})

    assert answer.status_code == 401
    assert refresh(clinic, session.refresh) == 200


def test_a_session_of_one_clinic_cannot_be_ended_at_another(
    clinic: Clinic, other_clinic: Clinic, session: Session
) -> None:
    answer = sign_out(other_clinic, session)

    assert answer.status_code == 401
    assert refresh(clinic, session.refresh) == 200


def test_signing_out_ends_nobody_elses_session(clinic: Clinic, session: Session) -> None:
    from_another_device = start_session(user=session.user)

    sign_out(clinic, session)

    assert refresh(clinic, from_another_device.refresh) == 200


@pytest.mark.parametrize("token", ["x", "a.b.c"])
def test_signing_out_with_what_is_no_token_is_refused(clinic: Clinic, session: Session, token: str) -> None:
    assert sign_out(clinic, session, refresh=token).status_code == 401
