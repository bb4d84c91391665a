"""The list of sessions, and ending one or all of them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from tenants.accounts.errors import SessionEnded
from tenants.accounts.models import AuditEntry, RefreshToken, User, UserSession
from tenants.accounts.sessions.devices import detect_device
from tenants.accounts.sessions.services import (
    REUSE_GRACE_PERIOD,
    Session,
    end_all_sessions,
    read_refresh_token,
    renew_session,
    start_session,
    token_hash,
)
from tenants.models import Clinic
from tests.accounts.sessions.test_tokens import forge
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import PASSWORD, make_patient

PATH = "/api/auth/sessions/"
PROFILE = "/api/auth/profile/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
ON_A_PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1"
)
ON_ANDROID = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 "
    "Mobile Safari/537.36"
)
EDGE = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 "
    "Safari/537.36 Edg/141.0.0.0"
)


def client_with(clinic: Clinic, session: Session) -> ClinicClient:
    """Return a client that uses `session`."""
    client = ClinicClient(clinic)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {session.access}")
    return client


def id_of(session: Session) -> str:
    """Return the session's id."""
    return str(UserSession.objects.get(pk=session_id_of(session)).pk)


def session_id_of(session: Session) -> Any:
    """Return the session's id from its refresh token."""
    return RefreshToken.objects.get(digest=token_hash(read_refresh_token(session.refresh))).family


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (FIREFOX, ("Firefox", "Windows")),
        (ON_A_PHONE, ("Safari", "iPhone")),
        (ON_ANDROID, ("Chrome", "Android")),
        (EDGE, ("Edge", "Mac")),
        ("curl/8.5", ("", "")),
        ("", ("", "")),
    ],
)
def test_browser_and_system_are_detected(user_agent: str, device: tuple[str, str]) -> None:
    assert detect_device(user_agent) == device


def test_the_list_shows_time_device_and_the_current_session(
    clinic: Clinic, user: User, now: datetime
) -> None:
    with time_machine.travel(now, tick=False) as clock:
        client = ClinicClient(clinic, HTTP_USER_AGENT=FIREFOX)
        body = data_of(client.post("/api/auth/login/", {"email": user.email, "password": PASSWORD}))
        other = start_session(user=user)
        clock.shift(timedelta(hours=2))
        body = data_of(client.post("/api/auth/refresh/", {"refresh": body["refresh"]}))
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {body['access']}")

        listed, other_id = data_of(client.get(PATH)), id_of(other)

    assert listed["results"][0] | {"id": ""} == {
        "id": "",
        "device": "Firefox on Windows",
        "is_present": True,
        "begun_at": "2026-03-02T12:00:00Z",
        "begun_local": {"local_date": "2026-03-02", "local_time": "12:00"},
        "last_used_at": "2026-03-02T14:00:00Z",
        "last_used_local": {"local_date": "2026-03-02", "local_time": "14:00"},
        "time_zone": "Europe/London",
        "tz_label": "London time",
    }
    other = listed["results"][1]
    assert (listed["count"], other["id"], other["is_present"]) == (2, other_id, False)
    assert other["device"] == "Unknown device"


def test_neither_an_address_nor_the_user_agent_is_stored(clinic: Clinic, user: User) -> None:
    client = ClinicClient(clinic, HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="203.0.113.9")
    client.post("/api/auth/login/", {"email": user.email, "password": PASSWORD})

    stored = str(UserSession.objects.values().get())

    assert ("203.0.113.9" in stored, "Gecko" in stored) == (False, False)


def test_an_ended_session_is_refused_with_the_next_request(clinic: Clinic, user: User, now: datetime) -> None:
    current, other = start_session(user=user), start_session(user=user)
    assert client_with(clinic, other).get(PROFILE).status_code == 200

    answer = client_with(clinic, current).delete(f"{PATH}{id_of(other)}/")

    assert answer.status_code == 200
    refused = client_with(clinic, other).get(PROFILE)
    assert (refused.status_code, refused.json()["code"]) == (401, "session_ended")
    with pytest.raises(SessionEnded):
        renew_session(refresh=other.refresh, now=now)
    assert client_with(clinic, current).get(PROFILE).status_code == 200
    entry = AuditEntry.objects.get(what="session_ended")
    assert (entry.by, entry.kind, entry.record_id) == (user, "accounts.user", str(user.pk))


def test_users_cannot_see_or_end_the_sessions_of_others(clinic: Clinic, user: User) -> None:
    stranger = make_patient().user
    assert stranger is not None
    mine, theirs = start_session(user=user), start_session(user=stranger)

    answer = client_with(clinic, mine).delete(f"{PATH}{id_of(theirs)}/")

    assert answer.status_code == 404
    assert client_with(clinic, theirs).get(PROFILE).status_code == 200
    assert data_of(client_with(clinic, mine).get(PATH))["count"] == 1


def test_an_unknown_session_is_not_found(clinic: Clinic, user: User) -> None:
    client = client_with(clinic, start_session(user=user))

    assert client.delete(f"{PATH}{uuid4()}/").status_code == 404


def test_signing_out_everywhere_ends_this_session_too(clinic: Clinic, user: User) -> None:
    current, other = start_session(user=user), start_session(user=user)

    answer = client_with(clinic, current).post(f"{PATH}end-all/")

    assert answer.status_code == 200
    assert [client_with(clinic, session).get(PROFILE).status_code for session in (current, other)] == [
        401,
        401,
    ]
    assert (UserSession.objects.count(), RefreshToken.objects.count()) == (0, 0)


def test_signing_out_everywhere_ends_the_admins_session_too(clinic: Clinic, admin: User) -> None:
    desk = ClinicClient(clinic)
    desk.force_login(admin)
    assert desk.get("/admin/").status_code == 200

    end_all_sessions(user=admin)

    assert desk.get("/admin/").status_code == 302


def test_a_reused_refresh_token_ends_the_access_tokens_of_its_session(
    clinic: Clinic, user: User, now: datetime
) -> None:
    stolen = start_session(user=user)
    following = renew_session(refresh=stolen.refresh, now=now)

    with pytest.raises(SessionEnded):
        renew_session(refresh=stolen.refresh, now=now + REUSE_GRACE_PERIOD + timedelta(microseconds=1))

    assert client_with(clinic, following).get(PROFILE).status_code == 401
    entry = AuditEntry.objects.get(what="session_ended")
    assert (entry.by, entry.record_id, entry.note) == (None, str(user.pk), "refresh token used twice")


@pytest.mark.parametrize("sid", [None, "", "x", "00000000-0000-0000-0000-000000000001", 7])
def test_a_token_without_an_active_session_is_refused(clinic: Clinic, user: User, sid: Any) -> None:
    token = forge(start_session(user=user).access, sid=sid)

    assert ClinicClient(clinic).get(PROFILE, HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 401


def test_a_token_with_another_users_session_is_refused(clinic: Clinic, user: User) -> None:
    stranger = make_patient().user
    assert stranger is not None
    theirs = start_session(user=stranger)

    token = forge(start_session(user=user).access, sid=id_of(theirs))

    assert ClinicClient(clinic).get(PROFILE, HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 401


@pytest.mark.parametrize("sessions", [1, 3])
def test_the_list_needs_the_same_number_of_queries_for_any_length(
    clinic: Clinic, user: User, sessions: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    for _more in range(sessions - 1):
        start_session(user=user)
    client = client_with(clinic, start_session(user=user))
    client.get(PATH)

    with django_assert_num_queries(3):
        assert data_of(client.get(PATH))["count"] == sessions
