"""Renewing a session: a refresh token works once, at its clinic, until its session ends."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from clinics.models import Patient
from tenants.accounts.errors import SessionEnded
from tenants.accounts.models import RefreshToken, User
from tenants.accounts.sessions.services import (
    REUSE_GRACE_PERIOD,
    Session,
    end_all_sessions,
    end_session,
    renew_session,
    start_session,
)
from tenants.models import Clinic
from tests.accounts.sessions.test_tokens import forge
from tests.factories.clinic_client import ClinicClient, data_of

PATH = "/api/auth/refresh/"


@pytest.fixture
def session(user: User, now: datetime) -> Session:
    """Start a session at `now` and stop the clock."""
    return start_session(user=user)


def refresh(clinic: Clinic, token: Any) -> Any:
    """Send the refresh token and return the response."""
    return ClinicClient(clinic).post(PATH, {"refresh": token})


def assert_refused(answer: Any) -> None:
    """Expect 401, as for every invalid refresh token."""
    assert answer.json() == {
        "success": False,
        "data": None,
        "message": "Your session has ended. Sign in again.",
        "code": "session_ended",
        "errors": {},
    }
    assert answer.status_code == 401


def test_a_refresh_token_works_once(clinic: Clinic, session: Session) -> None:
    following = data_of(refresh(clinic, session.refresh))

    assert sorted(following) == ["access", "refresh"]
    assert_refused(refresh(clinic, session.refresh))
    assert refresh(clinic, following["refresh"]).status_code == 200


def test_a_refresh_token_is_refused_at_another_clinic(
    clinic: Clinic, other_clinic: Clinic, session: Session
) -> None:
    assert_refused(refresh(other_clinic, session.refresh))

    assert refresh(clinic, session.refresh).status_code == 200


@pytest.mark.parametrize("token", ["x", "a.b.c", "x" * 4096, 7])
def test_an_invalid_token_is_refused(clinic: Clinic, token: Any) -> None:
    assert_refused(refresh(clinic, token))


@pytest.mark.parametrize("token", [None, "", True, [], {"a": 1}, "x" * 4097])
def test_a_malformed_token_is_invalid_input(clinic: Clinic, token: Any) -> None:
    answer = refresh(clinic, token)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["refresh"])


def test_an_access_token_cannot_renew_a_session(clinic: Clinic, session: Session) -> None:
    assert_refused(refresh(clinic, session.access))


@pytest.mark.parametrize("claims", [{"jti": "another"}, {"ver": None}, {"aud": None}, {"exp": 1}])
def test_a_token_that_was_never_issued_is_refused(
    clinic: Clinic, session: Session, claims: dict[str, Any]
) -> None:
    assert_refused(refresh(clinic, forge(session.refresh, **claims)))


def test_a_refresh_token_expires_after_seven_days(user: User, now: datetime) -> None:
    with time_machine.travel(now, tick=False):
        early, late = start_session(user=user), start_session(user=user)
    week = timedelta(days=7)

    with time_machine.travel(now + week - timedelta(seconds=1), tick=False):
        assert renew_session(refresh=early.refresh, now=now + week).user == user
    with time_machine.travel(now + week, tick=False), pytest.raises(SessionEnded):
        renew_session(refresh=late.refresh, now=now + week)


@pytest.mark.parametrize("delay", [timedelta(0), REUSE_GRACE_PERIOD])
def test_a_token_reused_within_seconds_does_not_end_the_session(
    session: Session, now: datetime, delay: timedelta
) -> None:
    following = renew_session(refresh=session.refresh, now=now)

    with pytest.raises(SessionEnded):
        renew_session(refresh=session.refresh, now=now + delay)

    assert renew_session(refresh=following.refresh, now=now).user == session.user


def test_a_token_reused_later_ends_its_session(session: Session, user: User, now: datetime) -> None:
    other = start_session(user=user)
    following = renew_session(refresh=session.refresh, now=now)
    latest = renew_session(refresh=following.refresh, now=now)

    with pytest.raises(SessionEnded):
        renew_session(refresh=session.refresh, now=now + REUSE_GRACE_PERIOD + timedelta(microseconds=1))

    with pytest.raises(SessionEnded):
        renew_session(refresh=latest.refresh, now=now)
    assert renew_session(refresh=other.refresh, now=now).user == user


def test_signing_out_everywhere_ends_every_refresh_token(session: Session, user: User, now: datetime) -> None:
    other = start_session(user=user)

    end_all_sessions(user=user)

    for ended in (session, other):
        with pytest.raises(SessionEnded):
            renew_session(refresh=ended.refresh, now=now)


@pytest.mark.parametrize("change", [{"is_active": False}, {"token_version": 2}])
def test_a_deactivated_user_cannot_renew(
    session: Session, user: User, now: datetime, change: dict[str, Any]
) -> None:
    User.objects.filter(pk=user.pk).update(**change)

    with pytest.raises(SessionEnded):
        renew_session(refresh=session.refresh, now=now)


def test_a_deleted_user_cannot_renew(clinic: Clinic, session: Session, patient: Patient) -> None:
    patient.delete()
    session.user.delete()

    assert_refused(refresh(clinic, session.refresh))


def test_only_hashes_of_tokens_are_stored(session: Session) -> None:
    stored = RefreshToken.objects.get()

    assert len(stored.digest) == 64
    assert stored.digest not in session.refresh
    assert session.refresh not in str(stored.__dict__)


def test_ending_a_session_does_not_end_others(session: Session, user: User, now: datetime) -> None:
    other = start_session(user=user)

    end_session(refresh=session.refresh)

    with pytest.raises(SessionEnded):
        renew_session(refresh=session.refresh, now=now)
    assert renew_session(refresh=other.refresh, now=now).user == user
