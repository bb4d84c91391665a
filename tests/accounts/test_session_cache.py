"""The session cache saves queries and never returns an ended session."""

from collections.abc import Callable
from typing import Any, cast

import pytest
from django.contrib.auth.models import update_last_login
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django_redis import get_redis_connection

from tenants.accounts import session_signals
from tenants.accounts.models import User, UserSession
from tenants.accounts.session_cache import CACHE_SECONDS, SessionKey, cache_session, get_cached_session
from tenants.accounts.sessions.services import Session, end_all_sessions, end_session, start_session
from tenants.current import enter_clinic
from tenants.models import Clinic
from tests.accounts.sessions.test_active_sessions import client_with, session_id_of
from tests.accounts.sessions.test_tokens import forge
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_admin, make_user
from tests.factories.queries import queries_of

PROFILE = "/api/auth/profile/"
PATIENTS = "/api/users/patients/"
SIGNATURE_BYTES, EXPIRY_BYTES = 32, 8
BOOKINGS = "/api/appointments/my-bookings/"


@pytest.fixture
def session(user: User) -> Session:
    """Start a session for the user."""
    return start_session(user=user)


@pytest.fixture
def client(clinic: Clinic, session: Session) -> ClinicClient:
    """Return a client whose session is cached."""
    client = client_with(clinic, session)
    assert client.get(PROFILE).status_code == 200
    return client


def session_key_of(session: Session) -> SessionKey:
    """Return the session as its tokens name it."""
    return SessionKey(session_id=session_id_of(session), user_id=session.user.pk)


def stored_bytes(key: SessionKey) -> bytes:
    """Return a session's entry as it is in Redis."""
    return cast(bytes, get_redis_connection("default").get(key.key))


def test_the_next_request_does_not_query_the_user(clinic: Clinic, session: Session) -> None:
    client = client_with(clinic, session)

    with CaptureQueriesContext(connection) as first:
        client.get(BOOKINGS)
    with CaptureQueriesContext(connection) as second:
        client.get(BOOKINGS)

    user_queries = [["accounts_user" in query["sql"] for query in queries] for queries in (first, second)]
    assert [sum(queries) for queries in user_queries] == [1, 0]


def test_other_fields_of_the_user_are_loaded_in_one_query(client: ClinicClient, user: User) -> None:
    profiles: list[Any] = []

    queries = queries_of(lambda: profiles.append(data_of(client.get(PROFILE))))

    assert (profiles[0]["email"], profiles[0]["first_name"]) == (user.email, user.first_name)
    assert sum('FROM "accounts_user"' in query for query in queries) == 1


WAYS_TO_END_A_SESSION: dict[str, Callable[[User, Session], Any]] = {
    "signed out": lambda _user, session: end_session(refresh=session.refresh),
    "signed out everywhere": lambda user, _session: end_all_sessions(user=user),
    "session dropped": lambda user, _session: UserSession.objects.filter(user=user).delete(),
    "deactivated": lambda user, _session: deactivate(user),
    "deactivated by an UPDATE": lambda user, _s: User.objects.filter(pk=user.pk).update(is_active=False),
    "version by an UPDATE": lambda _user, _s: User.objects.update(token_version=F("token_version") + 1),
    "several at once": lambda user, _session: User.objects.bulk_update([deactivated(user)], ["is_active"]),
}


def deactivated(user: User) -> User:
    """Return the user with `is_active` unset, not saved."""
    user.is_active = False
    return user


def deactivate(user: User) -> None:
    """Deactivate the user, as the admin does."""
    deactivated(user).save()


@pytest.mark.parametrize("end", WAYS_TO_END_A_SESSION.values(), ids=WAYS_TO_END_A_SESSION.keys())
def test_an_ended_session_is_refused_with_the_next_request(
    client: ClinicClient, user: User, session: Session, end: Callable[[User, Session], Any]
) -> None:
    end(user, session)

    refused = client.get(PROFILE)

    assert (refused.status_code, refused.json()["code"]) == (401, "session_ended")


def test_a_deleted_user_is_refused_with_the_next_request(clinic: Clinic) -> None:
    deleted = make_admin()
    client = client_with(clinic, start_session(user=deleted))
    assert client.get(PROFILE).status_code == 200

    User.objects.filter(pk=deleted.pk).delete()

    assert client.get(PROFILE).status_code == 401


