"""Whether a feed has changed: by ETag, by date, and never wrongly "no"."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import QuerySet
from django.utils.http import http_date

from clinics.models import Care, Doctor, Patient
from notifications.feed_content import feed_content
from notifications.models import CalendarFeed
from notifications.services import feeds
from notifications.services.feeds import create_feed, read_feed
from scheduling.bookings.book import book_slot
from scheduling.bookings.cancel import cancel_booking
from scheduling.models import Booking
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import make_dependant, make_patient
from tests.factories.schedule import make_slot

SECOND = timedelta(seconds=1)
Fetch = Callable[..., Any]


@pytest.fixture
def token(patient: Patient, now: datetime) -> str:
    """That of the patient's feed."""
    assert patient.user is not None
    return create_feed(user=patient.user, name="My phone", now=now).token


@pytest.fixture
def fetch(clinic: Clinic, booking: Booking, token: str, clock: Any) -> Fetch:
    """Fetches the feed at some time, where the program has what it was given at another (`since`)."""

    def get(at: datetime, *, since: datetime | None = None, etag: str = "") -> Any:
        clock.move_to(at)
        headers = {"If-Modified-Since": http_date(since.timestamp())} if since else {}
        headers |= {"If-None-Match": etag} if etag else {}
        return ClinicClient(clinic).get(f"/api/appointments/feeds/{token}.ics", headers=headers)

    return get


def said(answer: Any) -> tuple[int, str | None]:
    """Status and Last-Modified."""
    return answer.status_code, answer.headers.get("Last-Modified")


def test_an_unchanged_feed_costs_a_304(fetch: Fetch, now: datetime) -> None:
    first = fetch(now)
    same = fetch(now + timedelta(days=1), etag=first["ETag"])
    other = fetch(now, etag='"another"')

    assert (same.status_code, same.content, same["ETag"]) == (304, b"", first["ETag"])
    assert (other.status_code, other["ETag"], first["ETag"][:1]) == (200, first["ETag"], '"')
    assert {each["Cache-Control"] for each in (first, same, other)} == {"private, no-cache"}
    assert first["Referrer-Policy"] == "no-referrer"


def test_a_changed_feed_has_another_etag(
    fetch: Fetch, booking: Booking, patient: Patient, now: datetime
) -> None:
    assert patient.user is not None
    etag = fetch(now)["ETag"]

    cancel_booking(booking=booking, by=patient.user, now=now)

    changed = fetch(now, etag=etag)
    assert (changed.status_code, changed["ETag"] == etag) == (200, False)


@pytest.mark.parametrize(("seconds", "code"), [(-1, 200), (0, 304), (1, 304)])
def test_a_date_is_compared_to_the_second(fetch: Fetch, now: datetime, seconds: int, code: int) -> None:
    first = fetch(now + timedelta(milliseconds=300))

    again = fetch(now + timedelta(hours=1), since=now + timedelta(seconds=seconds))

    assert first["Last-Modified"] == again["Last-Modified"] == http_date(now.timestamp())
    assert again.status_code == code


def test_the_etag_wins_over_the_date(fetch: Fetch, now: datetime) -> None:
    etag = fetch(now)["ETag"]

    codes = [
        fetch(now, since=now, etag='"another"').status_code,
        fetch(now, since=now - timedelta(days=1), etag=etag).status_code,
    ]

    assert codes == [200, 304]


def test_a_date_that_is_none_is_not_heeded(clinic: Clinic, token: str, clock: Any) -> None:
    path = f"/api/appointments/feeds/{token}.ics"

    answers = [
        ClinicClient(clinic).get(path, headers={"If-Modified-Since": date}).status_code
        for date in ("yesterday", "", "Mon, 99 Foo 2026 25:00:00 GMT")
    ]

    assert answers == [200, 200, 200]


def test_of_two_contents_within_a_second_the_later_has_a_date_only_when_the_second_is_over(
    fetch: Fetch, booking: Booking, patient: Patient, now: datetime
) -> None:
    assert patient.user is not None
    fetch(now + timedelta(milliseconds=200))
    cancel_booking(booking=booking, by=patient.user, now=now + timedelta(milliseconds=500))

    within = fetch(now + timedelta(milliseconds=800), since=now)
    after, with_it = fetch(now + SECOND, since=now), fetch(now + SECOND, since=now + SECOND)

    assert said(within) == (200, None)
    assert said(after) == (200, http_date((now + SECOND).timestamp()))
    assert said(with_it) == (304, http_date((now + SECOND).timestamp()))


def grow_old(booking: Booking, now: datetime) -> None:
    """Nothing is done: time alone takes the booking out of the feed."""


def rename_doctor(booking: Booking, now: datetime) -> None:
    """A name that no date goes with."""
    Doctor.objects.filter(pk=booking.doctor_id).update(name="Another")


def lose_child(booking: Booking, now: datetime) -> None:
    """Somebody is cared for no longer."""
    Care.objects.filter(carer=booking.patient).delete()


def care_for_one_who_has_long_booked(booking: Booking, now: datetime) -> None:
    """Somebody is cared for whose booking is older than all that was in the feed."""
    other = make_patient()
    assert other.user is not None
    slot = make_slot(booking.doctor, now + timedelta(days=60))
    book_slot(slot_id=slot.pk, patient=other, by=other.user, now=now - timedelta(days=20))
    Care.objects.create(carer=booking.patient, dependant=other)


@pytest.mark.parametrize(
    ("change", "later"),
    [
        (grow_old, timedelta(days=120)),
        (rename_doctor, timedelta(minutes=1)),
        (lose_child, timedelta(minutes=1)),
        (care_for_one_who_has_long_booked, timedelta(minutes=1)),
    ],
)
def test_what_leaves_no_later_date_behind_is_a_change_all_the_same(
    fetch: Fetch, booking: Booking, now: datetime, change: Any, later: timedelta
) -> None:
    patient, slot = booking.patient, make_slot(booking.doctor, now + timedelta(days=2))
    assert patient.user is not None
    book_slot(slot_id=slot.pk, patient=make_dependant(patient), by=patient.user, now=now)
    first = fetch(now)

    change(booking, now)

    # A program may send when it fetched, too, rather than the date that it was given.
    assert first["Last-Modified"] == http_date(now.timestamp())
    assert fetch(now + later, since=now).status_code == 200
    assert fetch(now + later, since=now + later).status_code == 304


@pytest.mark.parametrize("guarded", [True, False])
def test_who_was_overtaken_while_reading_gives_no_date(
    booking: Booking, token: str, now: datetime, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    slow_content = feed_content

    def overtaken(*given: Any, **named: Any) -> bytes:
        monkeypatch.setattr(feeds, "feed_content", slow_content)
        content = slow_content(*given, **named)
        Doctor.objects.update(name="Another")
        read_feed(token=token, now=now + SECOND)
        return content

    monkeypatch.setattr(feeds, "feed_content", overtaken)
    if not guarded:
        # As if the row were written whatever is in it by now.
        monkeypatch.setattr(QuerySet, "filter", _whatever_its_digest(QuerySet.filter))

    slow = read_feed(token=token, now=now)

    assert (slow.changed_at is None) is guarded
    latest = CalendarFeed.objects.get()
    assert (latest.content_digest == slow.digest) is not guarded


def _whatever_its_digest(found: Any) -> Any:
    def without(rows: Any, *asked: Any, **named: Any) -> Any:
        named.pop("content_digest", None)
        return found(rows, *asked, **named)

    return without
