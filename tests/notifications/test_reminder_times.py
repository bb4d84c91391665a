"""When reminders are due: offsets, quiet hours, clock changes."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications.reminder_times import DueReminder, VisitStart, due_reminders
from scheduling.clock.quiet_hours import QuietHours

LONDON, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
DAY, HOUR = 24 * 60, 60


def visit(local: str, *, zone: ZoneInfo = LONDON, quiet: tuple[int, int] = (0, 0)) -> VisitStart:
    """Return a visit at a local time, with quiet hours from one hour to another in the same zone."""
    starts_at = datetime.fromisoformat(local).replace(tzinfo=zone).astimezone(UTC)
    return VisitStart(starts_at, zone, QuietHours(time(quiet[0]), time(quiet[1]), zone))


def local_times(visit: VisitStart, *offsets: int, booked: datetime = LONG_AGO) -> list[str]:
    """Return when the reminders are due, in local time, earliest first."""
    due = sorted(reminder.due_at for reminder in due_reminders(visit, offsets, earliest=booked))
    return [f"{instant.astimezone(visit.zone):%Y-%m-%d %H:%M}" for instant in due]


def test_each_reminder_is_due_its_offset_before_the_visit_and_useful_until_the_next() -> None:
    start = datetime(2027, 1, 12, 10, tzinfo=UTC)

    due = list(due_reminders(visit("2027-01-12 10:00"), [7 * DAY, DAY, 2 * HOUR], earliest=LONG_AGO))

    two_hours, a_day, a_week = (start - timedelta(hours=hours) for hours in (2, 24, 7 * 24))
    assert due == [
        DueReminder(2 * HOUR, two_hours, start),
        DueReminder(DAY, a_day, two_hours),
        DueReminder(7 * DAY, a_week, a_day),
    ]


@pytest.mark.parametrize(("minutes_before", "planned"), [(1441, 1), (1440, 0), (1439, 0)])
def test_a_visit_booked_after_the_offset_has_no_such_reminder(minutes_before: int, planned: int) -> None:
    tomorrow = visit("2027-01-12 10:00")
    booked = tomorrow.starts_at - timedelta(minutes=minutes_before)

    assert len(list(due_reminders(tomorrow, [DAY], earliest=booked))) == planned


@pytest.mark.parametrize(
    ("local", "due"),
    [
        ("2027-01-12 10:00", "2027-01-12 08:00"),
        ("2027-01-12 09:59", "2027-01-11 20:55"),
        ("2027-01-12 07:00", "2027-01-11 20:55"),
        ("2027-01-12 22:59", "2027-01-12 20:59"),
        ("2027-01-12 23:00", "2027-01-12 20:55"),
    ],
)
def test_a_reminder_in_quiet_hours_is_due_before_them(local: str, due: str) -> None:
    assert local_times(visit(local, quiet=(21, 8)), 2 * HOUR) == [due]


def test_a_reminder_in_quiet_hours_is_due_after_them_if_the_visit_was_booked_in_between() -> None:
    at_ten, at_half_past_seven = (visit(f"2027-01-12 {at}", quiet=(21, 8)) for at in ("09:30", "07:30"))
    booked = datetime(2027, 1, 11, 22, tzinfo=UTC)

    assert local_times(at_ten, 2 * HOUR, booked=booked) == ["2027-01-12 08:00"]
    assert local_times(at_half_past_seven, 2 * HOUR, booked=booked) == []


def test_reminders_that_quiet_hours_move_to_the_same_time_are_one() -> None:
    early = visit("2027-01-12 08:00", quiet=(21, 8))

    assert local_times(early, HOUR, 2 * HOUR, 3 * HOUR, DAY) == ["2027-01-11 08:00", "2027-01-11 20:55"]


@pytest.mark.parametrize(
    ("zone", "local", "days", "hours"),
    [
        # The day of each visit is the day after the clocks change, so the last 24 hours are not a local day.
        (LONDON, "2027-03-28 09:00", "2027-03-21 09:00", "2027-03-27 08:00"),
        (LONDON, "2027-10-31 09:00", "2027-10-24 09:00", "2027-10-30 10:00"),
        (NEW_YORK, "2027-03-14 09:00", "2027-03-07 09:00", "2027-03-13 08:00"),
        (NEW_YORK, "2027-11-07 09:00", "2027-10-31 09:00", "2027-11-06 10:00"),
        # Seven days before, this local time is skipped or repeated.
        (LONDON, "2027-04-04 01:30", "2027-03-28 02:30", "2027-04-03 01:30"),
        (LONDON, "2027-11-07 01:30", "2027-10-31 01:30", "2027-11-06 01:30"),
    ],
)
def test_days_keep_the_local_time_and_hours_are_exact_when_clocks_change(
    zone: ZoneInfo, local: str, days: str, hours: str
) -> None:
    assert local_times(visit(local, zone=zone), 7 * DAY, DAY) == [days, hours]


@pytest.mark.parametrize("night", ["2027-03-28", "2027-10-31"])
def test_quiet_hours_hold_in_the_night_in_which_clocks_change(night: str) -> None:
    at_half_past_nine = visit(f"{night} 09:30", quiet=(21, 8))
    evening_before = datetime.fromisoformat(night) - timedelta(days=1)

    assert local_times(at_half_past_nine, 2 * HOUR) == [f"{evening_before:%Y-%m-%d} 20:55"]
    booked = at_half_past_nine.starts_at - timedelta(hours=4)
    assert local_times(at_half_past_nine, 2 * HOUR, booked=booked) == [f"{night} 08:00"]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    minute=st.integers(0, 3 * 366 * DAY),
    offsets=st.lists(st.integers(5, 60 * DAY), max_size=5, unique=True),
    quiet=st.tuples(st.integers(0, 23), st.integers(0, 23)),
    notice=st.integers(0, 70 * DAY),
    zone=st.sampled_from([LONDON, NEW_YORK, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Asia/Kathmandu")]),
)
def test_reminders_are_in_order_after_booking_before_the_visit_and_outside_quiet_hours(
    minute: int, offsets: list[int], quiet: tuple[int, int], notice: int, zone: ZoneInfo
) -> None:
    starts_at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    hours = QuietHours(time(quiet[0]), time(quiet[1]), zone)
    booked = starts_at - timedelta(minutes=notice)

    due = list(due_reminders(VisitStart(starts_at, zone, hours), offsets, earliest=booked))

    assert [reminder.offset for reminder in due] == sorted(reminder.offset for reminder in due)
    assert all(booked < reminder.due_at < reminder.not_after <= starts_at for reminder in due)
    assert all(hours.period_around(reminder.due_at) is None for reminder in due)
    # Each is due when the one after it ends.
    assert [reminder.due_at for reminder in due[:-1]] == [reminder.not_after for reminder in due[1:]]
