from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.clock.clock_changes import ClockChange, clock_changes, clock_pass, instants_at
from scheduling.clock.planning import parse_clock
from tests.scheduling.clock.planner_strategies import ZONES, days
from tests.scheduling.clock.reference_planner import MinuteWalk, instant_of

HOUR = timedelta(hours=1)


def shown_at(zone: str, day: date, *clock: str) -> list[list[tuple[str, int]]]:
    """For each time of the day the instants that show it, with the pass that each belongs to."""
    place = ZoneInfo(zone)
    return [
        [(f"{each:%d %H:%M}", clock_pass(each, place)) for each in instants_at(day, parse_clock(time), place)]
        for time in clock
    ]


def test_london_skips_an_hour_in_spring_and_doubles_it_in_autumn() -> None:
    assert shown_at("Europe/London", date(2026, 3, 29), "00:59", "01:00", "01:59", "02:00") == [
        [("29 00:59", 0)],
        [],
        [],
        [("29 01:00", 0)],
    ]
    assert shown_at("Europe/London", date(2026, 10, 25), "00:59", "01:00", "01:59", "02:00") == [
        [("24 23:59", 0)],
        [("25 00:00", 1), ("25 01:00", 2)],
        [("25 00:59", 1), ("25 01:59", 2)],
        [("25 02:00", 0)],
    ]


def test_new_york_skips_and_doubles_its_own_hour() -> None:
    assert shown_at("America/New_York", date(2026, 3, 8), "01:59", "02:00", "02:59", "03:00") == [
        [("08 06:59", 0)],
        [],
        [],
        [("08 07:00", 0)],
    ]
    assert shown_at("America/New_York", date(2026, 11, 1), "00:59", "01:00", "01:59", "02:00") == [
        [("01 04:59", 0)],
        [("01 05:00", 1), ("01 06:00", 2)],
        [("01 05:59", 1), ("01 06:59", 2)],
        [("01 07:00", 0)],
    ]


def test_lord_howe_skips_and_doubles_half_an_hour() -> None:
    assert shown_at("Australia/Lord_Howe", date(2026, 10, 4), "01:59", "02:00", "02:29", "02:30") == [
        [("03 15:29", 0)],
        [],
        [],
        [("03 15:30", 0)],
    ]
    assert shown_at("Australia/Lord_Howe", date(2026, 4, 5), "01:29", "01:30", "01:59", "02:00") == [
        [("04 14:29", 0)],
        [("04 14:30", 1), ("04 15:00", 2)],
        [("04 14:59", 1), ("04 15:29", 2)],
        [("04 15:30", 0)],
    ]


def test_havana_skips_and_doubles_midnight() -> None:
    assert shown_at("America/Havana", date(2025, 3, 9), "00:00", "00:59", "01:00") == [
        [],
        [],
        [("09 05:00", 0)],
    ]
    assert shown_at("America/Havana", date(2025, 11, 2), "00:00", "00:59", "01:00") == [
        [("02 04:00", 1), ("02 05:00", 2)],
        [("02 04:59", 1), ("02 05:59", 2)],
        [("02 06:00", 0)],
    ]


def test_troll_skips_and_doubles_two_hours() -> None:
    assert shown_at("Antarctica/Troll", date(2026, 3, 29), "00:59", "01:00", "02:59", "03:00") == [
        [("29 00:59", 0)],
        [],
        [],
        [("29 01:00", 0)],
    ]
    assert shown_at("Antarctica/Troll", date(2026, 10, 25), "00:59", "01:00", "02:59", "03:00") == [
        [("24 22:59", 0)],
        [("24 23:00", 1), ("25 01:00", 2)],
        [("25 00:59", 1), ("25 02:59", 2)],
        [("25 03:00", 0)],
    ]


def test_kathmandu_shows_every_time_once() -> None:
    assert shown_at("Asia/Kathmandu", date(2026, 7, 1), "00:00", "05:45") == [
        [("30 18:15", 0)],
        [("01 00:00", 0)],
    ]


def test_apia_never_showed_a_time_of_the_day_that_it_skipped() -> None:
    days_around = [date(2011, 12, day) for day in (29, 30, 31)]

    shown = [shown_at("Pacific/Apia", day, "00:00", "23:59") for day in days_around]

    assert shown == [
        [[("29 10:00", 0)], [("30 09:59", 0)]],
        [[], []],
        [[("30 10:00", 0)], [("31 09:59", 0)]],
    ]


def test_each_second_of_the_doubled_hour_knows_its_pass() -> None:
    london, second = ZoneInfo("Europe/London"), timedelta(seconds=1)
    first, change, over = (datetime(2026, 10, 25, hour, tzinfo=UTC) for hour in (0, 1, 2))

    passes = [clock_pass(each + by, london) for each in (first, change, over) for by in (-second, 0 * second)]

    assert passes == [0, 1, 1, 2, 2, 0]


@pytest.mark.parametrize("zone", ["UTC", "Asia/Manila", "Pacific/Kiritimati", "America/Juneau"])
def test_the_ends_of_the_calendar_have_no_instants(zone: str) -> None:
    counts = [len(instants_at(day, 0, ZoneInfo(zone))) for day in (date.min, date(2, 1, 1), date.max)]

    assert counts == [0, 1, 0]


def test_clock_changes_name_the_offsets_before_and_after() -> None:
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)

    assert clock_changes(ZoneInfo("Europe/London"), start, end) == [
        ClockChange(datetime(2026, 3, 29, 1, tzinfo=UTC), 0 * HOUR, HOUR),
        ClockChange(datetime(2026, 10, 25, 1, tzinfo=UTC), HOUR, 0 * HOUR),
    ]
    assert clock_changes(ZoneInfo("Asia/Kathmandu"), start, end) == []


def test_clock_changes_count_one_at_the_start_and_leave_one_at_the_end() -> None:
    london, change = ZoneInfo("Europe/London"), datetime(2026, 3, 29, 1, tzinfo=UTC)
    tick = timedelta(microseconds=1)

    def found(start: datetime, end: datetime) -> int:
        return len(clock_changes(london, start, end))

    assert [found(change + by, change + HOUR) for by in (-tick, 0 * tick, tick)] == [1, 1, 0]
    assert [found(change - HOUR, change + by) for by in (-tick, 0 * tick, tick)] == [0, 0, 1]


def test_clock_changes_count_the_day_that_apia_skipped() -> None:
    start, end = datetime(2011, 12, 1, tzinfo=UTC), datetime(2012, 1, 1, tzinfo=UTC)

    assert clock_changes(ZoneInfo("Pacific/Apia"), start, end) == [
        ClockChange(datetime(2011, 12, 30, 10, tzinfo=UTC), -10 * HOUR, 14 * HOUR)
    ]


@given(st.sampled_from(ZONES), st.data())
@settings(max_examples=100, deadline=None)
def test_every_minute_of_a_day_agrees_with_a_walk_over_it(name: str, data: st.DataObject) -> None:
    zone = ZoneInfo(name)
    day = data.draw(days(zone))
    shown = defaultdict(list)
    for passed, wall in MinuteWalk(zone, day, day).minutes[day]:
        shown[wall].append(instant_of(passed))

    for minutes in range(1440):
        instants = instants_at(day, minutes, zone)
        assert instants == shown[minutes]
        assert [clock_pass(each, zone) for each in instants] == ([0] if len(instants) == 1 else [1, 2])[
            : len(instants)
        ]
