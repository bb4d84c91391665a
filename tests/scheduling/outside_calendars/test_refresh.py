"""Reading a calendar again: what is stored, what a failure leaves as it was, and what hostile feeds cost."""

import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from time import monotonic, sleep
from typing import Any

import pytest

from clinics.models import ClinicSettings, Doctor
from scheduling.models import BusyPeriod, OutsideCalendar
from scheduling.outside_calendars.refresh import (
    INTERVAL,
    forget_lost_addresses_after_restore,
    plan_overdue,
    refresh_calendars,
    refresh_if_due,
)
from scheduling.tasks import read_outside_calendar
from tenants.base.errors import InvalidInput
from tenants.current import enter_clinic
from tenants.models import Clinic
from tenants.queue.jobs import Lane
from tests.factories.calendar_server import CalendarServer, caldav_answer, calendar, event
from tests.factories.fake_network import NameServer
from tests.factories.http_server import HOST
from tests.factories.queue import queued_jobs
from tests.scheduling.outside_calendars.conftest import AddCalendar

NINE = event("20260303T090000Z", "20260303T100000Z")
TEN = event("20260303T100000Z", "20260303T110000Z")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def busy() -> list[str]:
    """The start of each stored period."""
    return [f"{start:%m-%d %H:%M}" for start in BusyPeriod.objects.values_list("starts_at", flat=True)]


def refresh(now: datetime) -> OutsideCalendar:
    """Read the calendar at that time, and return it as it is stored then."""
    found = OutsideCalendar.objects.select_related("doctor").get()
    refresh_calendars([found], not_since=now - MINUTE, now=now)
    return OutsideCalendar.objects.get()


def test_only_busy_periods_are_stored_and_the_address_is_encrypted(add: AddCalendar, now: datetime) -> None:
    added = add(NINE)

    row = OutsideCalendar.objects.filter(pk=added.pk).values().get()
    assert "secret" not in str(row)
    assert (row["host"], row["kind"], row["read_at"]) == (HOST, "ics", now)
    assert list(BusyPeriod.objects.values_list("doctor", "starts_at", "ends_at")) == [
        (added.doctor_id, datetime(2026, 3, 3, 9, tzinfo=UTC), datetime(2026, 3, 3, 10, tzinfo=UTC))
    ]


def test_a_later_reading_replaces_the_periods(
    add: AddCalendar, provider: CalendarServer, now: datetime
) -> None:
    add(NINE)
    provider.body = calendar(TEN)

    stored = refresh(now + HOUR)

    assert busy() == ["03-03 10:00"]
    assert (stored.read_at, stored.problem, stored.next_read_at) == (now + HOUR, "", now + HOUR + INTERVAL)


def test_an_unchanged_calendar_is_neither_sent_nor_parsed_again_but_once_a_day(
    add: AddCalendar, provider: CalendarServer, now: datetime
) -> None:
    provider.headers["ETag"] = '"one"'
    add(NINE)

    assert refresh(now + HOUR).read_at == now + HOUR
    refresh(now + DAY)

    sent = [headers.get("if-none-match") for _request, headers in provider.requests]
    assert (sent, busy()) == ([None, '"one"', None], ["03-03 09:00"])


def trickle(handler: BaseHTTPRequestHandler) -> None:
    """Send a byte of the body at a time."""
    handler.send_response(200)
    handler.end_headers()
    for byte in calendar(NINE) * 100:
        sleep(0.05)
        handler.wfile.write(bytes([byte]))


def endless(handler: BaseHTTPRequestHandler) -> None:
    """Send a body that never ends."""
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"BEGIN:VCALENDAR\r\n" * 4096)


def slow_headers(handler: BaseHTTPRequestHandler) -> None:
    """Send a header without an end."""
    while True:
        sleep(0.05)
        handler.wfile.write(b"x")


