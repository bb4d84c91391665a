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


def utc_times(zone: str, day: date, *times: str) -> list[list[tuple[str, int]]]:
    """Return for each local time its instants in UTC (day and time), each with its `clock_pass`."""
    time_zone = ZoneInfo(zone)
    return [
        [
            (f"{instant:%d %H:%M}", clock_pass(instant, time_zone))
            for instant in instants_at(day, parse_clock(time), time_zone)
        ]
        for time in times
    ]


def test_london_skips_an_hour_in_spring_and_repeats_it_in_autumn() -> None:
    assert utc_times("Europe/London", date(2026, 3, 29), "00:59", "01:00", "01:59", "02:00") == [
        [("29 00:59", 0)],
        [],
        [],
        [("29 01:00", 0)],
    ]
    assert utc_times("Europe/London", date(2026, 10, 25), "00:59", "01:00", "01:59", "02:00") == [
        [("24 23:59", 0)],
        [("25 00:00", 1), ("25 01:00", 2)],
        [("25 00:59", 1), ("25 01:59", 2)],
        [("25 02:00", 0)],
    ]


def test_new_york_skips_and_repeats_an_hour_of_its_own() -> None:
    assert utc_times("America/New_York", date(2026, 3, 8), "01:59", "02:00", "02:59", "03:00") == [
        [("08 06:59", 0)],
        [],
        [],
        [("08 07:00", 0)],
    ]
    assert utc_times("America/New_York", date(2026, 11, 1), "00:59", "01:00", "01:59", "02:00") == [
        [("01 04:59", 0)],
        [("01 05:00", 1), ("01 06:00", 2)],
        [("01 05:59", 1), ("01 06:59", 2)],
        [("01 07:00", 0)],
    ]


def test_lord_howe_skips_and_repeats_half_an_hour() -> None:
    assert utc_times("Australia/Lord_Howe", date(2026, 10, 4), "01:59", "02:00", "02:29", "02:30") == [
        [("03 15:29", 0)],
        [],
        [],
        [("03 15:30", 0)],
    ]
    assert utc_times("Australia/Lord_Howe", date(2026, 4, 5), "01:29", "01:30", "01:59", "02:00") == [
        [("04 14:29", 0)],
        [("04 14:30", 1), ("04 15:00", 2)],
        [("04 14:59", 1), ("04 15:29", 2)],
        [("04 15:30", 0)],
    ]


def test_havana_skips_and_repeats_midnight() -> None:
    assert utc_times("America/Havana", date(2025, 3, 9), "00:00", "00:59", "01:00") == [
        [],
        [],
        [("09 05:00", 0)],
    ]
    assert utc_times("America/Havana", date(2025, 11, 2), "00:00", "00:59", "01:00") == [
        [("02 04:00", 1), ("02 05:00", 2)],
        [("02 04:59", 1), ("02 05:59", 2)],
        [("02 06:00", 0)],
    ]


def test_troll_skips_and_repeats_two_hours() -> None:
    assert utc_times("Antarctica/Troll", date(2026, 3, 29), "00:59", "01:00", "02:59", "03:00") == [
        [("29 00:59", 0)],
        [],
        [],
        [("29 01:00", 0)],
    ]
    assert utc_times("Antarctica/Troll", date(2026, 10, 25), "00:59", "01:00", "02:59", "03:00") == [
        [("24 22:59", 0)],
        [("24 23:00", 1), ("25 01:00", 2)],
        [("25 00:59", 1), ("25 02:59", 2)],
        [("25 03:00", 0)],
    ]


def test_kathmandu_has_every_local_time_once() -> None:
    assert utc_times("Asia/Kathmandu", date(2026, 7, 1), "00:00", "05:45") == [
        [("30 18:15", 0)],
        [("01 00:00", 0)],
    ]


def test_apia_has_no_local_times_on_the_day_that_it_skipped() -> None:
    days_around = [date(2011, 12, day) for day in (29, 30, 31)]

    shown = [utc_times("Pacific/Apia", day, "00:00", "23:59") for day in days_around]

    assert shown == [
        [[("29 10:00", 0)], [("30 09:59", 0)]],
        [[], []],
        [[("30 10:00", 0)], [("31 09:59", 0)]],
    ]


def test_clock_pass_tells_the_first_repeated_hour_from_the_second() -> None:
    london, second = ZoneInfo("Europe/London"), timedelta(seconds=1)
    first, change, end = (datetime(2026, 10, 25, hour, tzinfo=UTC) for hour in (0, 1, 2))

    passes = [
        clock_pass(instant + shift, london)
        for instant in (first, change, end)
        for shift in (-second, 0 * second)
    ]

    assert passes == [0, 1, 1, 2, 2, 0]


@pytest.mark.parametrize("zone", ["UTC", "Asia/Manila", "Pacific/Kiritimati", "America/Juneau"])
def test_the_ends_of_the_calendar_have_no_instants(zone: str) -> None:
    counts = [len(instants_at(day, 0, ZoneInfo(zone))) for day in (date.min, date(2, 1, 1), date.max)]

    assert counts == [0, 1, 0]


def test_clock_changes_contain_the_offsets_before_and_after() -> None:
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)

    assert clock_changes(ZoneInfo("Europe/London"), start, end) == [
        ClockChange(datetime(2026, 3, 29, 1, tzinfo=UTC), 0 * HOUR, HOUR),
        ClockChange(datetime(2026, 10, 25, 1, tzinfo=UTC), HOUR, 0 * HOUR),
    ]
    assert clock_changes(ZoneInfo("Asia/Kathmandu"), start, end) == []


def test_clock_changes_include_a_change_at_the_start_and_exclude_one_at_the_end() -> None:
    london, change = ZoneInfo("Europe/London"), datetime(2026, 3, 29, 1, tzinfo=UTC)
    tick = timedelta(microseconds=1)

    def count_changes(start: datetime, end: datetime) -> int:
        return len(clock_changes(london, start, end))

    assert [count_changes(change + shift, change + HOUR) for shift in (-tick, 0 * tick, tick)] == [1, 1, 0]
    assert [count_changes(change - HOUR, change + shift) for shift in (-tick, 0 * tick, tick)] == [0, 0, 1]


def test_clock_changes_include_the_day_that_apia_skipped() -> None:
    start, end = datetime(2011, 12, 1, tzinfo=UTC), datetime(2012, 1, 1, tzinfo=UTC)

    assert clock_changes(ZoneInfo("Pacific/Apia"), start, end) == [
        ClockChange(datetime(2011, 12, 30, 10, tzinfo=UTC), -10 * HOUR, 14 * HOUR)
    ]


@given(st.sampled_from(ZONES), st.data())
@settings(max_examples=100, deadline=None)
def test_instants_at_agrees_with_the_minute_walk_for_every_minute_of_a_day(
    name: str, data: st.DataObject
) -> None:
    zone = ZoneInfo(name)
    day = data.draw(days(zone))
    expected = defaultdict(list)
    for minute, local in MinuteWalk(zone, day, day).minutes[day]:
        expected[local].append(instant_of(minute))

    for minutes in range(1440):
        instants = instants_at(day, minutes, zone)
        assert instants == expected[minutes]
        assert [clock_pass(instant, zone) for instant in instants] == ([0] if len(instants) == 1 else [1, 2])[
            : len(instants)
        ]
