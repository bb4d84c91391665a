"""Where one is signed in: what is shown, ending one place, ending all, with the next request."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from tenants.accounts.devices import device_of
from tenants.accounts.errors import SessionOver
from tenants.accounts.models import AuditEntry, RefreshToken, User, UserSession
from tenants.accounts.services import (
    RACE,
    Session,
    digest_of,
    end_all_sessions,
    read_refresh_token,
    renew_session,
    start_session,
)
from tenants.models import Clinic
from tests.accounts.test_tokens import forge
from tests.factories.client import ClinicClient, data_of
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


def as_(clinic: Clinic, session: Session) -> ClinicClient:
    """A client that goes on in `session`."""
    client = ClinicClient(clinic)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {session.access}")
    return client


def id_of(session: Session) -> str:
    """The session's id."""
    return str(UserSession.objects.get(pk=family_of(session)).pk)


def family_of(session: Session) -> Any:
    """The family of its tokens."""
    return RefreshToken.objects.get(digest=digest_of(read_refresh_token(session.refresh))).family


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
def test_a_device_is_called_by_its_browser_and_system(user_agent: str, device: tuple[str, str]) -> None:
    assert device_of(user_agent) == device


def test_the_list_tells_since_when_where_and_which_is_the_present_one(
    clinic: Clinic, user: User, now: datetime
) -> None:
    with time_machine.travel(now, tick=False) as clock:
        client = ClinicClient(clinic, HTTP_USER_AGENT=FIREFOX)
        body = data_of(client.post("/api/auth/login/", {"email": user.email, "password": PASSWORD}))
        elsewhere = start_session(user=user)
        clock.shift(timedelta(hours=2))
        body = data_of(client.post("/api/auth/refresh/", {"refresh": body["refresh"]}))
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {body['access']}")

        listed, elsewhere_id = data_of(client.get(PATH)), id_of(elsewhere)

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
    assert (listed["count"], other["id"], other["is_present"]) == (2, elsewhere_id, False)
    assert other["device"] == "A program or device we do not know"


def test_neither_an_address_nor_a_whole_user_agent_is_kept(clinic: Clinic, user: User) -> None:
    client = ClinicClient(clinic, HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="203.0.113.9")
    client.post("/api/auth/login/", {"email": user.email, "password": PASSWORD})

    kept = str(UserSession.objects.values().get())

    assert ("203.0.113.9" in kept, "Gecko" in kept) == (False, False)


def test_an_ended_session_is_refused_with_its_next_request(clinic: Clinic, user: User, now: datetime) -> None:
    here, there = start_session(user=user), start_session(user=user)
    assert as_(clinic, there).get(PROFILE).status_code == 200

    answer = as_(clinic, here).delete(f"{PATH}{id_of(there)}/")

    assert answer.status_code == 200
    refused = as_(clinic, there).get(PROFILE)
    assert (refused.status_code, refused.json()["code"]) == (401, "session_ended")
    with pytest.raises(SessionOver):
        renew_session(refresh=there.refresh, now=now)
    assert as_(clinic, here).get(PROFILE).status_code == 200
    entry = AuditEntry.objects.get(what="session_ended")
    assert (entry.by, entry.kind, entry.record_id) == (user, "accounts.user", str(user.pk))


def test_nobody_ends_or_sees_anothers_session(clinic: Clinic, user: User) -> None:
    stranger = make_patient().user
    assert stranger is not None
    mine, theirs = start_session(user=user), start_session(user=stranger)

    answer = as_(clinic, mine).delete(f"{PATH}{id_of(theirs)}/")

    assert answer.status_code == 404
    assert as_(clinic, theirs).get(PROFILE).status_code == 200
    assert data_of(as_(clinic, mine).get(PATH))["count"] == 1


def test_a_session_that_is_not_there_is_not_found(clinic: Clinic, user: User) -> None:
    client = as_(clinic, start_session(user=user))

    assert client.delete(f"{PATH}{uuid4()}/").status_code == 404


def test_signing_out_everywhere_ends_this_session_too(clinic: Clinic, user: User) -> None:
    here, there = start_session(user=user), start_session(user=user)

    answer = as_(clinic, here).post(f"{PATH}end-all/")

    assert answer.status_code == 200
    assert [as_(clinic, each).get(PROFILE).status_code for each in (here, there)] == [401, 401]
    assert (UserSession.objects.count(), RefreshToken.objects.count()) == (0, 0)


def test_signing_out_everywhere_ends_the_admins_session_too(clinic: Clinic, admin: User) -> None:
    desk = ClinicClient(clinic)
    desk.force_login(admin)
    assert desk.get("/admin/").status_code == 200

    end_all_sessions(user=admin)

    assert desk.get("/admin/").status_code == 302


def test_a_copied_refresh_token_ends_the_access_tokens_of_its_session(
    clinic: Clinic, user: User, now: datetime
) -> None:
    stolen = start_session(user=user)
    following = renew_session(refresh=stolen.refresh, now=now)

    with pytest.raises(SessionOver):
        renew_session(refresh=stolen.refresh, now=now + RACE + timedelta(microseconds=1))

    assert as_(clinic, following).get(PROFILE).status_code == 401
    entry = AuditEntry.objects.get(what="session_ended")
    assert (entry.by, entry.record_id, entry.note) == (None, str(user.pk), "refresh token used twice")


@pytest.mark.parametrize("sid", [None, "", "x", "00000000-0000-0000-0000-000000000001", 7])
def test_a_token_without_a_session_that_lives_opens_nothing(clinic: Clinic, user: User, sid: Any) -> None:
    token = forge(start_session(user=user).access, sid=sid)

    assert ClinicClient(clinic).get(PROFILE, HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 401


def test_a_token_with_anothers_session_opens_nothing(clinic: Clinic, user: User) -> None:
    stranger = make_patient().user
    assert stranger is not None
    theirs = start_session(user=stranger)

    token = forge(start_session(user=user).access, sid=id_of(theirs))

    assert ClinicClient(clinic).get(PROFILE, HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 401


@pytest.mark.parametrize("sessions", [1, 3])
def test_the_list_costs_the_same_queries_however_long(
    clinic: Clinic, user: User, sessions: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    for _more in range(sessions - 1):
        start_session(user=user)
    client = as_(clinic, start_session(user=user))
    client.get(PATH)

    with django_assert_num_queries(3):
        assert data_of(client.get(PATH))["count"] == sessions
