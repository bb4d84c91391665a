"""Two processes need the same stale calendar at the same moment: one reads it, and both use the result."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from time import sleep

import pytest

from clinics.models import Doctor
from scheduling.models import BusyPeriod, OutsideCalendar
from scheduling.outside_calendars import refresh
from scheduling.outside_calendars.before_booking import read_before_booking
from scheduling.outside_calendars.services import add_calendar
from scheduling.outside_calendars.sources import checked_source
from tenants.models import Clinic
from tests.factories.calendar_server import ADDRESS, CalendarServer, calendar, event
from tests.factories.people import make_doctor, user_of
from tests.factories.threads import run_concurrently

NINE = event("20260303T090000Z", "20260303T100000Z")


def answer_slowly(handler: BaseHTTPRequestHandler) -> None:
    """Send the calendar so late that the other process has begun too."""
    sleep(0.5)
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(calendar(NINE))


@pytest.fixture
def stale(committed_clinic: Clinic, provider: CalendarServer, now: datetime) -> Doctor:
    """A doctor with an empty calendar, read an hour ago, that has become busy since."""
    doctor = make_doctor()
    provider.body = calendar()
    source = checked_source(address=ADDRESS)
    add_calendar(doctor=doctor, name="Family", source=source, by=user_of(doctor), now=now)
    before = now - timedelta(hours=1)
    OutsideCalendar.objects.update(read_at=before, attempted_at=before, attempt_ended_at=before)
    provider.requests.clear()
    provider.respond = answer_slowly
    return doctor


def read_twice(clinic: Clinic, doctor: Doctor, *, now: datetime) -> list[object]:
    """Read before two bookings at the same moment. Return the busy starts that each one sees afterwards."""

    def reading() -> Callable[[], object]:
        def run() -> object:
            read_before_booking(doctors=[doctor.pk], now=now)
            return list(BusyPeriod.objects.values_list("starts_at", flat=True))

        return run

    return run_concurrently(clinic, reading(), reading())


def test_two_bookings_at_once_read_a_stale_calendar_once_and_both_see_it(
    committed_clinic: Clinic, provider: CalendarServer, stale: Doctor, now: datetime
) -> None:
    seen = read_twice(committed_clinic, stale, now=now)

    assert seen == [[datetime(2026, 3, 3, 9, tzinfo=UTC)]] * 2
    assert len(provider.requests) == 1


def test_without_the_claim_both_would_read_it(
    committed_clinic: Clinic,
    provider: CalendarServer,
    stale: Doctor,
    monkeypatch: pytest.MonkeyPatch,
    now: datetime,
) -> None:
    monkeypatch.setattr(refresh, "_claim", lambda *_calendar, **_times: True)

    read_twice(committed_clinic, stale, now=now)

    assert len(provider.requests) == 2
