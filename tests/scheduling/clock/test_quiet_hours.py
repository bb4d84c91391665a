"""Quiet hours, and durations that do not count them: edges, midnight and both clock changes."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from scheduling.clock.quiet_hours import QuietHours

LONDON = ZoneInfo("Europe/London")
NIGHT = QuietHours(time(21), time(8), LONDON)


def at(text: str) -> datetime:
    """Parse a time like `2026-03-02 21:00` in London, or in UTC if it ends in `Z`."""
    if text.endswith("Z"):
        return datetime.fromisoformat(text)
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


@pytest.mark.parametrize(
    ("instant", "earliest"),
    [
        ("2026-03-02 20:59:59", "2026-03-02 20:59:59"),
        ("2026-03-02 21:00", "2026-03-03 08:00"),
        ("2026-03-02 21:00:01", "2026-03-03 08:00"),
        ("2026-03-03 00:00", "2026-03-03 08:00"),
        ("2026-03-03 07:59:59", "2026-03-03 08:00"),
        ("2026-03-03 08:00", "2026-03-03 08:00"),
    ],
)
def test_quiet_hours_include_their_start_and_exclude_their_end(instant: str, earliest: str) -> None:
    assert NIGHT.earliest_contact(at(instant)) == at(earliest)


@pytest.mark.parametrize(
    ("instant", "earliest"),
    [
        ("2026-03-02 12:59", "2026-03-02 12:59"),
        ("2026-03-02 13:00", "2026-03-02 15:00"),
        ("2026-03-02 15:00", "2026-03-02 15:00"),
    ],
)
def test_quiet_hours_may_be_within_a_day(instant: str, earliest: str) -> None:
    assert QuietHours(time(13), time(15), LONDON).earliest_contact(at(instant)) == at(earliest)


@pytest.mark.parametrize("local_time", [time(0), time(8), time(21)])
def test_no_hour_is_quiet_if_quiet_hours_begin_and_end_at_the_same_time(local_time: time) -> None:
    never = QuietHours(local_time, local_time, LONDON)

    assert never.earliest_contact(at("2026-03-02 03:00")) == at("2026-03-02 03:00")
    assert never.add_duration(at("2026-03-02 20:00"), timedelta(days=2)) == at("2026-03-04 20:00")


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-03-02 12:00", 120, "2026-03-02 14:00"),
        ("2026-03-02 20:30", 120, "2026-03-03 09:30"),
        # It may end exactly when the quiet hours begin.
        ("2026-03-02 20:30", 30, "2026-03-02 21:00"),
        ("2026-03-02 20:30", 31, "2026-03-03 08:01"),
        ("2026-03-02 21:00", 10, "2026-03-03 08:10"),
        ("2026-03-03 02:00", 10, "2026-03-03 08:10"),
        ("2026-03-03 08:00", 10, "2026-03-03 08:10"),
        # Nine hours of the first day count, and thirteen of each of the next three.
        ("2026-03-02 12:00", 2 * 24 * 60, "2026-03-05 21:00"),
    ],
)
def test_a_duration_does_not_count_quiet_hours(start: str, minutes: int, end: str) -> None:
    assert NIGHT.add_duration(at(start), timedelta(minutes=minutes)) == at(end)


def end_by_the_minute(start: datetime, minutes: int, *, quiet_hours: QuietHours = NIGHT) -> datetime:
    """Count minute by minute, as a reference. Wrong if quiet hours begin or end during a clock change."""
    instant, remaining = start, minutes
    while remaining:
        local = instant.astimezone(quiet_hours.zone).time()
        is_overnight = quiet_hours.begins > quiet_hours.ends
        is_quiet = (
            local >= quiet_hours.begins or local < quiet_hours.ends
            if is_overnight
            else quiet_hours.begins <= local < quiet_hours.ends
        )
        remaining -= not is_quiet
        instant += timedelta(minutes=1)
    return instant


@pytest.mark.parametrize("day", ["2026-03-28", "2026-10-24"], ids=["forward", "back"])
@pytest.mark.parametrize("minutes", [1, 29, 30, 31, 90, 120, 1000, 2880])
@pytest.mark.parametrize("clock", ["12:00", "20:30", "20:59"])
def test_quiet_hours_are_an_hour_shorter_or_longer_when_the_clock_changes(
    day: str, minutes: int, clock: str
) -> None:
    start = at(f"{day} {clock}")

    assert NIGHT.add_duration(start, timedelta(minutes=minutes)) == end_by_the_minute(start, minutes)


def test_quiet_hours_begin_at_the_first_and_end_at_the_second_of_two_repeated_times() -> None:
    early = QuietHours(time(21), time(1, 30), LONDON)
    late = QuietHours(time(1, 30), time(8), LONDON)

    # London shows 01:30 at 00:30 and at 01:30 UTC.
    assert early.earliest_contact(at("2026-10-25T00:45:00Z")) == at("2026-10-25T01:30:00Z")
    assert late.earliest_contact(at("2026-10-25T00:30:00Z")) == at("2026-10-25T08:00:00Z")
    assert late.earliest_contact(at("2026-10-25T00:29:59Z")) == at("2026-10-25T00:29:59Z")


def test_quiet_hours_that_begin_or_end_at_a_skipped_time_do_so_at_the_clock_change() -> None:
    early = QuietHours(time(21), time(1, 30), LONDON)
    late = QuietHours(time(1, 30), time(8), LONDON)

    # At 01:00 UTC London goes from 01:00 to 02:00.
    assert early.earliest_contact(at("2026-03-29T00:59:59Z")) == at("2026-03-29T01:00:00Z")
    assert late.earliest_contact(at("2026-03-29T00:59:59Z")) == at("2026-03-29T00:59:59Z")
    assert late.earliest_contact(at("2026-03-29T01:00:00Z")) == at("2026-03-29 08:00")


def test_quiet_hours_that_end_within_a_skipped_midnight_hour_end_at_the_clock_change() -> None:
    # Havana goes from 00:00 to 01:00 on 8 March 2026, at 05:00 UTC.
    havana = QuietHours(time(22), time(0, 30), ZoneInfo("America/Havana"))

    assert havana.earliest_contact(at("2026-03-08T04:59:59Z")) == at("2026-03-08T05:00:00Z")
    assert havana.earliest_contact(at("2026-03-08T05:00:00Z")) == at("2026-03-08T05:00:00Z")


def test_a_skipped_date_has_no_quiet_hours_of_its_own() -> None:
    # Apia had no 30 December 2011: at 10:00 UTC on the 30th it went from the end of the 29th to the 31st.
    apia = QuietHours(time(21), time(8), ZoneInfo("Pacific/Apia"))

    assert apia.earliest_contact(at("2011-12-30T09:00:00Z")) == at("2011-12-30T18:00:00Z")
    assert apia.earliest_contact(at("2011-12-30T12:00:00Z")) == at("2011-12-30T18:00:00Z")


@pytest.mark.parametrize("minutes", [0, 10, 120, 2880])
@pytest.mark.parametrize("quiet_hours", [NIGHT, QuietHours(time(1, 30), time(1), LONDON)])
def test_a_duration_that_begins_later_never_ends_earlier(minutes: int, quiet_hours: QuietHours) -> None:
    starts = [at("2026-10-23 12:00") + timedelta(minutes=15) * n for n in range(300)]

    ends = [quiet_hours.add_duration(start, timedelta(minutes=minutes)) for start in starts]

    assert [pair for pair in pairwise(ends) if pair[0] > pair[1]] == []
    assert all(start + timedelta(minutes=minutes) <= end for start, end in zip(starts, ends, strict=True))
