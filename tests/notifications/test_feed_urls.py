"""The addresses of calendar feeds: made, listed, revoked, and what they give away."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.conf import settings
from django.db.models import QuerySet

from clinics.models import Doctor, Patient
from notifications.errors import FeedLimitReached
from notifications.models import CalendarFeed
from notifications.services.feeds import MAX_FEEDS, create_feed
from tenants.accounts.models import User
from tenants.base.clock import now as clock_now
from tenants.current import enter_clinic
from tenants.models import Clinic
from tests.factories.audit import entries
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_patient
from tests.factories.queries import queries_of
from tests.factories.threads import at_once

PATH = "/api/appointments/feeds/"
ORIGIN = f"http://riverside.{settings.BASE_DOMAIN}"
AsUser = Callable[..., ClinicClient]


@pytest.fixture
def as_user(clinic: Clinic, client_for: AsUser, clock: Any) -> AsUser:
    """Makes a client of the London clinic at the test's own time."""
    return partial(client_for, clinic)


@pytest.fixture
def own(patient: Patient, as_user: AsUser) -> ClinicClient:
    """The patient, signed in."""
    return as_user(patient.user)


def made(client: ClinicClient, name: str = "My phone") -> tuple[str, str]:
    """A new feed: the path at which it is revoked, and the one at which it is read."""
    feed = data_of(client.post(PATH, {"name": name}))
    return f"{PATH}{feed['id']}/", feed["url"].removeprefix(ORIGIN)


def status(clinic: Clinic, path: str) -> int:
    """What somebody who is not signed in is answered."""
    code: int = ClinicClient(clinic).get(path).status_code
    return code


def test_the_address_is_told_once_and_only_its_hash_is_kept(
    own: ClinicClient, clinic: Clinic, patient: Patient
) -> None:
    answer = own.post(PATH, {"name": " My phone "})

    feed = data_of(answer)
    token = feed["url"].removeprefix(f"{ORIGIN}{PATH}").removesuffix(".ics")
    (listed,) = data_of(own.get(PATH))["results"]
    assert (answer.status_code, answer["Cache-Control"], len(token)) == (201, "no-store", 43)
    assert listed == {
        "id": feed["id"],
        "name": "My phone",
        "created_at": "2026-03-02T12:00:00Z",
        "last_read_at": None,
    }
    assert feed == {**listed, "url": f"{ORIGIN}{PATH}{token}.ics"}
    kept = CalendarFeed.objects.values_list().get()
    assert [value for value in kept if token in str(value)] == []
    assert (len(kept), status(clinic, f"{PATH}{token}.ics")) == (9, 200)


def test_nobody_else_sees_or_revokes_it(own: ClinicClient, as_user: AsUser, clinic: Clinic) -> None:
    one, feed = made(own)
    other = as_user(make_patient().user)

    assert data_of(other.get(PATH))["results"] == []
    assert (other.delete(one).status_code, status(clinic, feed)) == (404, 200)


def test_a_revoked_feed_is_dead_at_once_and_nowhere_listed(own: ClinicClient, clinic: Clinic) -> None:
    one, feed = made(own)
    other = made(own)[1]

    revoked, again = own.delete(one), own.delete(one)

    assert (revoked.status_code, again.status_code) == (200, 404)
    assert (status(clinic, feed), status(clinic, other)) == (404, 200)
    assert data_of(own.get(PATH))["count"] == 1


def test_making_and_revoking_is_in_the_log(own: ClinicClient) -> None:
    one, _feed = made(own)
    own.delete(one)
    own.delete(one)

    kind, key = "notifications.calendarfeed", one.split("/")[-2]
    assert entries(kind=kind) == [("added", kind, key), ("removed", kind, key)]


@pytest.mark.parametrize("token", ["x", "é", "a" * 43, "a" * 5000, "%00", "%ff", "..%2f"])
def test_an_unknown_token_is_answered_404_whatever_it_is(clinic: Clinic, token: str) -> None:
    answer = ClinicClient(clinic).get(f"{PATH}{token}.ics", headers={"Accept": "text/calendar"})

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_another_clinics_token_opens_nothing_here(
    own: ClinicClient, clinic: Clinic, other_clinic: Clinic
) -> None:
    _one, feed = made(own)

    assert (status(other_clinic, feed), status(clinic, feed)) == (404, 200)
    with enter_clinic(other_clinic):
        assert not CalendarFeed.objects.exists()


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": User.Role.ADMIN}], ids=["away", "admin"])
def test_who_may_not_sign_in_or_has_no_appointments_has_no_feed(
    own: ClinicClient, patient: Patient, clinic: Clinic, change: dict[str, Any]
) -> None:
    _one, feed = made(own)
    before = status(clinic, feed)

    User.objects.filter(patient=patient).update(**change)

    assert (before, status(clinic, feed)) == (200, 404)


