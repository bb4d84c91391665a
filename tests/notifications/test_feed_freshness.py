"""Conditional requests for a feed by ETag and by date. A changed feed never gets 304."""

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
    """The token of the patient's feed."""
    assert patient.user is not None
    return create_feed(user=patient.user, name="My phone", now=now).token


@pytest.fixture
def fetch(clinic: Clinic, booking: Booking, token: str, clock: Any) -> Fetch:
    """Return a function that fetches the feed at a given time, with If-Modified-Since and If-None-Match."""

    def get(at: datetime, *, since: datetime | None = None, etag: str = "") -> Any:
        clock.move_to(at)
        headers = {"If-Modified-Since": http_date(since.timestamp())} if since else {}
        headers |= {"If-None-Match": etag} if etag else {}
        return ClinicClient(clinic).get(f"/api/appointments/feeds/{token}.ics", headers=headers)

    return get


def status_and_date(answer: Any) -> tuple[int, str | None]:
    """Return the status and Last-Modified of a response."""
    return answer.status_code, answer.headers.get("Last-Modified")


def test_an_unchanged_feed_gets_304(fetch: Fetch, now: datetime) -> None:
    first = fetch(now)
    with_its_etag = fetch(now + timedelta(days=1), etag=first["ETag"])
    with_another_etag = fetch(now, etag='"another"')

    assert (with_its_etag.status_code, with_its_etag.content, with_its_etag["ETag"]) == (
        304,
        b"",
        first["ETag"],
    )
    assert (with_another_etag.status_code, with_another_etag["ETag"], first["ETag"][:1]) == (
        200,
        first["ETag"],
        '"',
    )
    assert {response["Cache-Control"] for response in (first, with_its_etag, with_another_etag)} == {
        "no-store"
    }
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
def test_if_modified_since_is_compared_to_the_second(
    fetch: Fetch, now: datetime, seconds: int, code: int
) -> None:
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


def test_an_invalid_date_is_ignored(clinic: Clinic, token: str, clock: Any) -> None:
    path = f"/api/appointments/feeds/{token}.ics"

    answers = [
        ClinicClient(clinic).get(path, headers={"If-Modified-Since": date}).status_code
        for date in ("yesterday", "", "Mon, 99 Foo 2026 25:00:00 GMT")
    ]

    assert answers == [200, 200, 200]


def test_content_that_changed_twice_in_a_second_has_no_date_until_the_second_is_over(
    fetch: Fetch, booking: Booking, patient: Patient, now: datetime
) -> None:
    assert patient.user is not None
    fetch(now + timedelta(milliseconds=200))
    cancel_booking(booking=booking, by=patient.user, now=now + timedelta(milliseconds=500))

    during_the_second = fetch(now + timedelta(milliseconds=800), since=now)
    afterwards, with_its_date = fetch(now + SECOND, since=now), fetch(now + SECOND, since=now + SECOND)

    assert status_and_date(during_the_second) == (200, None)
    assert status_and_date(afterwards) == (200, http_date((now + SECOND).timestamp()))
    assert status_and_date(with_its_date) == (304, http_date((now + SECOND).timestamp()))


def pass_time(booking: Booking, now: datetime) -> None:
    """Do nothing. The booking leaves the feed once enough time has passed."""


def rename_doctor(booking: Booking, now: datetime) -> None:
    """Change a name, which changes no date."""
    Doctor.objects.filter(pk=booking.doctor_id).update(name="Another")


def remove_dependants(booking: Booking, now: datetime) -> None:
    """Remove the patient's dependants."""
    Care.objects.filter(carer=booking.patient).delete()


def add_dependant_with_an_old_booking(booking: Booking, now: datetime) -> None:
    """Add a dependant whose booking is older than everything in the feed."""
    other = make_patient()
    assert other.user is not None
    slot = make_slot(booking.doctor, now + timedelta(days=60))
    book_slot(slot_id=slot.pk, patient=other, by=other.user, now=now - timedelta(days=20))
    Care.objects.create(carer=booking.patient, dependant=other)


@pytest.mark.parametrize(
    ("change", "later"),
    [
        (pass_time, timedelta(days=120)),
        (rename_doctor, timedelta(minutes=1)),
        (remove_dependants, timedelta(minutes=1)),
        (add_dependant_with_an_old_booking, timedelta(minutes=1)),
    ],
)
def test_a_change_without_a_newer_date_is_detected(
    fetch: Fetch, booking: Booking, now: datetime, change: Any, later: timedelta
) -> None:
    patient, slot = booking.patient, make_slot(booking.doctor, now + timedelta(days=2))
    assert patient.user is not None
    book_slot(slot_id=slot.pk, patient=make_dependant(patient), by=patient.user, now=now)
    first = fetch(now)

    change(booking, now)

    # A program may send the time of its last fetch instead of the date that it received.
    assert first["Last-Modified"] == http_date(now.timestamp())
    assert fetch(now + later, since=now).status_code == 200
    assert fetch(now + later, since=now + later).status_code == 304


@pytest.mark.parametrize("guarded", [True, False])
def test_a_read_overtaken_by_a_later_one_gives_no_date(
    booking: Booking, token: str, now: datetime, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    real_content = feed_content

    def overtaken_content(*args: Any, **kwargs: Any) -> bytes:
        monkeypatch.setattr(feeds, "feed_content", real_content)
        content = real_content(*args, **kwargs)
        Doctor.objects.update(name="Another")
        read_feed(token=token, now=now + SECOND)
        return content

    monkeypatch.setattr(feeds, "feed_content", overtaken_content)
    if not guarded:
        # Write the row even if it has changed in the meantime.
        monkeypatch.setattr(QuerySet, "filter", _ignore_digest(QuerySet.filter))

    slow = read_feed(token=token, now=now)

    assert (slow.changed_at is None) is guarded
    latest = CalendarFeed.objects.get()
    assert (latest.content_digest == slow.digest) is not guarded


def _ignore_digest(filter_rows: Any) -> Any:
    def filter_without_digest(rows: Any, *args: Any, **kwargs: Any) -> Any:
        kwargs.pop("content_digest", None)
        return filter_rows(rows, *args, **kwargs)

    return filter_without_digest