@pytest.mark.parametrize("how", ["save", "update"])
def test_a_role_change_takes_effect_with_the_next_request(clinic: Clinic, how: str) -> None:
    admin = make_user(User.Role.ADMIN)
    client = client_with(clinic, start_session(user=admin))
    assert client.get("/api/users/patients/").status_code == 200

    if how == "save":
        admin.role = User.Role.PATIENT
        admin.save(update_fields=["role"])
    else:
        User.objects.filter(pk=admin.pk).update(role=User.Role.PATIENT)

    assert client.get("/api/users/patients/").status_code == 403


def cache_too_late(session: Session, user: User) -> None:
    """Look the session up, end it, and only then store the result of the lookup."""
    key = session_key_of(session)
    lookup = get_cached_session(key)
    end_session(refresh=session.refresh)
    cache_session(key, {name: getattr(user, name) for name in User.CACHED_FIELDS}, lookup)


def test_a_result_from_before_the_end_of_a_session_is_not_cached_after_it(
    clinic: Clinic, user: User, session: Session
) -> None:
    cache_too_late(session, user)

    assert client_with(clinic, session).get(PROFILE).status_code == 401


def test_without_invalidation_an_ended_session_is_cached(
    clinic: Clinic, user: User, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_signals, "invalidate_cached_sessions", lambda _user_ids: None)
    cache_too_late(session, user)

    assert client_with(clinic, session).get(BOOKINGS).status_code == 200


def test_a_cache_entry_has_no_name_and_expires_soon(client: ClinicClient, session: Session) -> None:
    key, redis = session_key_of(session), get_redis_connection("default")

    value = get_cached_session(key).value
    assert value == b'{"role": "patient", "is_active": true, "language": "", "token_version": 1}'
    assert len(stored_bytes(key)) == len(value) + SIGNATURE_BYTES + EXPIRY_BYTES
    assert 0 < redis.ttl(key.key) <= CACHE_SECONDS


def test_a_role_written_into_the_cache_gives_no_rights(client: ClinicClient, session: Session) -> None:
    key, redis = session_key_of(session).key, get_redis_connection("default")
    genuine = stored_bytes(session_key_of(session))
    as_admin = b'{"role": "admin", "is_active": true, "language": "", "token_version": 1}'

    for forged in (b"0|" + as_admin, genuine.replace(b'"patient"', b'"admin"'), genuine[:40] + as_admin):
        redis.set(key, forged)
        assert client.get(PATIENTS).status_code == 403


def test_the_cached_session_of_an_admin_gives_a_patient_no_rights(
    clinic: Clinic, client: ClinicClient, session: Session
) -> None:
    of_admin = start_session(user=make_admin())
    assert client_with(clinic, of_admin).get(PATIENTS).status_code == 200

    entry = stored_bytes(session_key_of(of_admin))
    get_redis_connection("default").set(session_key_of(session).key, entry)

    assert client.get(PATIENTS).status_code == 403


def test_changes_to_other_fields_do_not_invalidate_the_cache(
    client: ClinicClient, user: User, session: Session
) -> None:
    update_last_login(type(user), user)
    User.objects.filter(pk=user.pk).update(first_name="Another")

    assert get_cached_session(session_key_of(session)).value is not None
    assert data_of(client.get(PROFILE))["first_name"] == "Another"


def test_clinics_have_separate_session_caches(
    other_clinic: Clinic, client: ClinicClient, session: Session
) -> None:
    key = session_key_of(session)
    with enter_clinic(other_clinic):
        assert get_cached_session(key).value is None
    assert get_cached_session(key).value is not None


def test_a_cached_session_is_not_valid_for_another_user(
    clinic: Clinic, client: ClinicClient, session: Session
) -> None:
    of_another = start_session(user=make_user(User.Role.PATIENT)).access

    client.credentials(HTTP_AUTHORIZATION=f"Bearer {forge(of_another, sid=str(session_id_of(session)))}")

    assert client.get(BOOKINGS).status_code == 401


def test_without_redis_every_request_queries_the_database(
    client: ClinicClient, session: Session, settings: Any
) -> None:
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}}
    assert client.get(PROFILE).status_code == 200

    end_session(refresh=session.refresh)

    assert client.get(PROFILE).status_code == 401
