"""Creating, listing and revoking calendar feeds, and who can read one by its URL."""

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
from tests.factories.audit import audit_entries
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_patient
from tests.factories.queries import queries_of
from tests.factories.threads import run_concurrently

PATH = "/api/appointments/feeds/"
ORIGIN = f"http://riverside.{settings.BASE_DOMAIN}"
AsUser = Callable[..., ClinicClient]


@pytest.fixture
def as_user(clinic: Clinic, client_for: AsUser, clock: Any) -> AsUser:
    """Return a function that signs a user in at the London clinic. The clock is stopped."""
    return partial(client_for, clinic)


@pytest.fixture
def patient_client(patient: Patient, as_user: AsUser) -> ClinicClient:
    """A client signed in as the patient."""
    return as_user(patient.user)


def make_feed(client: ClinicClient, name: str = "My phone") -> tuple[str, str]:
    """Create a feed. Return the path to revoke it and the path to read it."""
    feed = data_of(client.post(PATH, {"name": name}))
    return f"{PATH}{feed['id']}/", feed["url"].removeprefix(ORIGIN)


def status(clinic: Clinic, path: str) -> int:
    """Return the status for a client that is not signed in."""
    code: int = ClinicClient(clinic).get(path).status_code
    return code


def test_the_url_is_shown_once_and_only_the_hash_of_its_token_is_stored(
    patient_client: ClinicClient, clinic: Clinic, patient: Patient
) -> None:
    answer = patient_client.post(PATH, {"name": " My phone "})

    feed = data_of(answer)
    token = feed["url"].removeprefix(f"{ORIGIN}{PATH}").removesuffix(".ics")
    (listed,) = data_of(patient_client.get(PATH))["results"]
    assert (answer.status_code, answer["Cache-Control"], len(token)) == (201, "no-store", 43)
    assert listed == {
        "id": feed["id"],
        "name": "My phone",
        "created_at": "2026-03-02T12:00:00Z",
        "last_read_at": None,
    }
    assert feed == {**listed, "url": f"{ORIGIN}{PATH}{token}.ics"}
    stored = CalendarFeed.objects.values_list().get()
    assert [value for value in stored if token in str(value)] == []
    assert (len(stored), status(clinic, f"{PATH}{token}.ics")) == (10, 200)


def test_other_users_cannot_see_or_revoke_a_feed(
    patient_client: ClinicClient, as_user: AsUser, clinic: Clinic
) -> None:
    revoke_path, feed_path = make_feed(patient_client)
    other = as_user(make_patient().user)

    assert data_of(other.get(PATH))["results"] == []
    assert (other.delete(revoke_path).status_code, status(clinic, feed_path)) == (404, 200)


def test_a_revoked_feed_stops_working_at_once_and_is_not_listed(
    patient_client: ClinicClient, clinic: Clinic
) -> None:
    revoke_path, feed_path = make_feed(patient_client)
    other_feed_path = make_feed(patient_client)[1]

    revoked, again = patient_client.delete(revoke_path), patient_client.delete(revoke_path)

    assert (revoked.status_code, again.status_code) == (200, 404)
    assert (status(clinic, feed_path), status(clinic, other_feed_path)) == (404, 200)
    assert data_of(patient_client.get(PATH))["count"] == 1


def test_creating_and_revoking_a_feed_is_audited(patient_client: ClinicClient) -> None:
    revoke_path, _feed_path = make_feed(patient_client)
    patient_client.delete(revoke_path)
    patient_client.delete(revoke_path)

    kind, key = "notifications.calendarfeed", revoke_path.split("/")[-2]
    assert audit_entries(kind=kind) == [("added", kind, key), ("removed", kind, key)]


@pytest.mark.parametrize("token", ["x", "é", "a" * 43, "a" * 5000, "%00", "%ff", "..%2f"])
def test_an_unknown_or_malformed_token_gets_404(clinic: Clinic, token: str) -> None:
    answer = ClinicClient(clinic).get(f"{PATH}{token}.ics", headers={"Accept": "text/calendar"})

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_token_of_another_clinic_is_not_found(
    patient_client: ClinicClient, clinic: Clinic, other_clinic: Clinic
) -> None:
    _revoke_path, feed_path = make_feed(patient_client)

    assert (status(other_clinic, feed_path), status(clinic, feed_path)) == (404, 200)
    with enter_clinic(other_clinic):
        assert not CalendarFeed.objects.exists()


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"role": User.Role.ADMIN}], ids=["deactivated", "admin"]
)
def test_a_feed_stops_working_for_a_deactivated_user_and_for_an_admin(
    patient_client: ClinicClient, patient: Patient, clinic: Clinic, change: dict[str, Any]
) -> None:
    _revoke_path, feed_path = make_feed(patient_client)
    before = status(clinic, feed_path)

    User.objects.filter(patient=patient).update(**change)

    assert (before, status(clinic, feed_path)) == (200, 404)