def test_those_at_the_desk_have_none(admin: User, as_user: AsUser) -> None:
    desk = as_user(admin)

    assert [desk.get(PATH).status_code, desk.post(PATH, {"name": "x"}).status_code] == [403, 403]


@pytest.mark.parametrize("name", ["", " ", "x" * 61, "two\nlines", None, ["x"], "a\x00"])
def test_a_name_is_one_short_line(own: ClinicClient, name: Any) -> None:
    refused, taken = own.post(PATH, {"name": name}), own.post(PATH, {"name": "x" * 60})

    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["name"])
    assert taken.status_code == 201


def test_ten_are_as_many_as_one_has_and_a_revoked_one_makes_room(own: ClinicClient) -> None:
    one, *_others = [made(own)[0] for _ in range(MAX_FEEDS)]

    refused = own.post(PATH, {"name": "Eleventh"})
    own.delete(one)
    taken = own.post(PATH, {"name": "Eleventh"})

    assert (refused.status_code, refused.json()["code"], taken.status_code) == (422, "limit_reached", 201)
    assert CalendarFeed.objects.live().count() == MAX_FEEDS == 10


def make_many_at_once(clinic: Clinic, user: User) -> list[Any]:
    """What eight who make a feed at the same moment are answered."""
    return at_once(clinic, *[partial(create_feed, user=user, name="My phone", now=clock_now())] * 8)


def test_making_many_at_once_does_not_get_past_the_limit(committed_clinic: Clinic) -> None:
    user = make_patient().user
    assert user is not None
    for _ in range(MAX_FEEDS - 2):
        create_feed(user=user, name="My phone", now=clock_now())

    outcomes = make_many_at_once(committed_clinic, user)

    assert sum(isinstance(outcome, FeedLimitReached) for outcome in outcomes) == 6
    assert CalendarFeed.objects.count() == MAX_FEEDS


def test_without_the_users_lock_the_limit_would_not_hold(
    committed_clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_how: rows)
    user = make_patient().user
    assert user is not None
    for _ in range(MAX_FEEDS - 1):
        create_feed(user=user, name="My phone", now=clock_now())

    for _round in range(10):
        make_many_at_once(committed_clinic, user)
        if CalendarFeed.objects.count() > MAX_FEEDS:
            break
        CalendarFeed.objects.filter(pk=CalendarFeed.objects.earliest("created_at", "id").pk).delete()

    assert CalendarFeed.objects.count() > MAX_FEEDS


def test_that_it_was_read_is_noted_once_an_hour(
    own: ClinicClient, clinic: Clinic, clock: Any, now: datetime
) -> None:
    _one, feed = made(own)
    seen = []

    for minutes in (0, 59, 60, 61):
        clock.move_to(now + timedelta(minutes=minutes))
        status(clinic, feed)
        seen.append(CalendarFeed.objects.get().last_read_at)

    hour = timedelta(hours=1)
    assert seen == [now, now, now + hour, now + hour]


def test_within_the_hour_a_reading_writes_nothing(own: ClinicClient, clinic: Clinic, clock: Any) -> None:
    _one, feed = made(own)
    status(clinic, feed)

    asked = queries_of(lambda: status(clinic, feed))

    assert [sql.split()[0] for sql in asked] == ["SELECT"] * len(asked)


def test_the_list_costs_the_same_for_one_and_for_three(own: ClinicClient) -> None:
    own.get(PATH)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            made(own)
        counts.append(len(queries_of(lambda: own.get(PATH))))

    assert counts[0] == counts[1]


def test_a_doctor_makes_one_too(doctor: Doctor, as_user: AsUser, clinic: Clinic) -> None:
    _one, feed = made(as_user(doctor.user))

    assert status(clinic, feed) == 200