def answer(body: bytes, status: int = 200, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """Return a function that sends this answer."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return send


_LONG_RULE = event("20260101T000000Z", "20260101T000100Z", "RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30")
_MANY = [event("20260302T000000Z", "20260302T000100Z", "RRULE:FREQ=MINUTELY", uid=str(n)) for n in range(20)]
REFUSED: dict[str, tuple[Callable[[BaseHTTPRequestHandler], None], str]] = {
    "an endless body": (endless, "too_large"),
    "a gzip bomb": (answer(gzip.compress(bytes(10**7)), Content_Encoding="gzip"), "not_reached"),
    "a redirect inwards": (answer(b"", 302, Location="https://inside.example/"), "not_allowed"),
    "a redirect to http": (answer(b"", 302, Location=f"http://{HOST}/"), "not_allowed"),
    "a cut body": (answer(calendar(NINE), Content_Length="100000"), "not_reached"),
    "a web page": (answer(b"<html>Sign in</html>"), "no_calendar"),
    "garbage": (answer(bytes(range(256)) * 1000), "no_calendar"),
    "nothing": (answer(b""), "no_calendar"),
    "an error": (answer(b"", 503), "not_reached"),
    "no access": (answer(b"", 401), "refused"),
    "gone": (answer(b"", 410), "not_found"),
    "a million repetitions": (answer(calendar(*_MANY)), "too_large"),
}
# On a busy machine the deadline may pass before the body is read, or before the process that reads it starts.
COSTLY: dict[str, tuple[Callable[[BaseHTTPRequestHandler], None], set[str]]] = {
    "a byte at a time": (trickle, {"not_reached"}),
    "endless headers": (slow_headers, {"not_reached"}),
    "an endless body": (endless, {"too_large", "not_reached"}),
    "a gzip bomb": (REFUSED["a gzip bomb"][0], {"not_reached"}),
    "a rule without an end": (answer(calendar(_LONG_RULE)), {"too_large", "not_reached"}),
    "a million repetitions": (answer(calendar(*_MANY)), {"too_large", "not_reached"}),
}
"""Feeds that would take long without the deadline, or without a limit that is reached before it."""


@pytest.mark.parametrize("feed", REFUSED)
def test_a_hostile_feed_is_refused_for_its_own_reason_and_opens_no_time(
    add: AddCalendar, provider: CalendarServer, names: NameServer, now: datetime, feed: str
) -> None:
    """The deadline of the tests is so late that it cannot be the reason."""
    respond, problem = REFUSED[feed]
    names.records["inside.example", "A"] = ["169.254.169.254"]
    add(NINE)
    provider.respond = respond

    stored = refresh(now + HOUR)

    assert (stored.problem, stored.failures, stored.failing_since) == (problem, 1, now + HOUR)
    assert (busy(), stored.read_at) == (["03-03 09:00"], now)


@pytest.mark.parametrize("feed", COSTLY)
def test_a_costly_feed_takes_a_second_and_opens_no_time(
    add: AddCalendar, provider: CalendarServer, settings: Any, now: datetime, feed: str
) -> None:
    respond, problems = COSTLY[feed]
    add(NINE)
    settings.OUTSIDE_CALENDAR_SECONDS = 1.0
    provider.respond = respond

    began = monotonic()
    stored = refresh(now + HOUR)
    took = monotonic() - began

    assert took < 1.5, "the deadline of one second, and what a busy machine adds"
    assert stored.problem in problems
    assert (busy(), stored.read_at, stored.failures) == (["03-03 09:00"], now, 1)


def test_an_address_that_has_become_private_is_not_read(
    add: AddCalendar, provider: CalendarServer, names: NameServer, settings: Any, now: datetime
) -> None:
    add(NINE)
    names.records[HOST, "A"] = ["10.0.0.1"]

    stored = refresh(now + HOUR)

    assert (stored.problem, busy(), len(provider.requests)) == ("not_allowed", ["03-03 09:00"], 1)


def test_a_host_that_has_no_address_is_not_reached(
    add: AddCalendar, names: NameServer, now: datetime
) -> None:
    add(NINE)
    names.records.clear()

    assert (refresh(now + HOUR).problem, busy()) == ("not_reached", ["03-03 09:00"])


def test_attempts_at_a_dead_feed_get_rarer_and_the_doctor_is_emailed_after_a_day(
    add: AddCalendar, provider: CalendarServer, now: datetime
) -> None:
    add(NINE)
    provider.status = 500
    waits, at = [], now + HOUR
    for _attempt in range(8):
        stored = refresh(at)
        assert stored.next_read_at is not None
        waits.append(stored.next_read_at - at)
        at = stored.next_read_at

    assert waits[:5] == [INTERVAL, 2 * INTERVAL, 4 * INTERVAL, 8 * INTERVAL, 16 * INTERVAL]
    assert waits[5:] == [6 * HOUR, 6 * HOUR, 6 * HOUR]
    notified = refresh(now + HOUR + DAY)
    refresh(now + 2 * DAY)
    assert notified.doctor_notified_at == now + HOUR + DAY
    assert len(queued_jobs(kind="outside_calendar_failing")) == 1

    provider.status = 200
    assert refresh(now + 3 * DAY).failing_since is None


def test_the_queue_reads_a_calendar_when_it_is_due_in_a_lane_of_its_own(
    add: AddCalendar, provider: CalendarServer, now: datetime
) -> None:
    added = add(NINE)
    (job,) = queued_jobs(kind="outside_calendar")
    assert (job.lane, job.due_at, job.row_id) == (Lane.FEEDS, now + INTERVAL, added.pk)

    # A job of an earlier plan: a booking has read the calendar meanwhile.
    read_outside_calendar(added.pk, now + 5 * MINUTE)
    assert len(provider.requests) == 1
    read_outside_calendar(added.pk, now + INTERVAL)
    assert len(provider.requests) == 2
    assert [job.due_at for job in queued_jobs(kind="outside_calendar")] == [
        now + INTERVAL,
        now + 2 * INTERVAL,
    ]

    Doctor.objects.update(is_active=False)
    refresh_if_due(OutsideCalendar.objects.select_related("doctor").get(), now=now + HOUR)
    assert len(provider.requests) == 2
    assert OutsideCalendar.objects.get().next_read_at == now + HOUR + DAY
    added.delete()
    read_outside_calendar(added.pk, now + 3 * DAY)


def test_the_night_plans_calendars_whose_jobs_were_lost(add: AddCalendar, now: datetime) -> None:
    add(NINE)

    plan_overdue(now=now + INTERVAL)
    assert len(queued_jobs(kind="outside_calendar")) == 1
    plan_overdue(now=now + DAY)
    assert len(queued_jobs(kind="outside_calendar")) == 2


def test_a_reading_that_began_earlier_does_not_replace_a_later_one(
    add: AddCalendar, provider: CalendarServer, now: datetime
) -> None:
    add(NINE)
    provider.body = calendar(TEN)
    refresh(now + HOUR)
    OutsideCalendar.objects.update(attempted_at=now)
    provider.body = calendar(NINE)

    refresh(now + 30 * MINUTE)

    assert busy() == ["03-03 10:00"]


def test_a_caldav_calendar_is_queried_with_its_password_and_no_redirect_gets_it(
    add: AddCalendar, provider: CalendarServer, now: datetime
) -> None:
    provider.status = 207
    bodies = [calendar(NINE), calendar(TEN)]
    provider.respond = answer(caldav_answer(*bodies), 207)
    add(user_name="doc", password="app-pass")

    request, headers = provider.requests[0]
    assert (request[:6], headers["depth"], headers["authorization"]) == (
        "REPORT",
        "1",
        "Basic ZG9jOmFwcC1wYXNz",
    )
    # Two events that touch.
    assert busy() == ["03-03 09:00"]

    provider.respond = answer(b"", 302, Location=f"https://{HOST}/elsewhere")
    assert refresh(now + HOUR).problem == "no_calendar"
    assert len(provider.requests) == 2


def test_after_a_restore_elsewhere_the_busy_times_stay_and_the_address_is_entered_again(
    add: AddCalendar, provider: CalendarServer, settings: Any, now: datetime
) -> None:
    add(NINE)
    settings.SECRET_KEY = "another installation's key" * 2

    stored = refresh(now + HOUR)

    assert (stored.problem, busy(), len(provider.requests)) == ("enter_again", ["03-03 09:00"], 1)


def test_a_restored_clinic_reads_a_calendar_whose_address_it_can_decrypt(
    add: AddCalendar, provider: CalendarServer, now: datetime
) -> None:
    """Restored on the same installation, with the same id."""
    added = add(NINE)

    forget_lost_addresses_after_restore(now=now)
    plan_overdue(now=now + HOUR)
    read_outside_calendar(added.pk, now + HOUR)

    assert OutsideCalendar.objects.get().problem == ""
    assert len(provider.requests) == 2


def test_a_lost_address_is_entered_again_and_the_busy_times_never_open(
    add: AddCalendar, provider: CalendarServer, settings: Any, now: datetime
) -> None:
    added = add(NINE)
    settings.SECRET_KEY = "another installation's key" * 2

    forget_lost_addresses_after_restore(now=now)
    plan_overdue(now=now + HOUR)
    read_outside_calendar(added.pk, now + HOUR)

    stored = OutsideCalendar.objects.get()
    assert (stored.problem, stored.stored_address, busy()) == ("enter_again", "", ["03-03 09:00"])
    assert len(provider.requests) == 1
    OutsideCalendar.objects.update(doctor_notified_at=now)
    entered = add(NINE, TEN)
    assert (entered.pk, entered.problem, entered.failing_since) == (added.pk, "", None)
    assert entered.doctor_notified_at is None
    assert busy() == ["03-03 09:00"]
    with pytest.raises(InvalidInput):
        add(NINE)


def test_another_clinic_sees_nothing_of_it_and_a_removed_doctor_leaves_nothing(
    add: AddCalendar, doctor: Doctor, other_clinic: Clinic
) -> None:
    add(NINE)
    with enter_clinic(other_clinic):
        assert (OutsideCalendar.objects.count(), BusyPeriod.objects.count()) == (0, 0)

    doctor.delete()

    assert (OutsideCalendar.objects.count(), BusyPeriod.objects.count()) == (0, 0)


def test_busy_times_reach_beyond_the_last_bookable_day(
    add: AddCalendar, provider: CalendarServer, now: datetime
) -> None:
    ClinicSettings.objects.update(horizon_days=30)
    add(event("20260302T090000Z", "20260302T100000Z", "RRULE:FREQ=DAILY"))

    last = BusyPeriod.objects.latest("starts_at").starts_at
    assert last == datetime(2026, 5, 30, 8, tzinfo=UTC) + HOUR
