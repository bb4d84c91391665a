"""Access tokens are valid at one clinic, for ten minutes, and only for an active user."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
import time_machine
from django.conf import settings

from clinics.models import Patient
from tenants.accounts.models import User
from tenants.accounts.sessions.services import Session, end_all_sessions, start_session
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient

PATH = "/api/auth/profile/"


@pytest.fixture
def session(patient: Patient) -> Session:
    """Start a session for the patient."""
    assert patient.user is not None
    return start_session(user=patient.user)


def get_profile(clinic: Clinic, authorization: str) -> Any:
    """Send a request with that header and return the response."""
    return ClinicClient(clinic).get(PATH, HTTP_AUTHORIZATION=authorization)


def forge(token: str, *, key: str = settings.JWT_SECRET, **claims: Any) -> str:
    """Return the token with other claims, signed again. A claim of None is left out."""
    all_claims = jwt.decode(token, options={"verify_signature": False}) | claims
    return jwt.encode(
        {name: value for name, value in all_claims.items() if value is not None}, key, algorithm="HS256"
    )


def test_a_token_is_valid_only_at_the_clinic_that_issued_it(
    clinic: Clinic, other_clinic: Clinic, session: Session
) -> None:
    own, other = (
        get_profile(any_clinic, f"Bearer {session.access}") for any_clinic in (clinic, other_clinic)
    )

    assert (own.status_code, other.status_code) == (200, 401)
    assert other["WWW-Authenticate"] == 'Bearer realm="api"'


def test_an_access_token_expires_after_ten_minutes(clinic: Clinic, patient: Patient) -> None:
    start = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert patient.user is not None
    with time_machine.travel(start, tick=False):
        token = start_session(user=patient.user).access

    with time_machine.travel(start + timedelta(minutes=10, seconds=-1), tick=False):
        before = get_profile(clinic, f"Bearer {token}")
    with time_machine.travel(start + timedelta(minutes=10), tick=False):
        after = get_profile(clinic, f"Bearer {token}")

    assert (before.status_code, after.status_code) == (200, 401)


def test_signing_out_everywhere_ends_a_token_with_the_next_request(clinic: Clinic, session: Session) -> None:
    assert get_profile(clinic, f"Bearer {session.access}").status_code == 200

    end_all_sessions(user=session.user)

    answer = get_profile(clinic, f"Bearer {session.access}")
    assert (answer.status_code, answer.json()["code"]) == (401, "session_ended")


def deactivate(user: User) -> None:
    """Deactivate the user."""
    User.objects.filter(pk=user.pk).update(is_active=False)


def delete(user: User) -> None:
    """Delete the user."""
    Patient.objects.filter(user=user).delete()
    user.delete()


@pytest.mark.parametrize("change", [deactivate, delete])
def test_a_token_of_a_deactivated_or_deleted_user_is_refused(
    clinic: Clinic, session: Session, change: Callable[[User], None]
) -> None:
    change(session.user)

    answer = get_profile(clinic, f"Bearer {session.access}")

    assert (answer.status_code, answer.json()["success"]) == (401, False)


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Bearer a.b.c",
        "Bearer a b",
        "Bearer \xff",
        "Bearer " + "x" * 5000,
        "Bearer eyJhbGciOiJub25lIn0.e30.",
        "Basic YWRtaW46YWRtaW4=",
        "bearer x",
        "",
    ],
)
def test_an_invalid_token_is_refused(clinic: Clinic, header: str) -> None:
    answer = get_profile(clinic, header)

    assert (answer.status_code, answer.json()["data"]) == (401, None)


def test_a_refresh_token_is_refused_as_an_access_token(clinic: Clinic, session: Session) -> None:
    assert get_profile(clinic, f"Bearer {session.refresh}").status_code == 401


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "00000000-0000-0000-0000-000000000000"},
        {"sub": None},
        {"ver": 2},
        {"ver": None},
        {"aud": None},
        {"aud": "public"},
        {"exp": None},
        {"exp": 1},
        {"jti": None},
        {"token_type": None},
        {"key": "not our key, but one that is long enough for it"},
    ],
)
def test_a_token_with_a_wrong_claim_is_refused(
    clinic: Clinic, session: Session, claims: dict[str, Any]
) -> None:
    assert get_profile(clinic, f"Bearer {forge(session.access)}").status_code == 200

    answer = get_profile(clinic, f"Bearer {forge(session.access, **claims)}")

    assert (answer.status_code, answer.json()["data"]) == (401, None)


def test_a_token_without_a_signature_is_refused(clinic: Clinic, session: Session) -> None:
    claims = jwt.decode(session.access, options={"verify_signature": False})

    answer = get_profile(clinic, f"Bearer {jwt.encode(claims, key='', algorithm='none')}")

    assert answer.status_code == 401
