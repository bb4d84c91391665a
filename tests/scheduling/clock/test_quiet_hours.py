"""When nobody is disturbed, and until when an offer lasts: edges, midnight, both clock changes."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from scheduling.clock.quiet_hours import QuietHours

LONDON = ZoneInfo("Europe/London")
NIGHT = QuietHours(time(21), time(8), LONDON)


def at(text: str) -> datetime:
    """An instant on London's wall, `2026-03-02 21:00`; `Z` behind it: in UTC."""
    if text.endswith("Z"):
        return datetime.fromisoformat(text)
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


@pytest.mark.parametrize(
    ("instant", "awake"),
    [
        ("2026-03-02 20:59:59", "2026-03-02 20:59:59"),
        ("2026-03-02 21:00", "2026-03-03 08:00"),
        ("2026-03-02 21:00:01", "2026-03-03 08:00"),
        ("2026-03-03 00:00", "2026-03-03 08:00"),
        ("2026-03-03 07:59:59", "2026-03-03 08:00"),
        ("2026-03-03 08:00", "2026-03-03 08:00"),
    ],
)
def test_a_night_lasts_from_its_first_second_until_its_end(instant: str, awake: str) -> None:
    assert NIGHT.earliest_contact(at(instant)) == at(awake)


@pytest.mark.parametrize(
    ("instant", "awake"),
    [
        ("2026-03-02 12:59", "2026-03-02 12:59"),
        ("2026-03-02 13:00", "2026-03-02 15:00"),
        ("2026-03-02 15:00", "2026-03-02 15:00"),
    ],
)
def test_quiet_hours_may_lie_within_a_day(instant: str, awake: str) -> None:
    assert QuietHours(time(13), time(15), LONDON).earliest_contact(at(instant)) == at(awake)


@pytest.mark.parametrize("wall", [time(0), time(8), time(21)])
def test_where_both_times_are_the_same_no_hour_is_quiet(wall: time) -> None:
    never = QuietHours(wall, wall, LONDON)

    assert never.earliest_contact(at("2026-03-02 03:00")) == at("2026-03-02 03:00")
    assert never.add_duration(at("2026-03-02 20:00"), timedelta(days=2)) == at("2026-03-04 20:00")


@pytest.mark.parametrize(
    ("begun", "minutes", "ended"),
    [
        ("2026-03-02 12:00", 120, "2026-03-02 14:00"),
        ("2026-03-02 20:30", 120, "2026-03-03 09:30"),
        # It may end at the very moment at which the night begins.
        ("2026-03-02 20:30", 30, "2026-03-02 21:00"),
        ("2026-03-02 20:30", 31, "2026-03-03 08:01"),
        ("2026-03-02 21:00", 10, "2026-03-03 08:10"),
        ("2026-03-03 02:00", 10, "2026-03-03 08:10"),
        ("2026-03-03 08:00", 10, "2026-03-03 08:10"),
        # Nine hours of the first day count, and thirteen of each of the next three.
        ("2026-03-02 12:00", 2 * 24 * 60, "2026-03-05 21:00"),
    ],
)
def test_what_lasts_does_not_run_at_night(begun: str, minutes: int, ended: str) -> None:
    assert NIGHT.add_duration(at(begun), timedelta(minutes=minutes)) == at(ended)


def naive_end(begun: datetime, minutes: int, *, night: QuietHours = NIGHT) -> datetime:
    """Minute by minute, by what the wall shows. Right wherever no clock changes in a quiet hour's edge."""
    instant, left = begun, minutes
    while left:
        wall = instant.astimezone(night.zone).time()
        overnight = night.begins > night.ends
        quiet = wall >= night.begins or wall < night.ends if overnight else night.begins <= wall < night.ends
        left -= not quiet
        instant += timedelta(minutes=1)
    return instant


@pytest.mark.parametrize("day", ["2026-03-28", "2026-10-24"], ids=["forward", "back"])
@pytest.mark.parametrize("minutes", [1, 29, 30, 31, 90, 120, 1000, 2880])
@pytest.mark.parametrize("clock", ["12:00", "20:30", "20:59"])
def test_a_night_in_which_the_clock_changes_is_an_hour_shorter_or_longer(
    day: str, minutes: int, clock: str
) -> None:
    begun = at(f"{day} {clock}")

    assert NIGHT.add_duration(begun, timedelta(minutes=minutes)) == naive_end(begun, minutes)


def test_nobody_is_woken_because_an_hour_comes_again() -> None:
    early = QuietHours(time(21), time(1, 30), LONDON)
    late = QuietHours(time(1, 30), time(8), LONDON)

    # London shows 01:30 at 00:30 and at 01:30 UTC.
    assert early.earliest_contact(at("2026-10-25T00:45:00Z")) == at("2026-10-25T01:30:00Z")
    assert late.earliest_contact(at("2026-10-25T00:30:00Z")) == at("2026-10-25T08:00:00Z")
    assert late.earliest_contact(at("2026-10-25T00:29:59Z")) == at("2026-10-25T00:29:59Z")


def test_an_hour_that_is_skipped_is_the_moment_of_the_change() -> None:
    early = QuietHours(time(21), time(1, 30), LONDON)
    late = QuietHours(time(1, 30), time(8), LONDON)

    # At 01:00 UTC London goes from 01:00 to 02:00.
    assert early.earliest_contact(at("2026-03-29T00:59:59Z")) == at("2026-03-29T01:00:00Z")
    assert late.earliest_contact(at("2026-03-29T00:59:59Z")) == at("2026-03-29T00:59:59Z")
    assert late.earliest_contact(at("2026-03-29T01:00:00Z")) == at("2026-03-29 08:00")


def test_a_midnight_that_is_skipped_ends_the_night_when_the_day_begins() -> None:
    # Havana goes from 00:00 to 01:00 on 8 March 2026, at 05:00 UTC.
    havana = QuietHours(time(22), time(0, 30), ZoneInfo("America/Havana"))

    assert havana.earliest_contact(at("2026-03-08T04:59:59Z")) == at("2026-03-08T05:00:00Z")
    assert havana.earliest_contact(at("2026-03-08T05:00:00Z")) == at("2026-03-08T05:00:00Z")


def test_a_date_that_is_skipped_has_no_night_of_its_own() -> None:
    # Apia had no 30 December 2011: at 10:00 UTC on the 30th it went from the end of the 29th to the 31st.
    apia = QuietHours(time(21), time(8), ZoneInfo("Pacific/Apia"))

    assert apia.earliest_contact(at("2011-12-30T09:00:00Z")) == at("2011-12-30T18:00:00Z")
    assert apia.earliest_contact(at("2011-12-30T12:00:00Z")) == at("2011-12-30T18:00:00Z")


@pytest.mark.parametrize("lasts", [0, 10, 120, 2880])
@pytest.mark.parametrize("night", [NIGHT, QuietHours(time(1, 30), time(1), LONDON)])
def test_what_begins_later_never_ends_sooner(lasts: int, night: QuietHours) -> None:
    quarters = [at("2026-10-23 12:00") + timedelta(minutes=15) * n for n in range(300)]

    ends = [night.add_duration(begun, timedelta(minutes=lasts)) for begun in quarters]

    assert [pair for pair in pairwise(ends) if pair[0] > pair[1]] == []
    assert all(begun + timedelta(minutes=lasts) <= end for begun, end in zip(quarters, ends, strict=True))
