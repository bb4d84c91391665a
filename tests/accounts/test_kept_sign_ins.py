"""Who is signed in is kept for seconds: it spares queries, and nothing that has ended is ever given."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import update_last_login
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django_redis import get_redis_connection

from tenants.accounts import sign_in_changes
from tenants.accounts.models import User, UserSession
from tenants.accounts.services import Session, end_all_sessions, end_session, start_session
from tenants.accounts.signed_in import KEPT_SECONDS, SignIn, keep, look_up
from tenants.door import enter_clinic
from tenants.models import Clinic
from tests.accounts.test_sessions import as_, family_of
from tests.accounts.test_tokens import forge
from tests.factories.client import ClinicClient, data_of
from tests.factories.people import make_admin, make_user
from tests.factories.queries import queries_of

PROFILE = "/api/auth/profile/"
BOOKINGS = "/api/appointments/my-bookings/"


@pytest.fixture
def session(user: User) -> Session:
    """Where they are signed in."""
    return start_session(user=user)


@pytest.fixture
def client(clinic: Clinic, session: Session) -> ClinicClient:
    """Them, whose sign-in is kept."""
    client = as_(clinic, session)
    assert client.get(PROFILE).status_code == 200
    return client


def sign_in_of(session: Session) -> SignIn:
    """The session as its tokens name it."""
    return SignIn(session_id=family_of(session), user_id=session.user.pk)


def test_the_next_request_does_not_ask_who_it_is(clinic: Clinic, session: Session) -> None:
    client = as_(clinic, session)

    with CaptureQueriesContext(connection) as asked:
        client.get(BOOKINGS)
    with CaptureQueriesContext(connection) as asked_again:
        client.get(BOOKINGS)

    of_people = [["accounts_user" in query["sql"] for query in each] for each in (asked, asked_again)]
    assert [sum(each) for each in of_people] == [1, 0]


def test_the_rest_of_the_user_comes_in_one_query(client: ClinicClient, user: User) -> None:
    said: list[Any] = []

    asked = queries_of(lambda: said.append(data_of(client.get(PROFILE))))

    assert (said[0]["email"], said[0]["first_name"]) == (user.email, user.first_name)
    assert sum('FROM "accounts_user"' in query for query in asked) == 1


ENDS: dict[str, Callable[[User, Session], Any]] = {
    "signed out": lambda _user, session: end_session(refresh=session.refresh),
    "signed out everywhere": lambda user, _session: end_all_sessions(user=user),
    "session dropped": lambda user, _session: UserSession.objects.filter(user=user).delete(),
    "deactivated": lambda user, _session: deactivate(user),
    "deactivated by an UPDATE": lambda user, _s: User.objects.filter(pk=user.pk).update(is_active=False),
    "version by an UPDATE": lambda _user, _s: User.objects.update(token_version=F("token_version") + 1),
    "several at once": lambda user, _session: User.objects.bulk_update([closed(user)], ["is_active"]),
}


def closed(user: User) -> User:
    """The user, who may not sign in; not stored."""
    user.is_active = False
    return user


def deactivate(user: User) -> None:
    """As the admin does."""
    closed(user).save()


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS.keys())
def test_what_ends_a_sign_in_holds_from_the_next_request_on(
    client: ClinicClient, user: User, session: Session, end: Callable[[User, Session], Any]
) -> None:
    end(user, session)

    refused = client.get(PROFILE)

    assert (refused.status_code, refused.json()["code"]) == (401, "session_ended")


def test_who_is_deleted_is_not_signed_in(clinic: Clinic) -> None:
    gone = make_admin()
    client = as_(clinic, start_session(user=gone))
    assert client.get(PROFILE).status_code == 200

    User.objects.filter(pk=gone.pk).delete()

    assert client.get(PROFILE).status_code == 401


@pytest.mark.parametrize("how", ["save", "update"])
def test_another_role_holds_from_the_next_request_on(clinic: Clinic, how: str) -> None:
    admin = make_user(User.Role.ADMIN)
    client = as_(clinic, start_session(user=admin))
    assert client.get("/api/users/patients/").status_code == 200

    if how == "save":
        admin.role = User.Role.PATIENT
        admin.save(update_fields=["role"])
    else:
        User.objects.filter(pk=admin.pk).update(role=User.Role.PATIENT)

    assert client.get("/api/users/patients/").status_code == 403


def keep_too_late(session: Session, user: User) -> None:
    """A request asks who it is, the session ends, and only then does it keep what it heard."""
    sign_in = sign_in_of(session)
    lookup = look_up(sign_in)
    end_session(refresh=session.refresh)
    keep(sign_in, {name: getattr(user, name) for name in User.KEPT}, lookup)


def test_what_was_asked_before_an_end_and_kept_after_it_is_not_given(
    clinic: Clinic, user: User, session: Session
) -> None:
    keep_too_late(session, user)

    assert as_(clinic, session).get(PROFILE).status_code == 401


def test_without_the_mark_it_would_be(
    clinic: Clinic, user: User, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in_changes, "withdraw", lambda _user_ids: None)
    keep_too_late(session, user)

    assert as_(clinic, session).get(BOOKINGS).status_code == 200


def test_no_word_about_a_person_is_kept_and_that_not_for_long(client: ClinicClient, session: Session) -> None:
    sign_in, redis = sign_in_of(session), get_redis_connection("default")

    assert redis.get(sign_in.key) == b'0|{"role": "patient", "is_active": true, "token_version": 1}'
    assert 0 < redis.ttl(sign_in.key) <= KEPT_SECONDS


def test_what_does_not_matter_to_a_sign_in_leaves_it_kept(
    client: ClinicClient, user: User, session: Session
) -> None:
    update_last_login(type(user), user)
    User.objects.filter(pk=user.pk).update(first_name="Another")

    assert look_up(sign_in_of(session)).value is not None
    assert data_of(client.get(PROFILE))["first_name"] == "Another"


def test_another_clinic_has_its_own(other_clinic: Clinic, client: ClinicClient, session: Session) -> None:
    sign_in = sign_in_of(session)
    with enter_clinic(other_clinic):
        assert look_up(sign_in).value is None
    assert look_up(sign_in).value is not None


def test_what_is_kept_of_a_session_is_nobody_elses(
    clinic: Clinic, client: ClinicClient, session: Session
) -> None:
    of_another = start_session(user=make_user(User.Role.PATIENT)).access

    client.credentials(HTTP_AUTHORIZATION=f"Bearer {forge(of_another, sid=str(family_of(session)))}")

    assert client.get(BOOKINGS).status_code == 401


def test_without_redis_the_database_is_asked_each_time(
    client: ClinicClient, session: Session, settings: Any
) -> None:
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}}
    assert client.get(PROFILE).status_code == 200

    end_session(refresh=session.refresh)

    assert client.get(PROFILE).status_code == 401