def test_admins_cannot_have_feeds(admin: User, as_user: AsUser) -> None:
    desk = as_user(admin)

    assert [desk.get(PATH).status_code, desk.post(PATH, {"name": "x"}).status_code] == [403, 403]


@pytest.mark.parametrize("name", ["", " ", "x" * 61, "two\nlines", None, ["x"], "a\x00"])
def test_a_feeds_name_is_one_short_line(patient_client: ClinicClient, name: Any) -> None:
    refused, accepted = (
        patient_client.post(PATH, {"name": name}),
        patient_client.post(PATH, {"name": "x" * 60}),
    )

    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["name"])
    assert accepted.status_code == 201


def test_a_user_can_have_ten_feeds_and_revoked_ones_do_not_count(patient_client: ClinicClient) -> None:
    revoke_path, *_others = [make_feed(patient_client)[0] for _ in range(MAX_FEEDS)]

    refused = patient_client.post(PATH, {"name": "Eleventh"})
    patient_client.delete(revoke_path)
    accepted = patient_client.post(PATH, {"name": "Eleventh"})

    assert (refused.status_code, refused.json()["code"], accepted.status_code) == (422, "limit_reached", 201)
    assert CalendarFeed.objects.live().count() == MAX_FEEDS == 10


def make_feeds_concurrently(clinic: Clinic, user: User) -> list[Any]:
    """Create eight feeds concurrently and return the outcomes."""
    return run_concurrently(clinic, *[partial(create_feed, user=user, name="My phone", now=clock_now())] * 8)


def test_concurrent_requests_cannot_exceed_the_limit(committed_clinic: Clinic) -> None:
    user = make_patient().user
    assert user is not None
    for _ in range(MAX_FEEDS - 2):
        create_feed(user=user, name="My phone", now=clock_now())

    outcomes = make_feeds_concurrently(committed_clinic, user)

    assert sum(isinstance(outcome, FeedLimitReached) for outcome in outcomes) == 6
    assert CalendarFeed.objects.count() == MAX_FEEDS


def test_without_the_lock_on_the_user_the_limit_can_be_exceeded(
    committed_clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_options: rows)
    user = make_patient().user
    assert user is not None
    for _ in range(MAX_FEEDS - 1):
        create_feed(user=user, name="My phone", now=clock_now())

    for _round in range(10):
        make_feeds_concurrently(committed_clinic, user)
        if CalendarFeed.objects.count() > MAX_FEEDS:
            break
        CalendarFeed.objects.filter(pk=CalendarFeed.objects.earliest("created_at", "id").pk).delete()

    assert CalendarFeed.objects.count() > MAX_FEEDS


def test_the_time_of_the_last_read_is_stored_once_an_hour(
    patient_client: ClinicClient, clinic: Clinic, clock: Any, now: datetime
) -> None:
    _revoke_path, feed_path = make_feed(patient_client)
    stored = []

    for minutes in (0, 59, 60, 61):
        clock.move_to(now + timedelta(minutes=minutes))
        status(clinic, feed_path)
        stored.append(CalendarFeed.objects.get().last_read_at)

    hour = timedelta(hours=1)
    assert stored == [now, now, now + hour, now + hour]


def test_a_second_read_within_an_hour_writes_nothing(
    patient_client: ClinicClient, clinic: Clinic, clock: Any
) -> None:
    _revoke_path, feed_path = make_feed(patient_client)
    status(clinic, feed_path)

    queries = queries_of(lambda: status(clinic, feed_path))

    assert [sql.split()[0] for sql in queries] == ["SELECT"] * len(queries)


def test_the_list_needs_the_same_number_of_queries_for_one_and_three_feeds(
    patient_client: ClinicClient,
) -> None:
    patient_client.get(PATH)
    counts = []
    for added in (1, 2):
        for _ in range(added):
            make_feed(patient_client)
        counts.append(len(queries_of(lambda: patient_client.get(PATH))))

    assert counts[0] == counts[1]


def test_a_doctor_can_create_a_feed(doctor: Doctor, as_user: AsUser, clinic: Clinic) -> None:
    _revoke_path, feed_path = make_feed(as_user(doctor.user))

    assert status(clinic, feed_path) == 200
