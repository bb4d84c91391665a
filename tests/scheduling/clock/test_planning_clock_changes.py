from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduling.clock.planning import Hours, parse_clock, plan_working_periods, slots_in, utc_offsets


def local_periods(zone: str, day: date, opens: str, closes: str) -> list[tuple[str, str]]:
    """Return start and end of the working periods of one day, in local time."""
    periods = plan_working_periods(
        hours=[Hours(day.weekday(), parse_clock(opens), parse_clock(closes), 5)],
        exceptions={},
        zone=ZoneInfo(zone),
        first=day,
        last=day,
    )
    return [(_local(period.starts_at, zone), _local(period.ends_at, zone)) for period in periods]


def local_slot_starts(zone: str, day: date, opens: str, closes: str, slot_minutes: int) -> list[str]:
    hours = [Hours(day.weekday(), parse_clock(opens), parse_clock(closes), slot_minutes)]
    periods = plan_working_periods(hours=hours, exceptions={}, zone=ZoneInfo(zone), first=day, last=day)
    return [_local(start, zone) for period in periods for start, _ in slots_in(period)]


def working_hours(zone: str, day: date) -> float:
    """Return how many hours of slots 00:30 to 06:30 contains on `day`."""
    return len(local_slot_starts(zone, day, "00:30", "06:30", 30)) / 2


def _local(instant: datetime, zone: str) -> str:
    return f"{instant.astimezone(ZoneInfo(zone)):%H:%M%z}"


@pytest.mark.parametrize(
    ("zone", "spring", "autumn", "shift"),
    [
        ("Europe/London", date(2026, 3, 29), date(2026, 10, 25), 1.0),
        ("America/New_York", date(2026, 3, 8), date(2026, 11, 1), 1.0),
        ("Australia/Lord_Howe", date(2026, 10, 4), date(2026, 4, 5), 0.5),
        ("Antarctica/Troll", date(2026, 3, 29), date(2026, 10, 25), 2.0),
    ],
)
def test_half_past_midnight_to_half_past_six_is_shorter_in_spring_and_longer_in_autumn(
    zone: str, spring: date, autumn: date, shift: float
) -> None:
    week = timedelta(days=7)

    assert [working_hours(zone, day) for day in (spring - week, spring, spring + week)] == [6, 6 - shift, 6]
    assert [working_hours(zone, day) for day in (autumn - week, autumn, autumn + week)] == [6, 6 + shift, 6]


def test_a_skipped_hour_has_no_slots() -> None:
    spring = date(2026, 3, 29)

    assert local_periods("Europe/London", spring, "01:00", "02:00") == []
    assert local_periods("Europe/London", spring, "01:15", "01:45") == []
    assert local_slot_starts("Europe/London", spring, "00:30", "02:30", 30) == ["00:30+0000", "02:00+0100"]


@pytest.mark.parametrize(
    ("opens", "closes", "expected"),
    [
        ("00:00", "00:59", [("00:00+0000", "00:59+0000")]),
        ("00:00", "01:00", [("00:00+0000", "02:00+0100")]),
        ("00:00", "01:01", [("00:00+0000", "02:00+0100")]),
        ("00:00", "02:00", [("00:00+0000", "02:00+0100")]),
        ("00:00", "02:01", [("00:00+0000", "02:01+0100")]),
        ("00:59", "03:00", [("00:59+0000", "03:00+0100")]),
        ("01:00", "03:00", [("02:00+0100", "03:00+0100")]),
        ("01:59", "03:00", [("02:00+0100", "03:00+0100")]),
        ("02:00", "03:00", [("02:00+0100", "03:00+0100")]),
        ("02:01", "03:00", [("02:01+0100", "03:00+0100")]),
    ],
)
def test_hours_that_begin_or_end_at_a_skipped_time_begin_or_end_at_the_clock_change(
    opens: str, closes: str, expected: list[tuple[str, str]]
) -> None:
    assert local_periods("Europe/London", date(2026, 3, 29), opens, closes) == expected


@pytest.mark.parametrize(
    ("opens", "closes", "expected"),
    [
        ("00:00", "00:59", [("00:00+0100", "00:59+0100")]),
        ("00:00", "01:00", [("00:00+0100", "01:00+0100")]),
        ("00:00", "01:59", [("00:00+0100", "01:59+0100"), ("01:00+0000", "01:59+0000")]),
        ("00:00", "02:00", [("00:00+0100", "02:00+0000")]),
        ("00:59", "03:00", [("00:59+0100", "03:00+0000")]),
        ("01:00", "03:00", [("01:00+0100", "03:00+0000")]),
        ("01:10", "03:00", [("01:10+0100", "01:00+0000"), ("01:10+0000", "03:00+0000")]),
        ("02:00", "03:00", [("02:00+0000", "03:00+0000")]),
    ],
)
def test_hours_apply_to_both_occurrences_of_a_repeated_time(
    opens: str, closes: str, expected: list[tuple[str, str]]
) -> None:
    assert local_periods("Europe/London", date(2026, 10, 25), opens, closes) == expected


def test_hours_inside_the_repeated_hour_have_slots_both_times() -> None:
    autumn = date(2026, 10, 25)

    passes = local_slot_starts("Europe/London", autumn, "01:15", "01:45", 15)

    assert passes == ["01:15+0100", "01:30+0100", "01:15+0000", "01:30+0000"]


def test_slots_keep_their_real_length_across_a_clock_change() -> None:
    assert local_slot_starts("America/New_York", date(2026, 3, 8), "01:30", "04:00", 40) == [
        "01:30-0500",
        "03:10-0400",
    ]
    assert local_slot_starts("America/New_York", date(2026, 11, 1), "01:30", "02:00", 20) == [
        "01:30-0400",
        "01:30-0500",
    ]
    assert local_slot_starts("America/New_York", date(2026, 11, 1), "01:00", "02:10", 50) == [
        "01:00-0400",
        "01:50-0400",
    ]


def test_havana_changes_its_clocks_at_midnight() -> None:
    # In 2025, because Cuba stopped changing its clocks in the autumn of 2026.
    spring, autumn = date(2025, 3, 9), date(2025, 11, 2)

    assert local_periods("America/Havana", spring - timedelta(days=1), "23:00", "24:00") == [
        ("23:00-0500", "01:00-0400")
    ]
    assert local_periods("America/Havana", spring, "00:00", "02:00") == [("01:00-0400", "02:00-0400")]
    assert local_periods("America/Havana", autumn - timedelta(days=1), "23:00", "24:00") == [
        ("23:00-0400", "00:00-0400")
    ]
    assert local_periods("America/Havana", autumn, "00:00", "02:00") == [("00:00-0400", "02:00-0500")]
    assert len(local_slot_starts("America/Havana", autumn, "00:00", "02:00", 30)) == 6


def test_sao_paulo_repeated_the_last_hour_of_the_day_before() -> None:
    saturday, sunday = date(2018, 2, 17), date(2018, 2, 18)

    assert len(local_slot_starts("America/Sao_Paulo", saturday, "22:00", "24:00", 30)) == 6
    assert local_periods("America/Sao_Paulo", sunday, "00:00", "01:00") == [("00:00-0300", "01:00-0300")]


def test_periods_of_two_days_interleaved_by_a_clock_change_are_sorted() -> None:
    # St John's set its clocks back from 00:01 to 23:01 of the day before.
    zone, last = ZoneInfo("America/St_Johns"), date(2006, 10, 29)
    hours = [Hours(weekday, 0, 1440, 15) for weekday in range(7)]

    periods = list(
        plan_working_periods(hours=hours, exceptions={}, zone=zone, first=date(2006, 10, 28), last=last)
    )

    assert [f"{period.starts_at.astimezone(zone):%d %H:%M%z}" for period in periods] == [
        "28 00:00-0230",
        "28 23:01-0330",
        "29 00:00-0330",
    ]


def test_troll_skips_and_repeats_two_hours() -> None:
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)

    assert local_periods("Antarctica/Troll", spring, "01:30", "02:30") == []
    assert local_periods("Antarctica/Troll", autumn, "01:30", "02:30") == [
        ("01:30+0200", "02:30+0200"),
        ("01:30+0000", "02:30+0000"),
    ]


def test_lord_howe_skips_and_repeats_half_an_hour() -> None:
    spring, autumn = date(2026, 10, 4), date(2026, 4, 5)

    assert local_periods("Australia/Lord_Howe", spring, "01:30", "02:45") == [("01:30+1030", "02:45+1100")]
    assert local_slot_starts("Australia/Lord_Howe", spring, "01:30", "03:00", 30) == [
        "01:30+1030",
        "02:30+1100",
    ]
    assert local_slot_starts("Australia/Lord_Howe", autumn, "01:30", "02:00", 15) == [
        "01:30+1100",
        "01:45+1100",
        "01:30+1030",
        "01:45+1030",
    ]


def test_kathmandu_has_one_offset_all_year() -> None:
    offsets = utc_offsets(
        ZoneInfo("Asia/Kathmandu"), datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    )

    assert offsets == [(datetime(2026, 1, 1, tzinfo=UTC), timedelta(hours=5, minutes=45))]
    assert local_periods("Asia/Kathmandu", date(2026, 7, 1), "09:00", "17:00") == [
        ("09:00+0545", "17:00+0545")
    ]


def test_the_day_that_apia_skipped_has_no_slots_and_the_days_around_it_touch() -> None:
    hours = [Hours(weekday, 0, 1440, 60) for weekday in range(7)]
    zone, first, last = ZoneInfo("Pacific/Apia"), date(2011, 12, 29), date(2011, 12, 31)

    periods = list(plan_working_periods(hours=hours, exceptions={}, zone=zone, first=first, last=last))

    change = datetime(2011, 12, 30, 10, tzinfo=UTC)
    assert [(period.starts_at, period.ends_at) for period in periods] == [
        (change - timedelta(days=1), change),
        (change, change + timedelta(days=1)),
    ]
    assert local_periods("Pacific/Apia", date(2011, 12, 30), "09:00", "17:00") == []


def test_utc_offsets_contains_the_instant_of_each_change() -> None:
    offsets = utc_offsets(
        ZoneInfo("Europe/London"), datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    )

    assert offsets == [
        (datetime(2026, 1, 1, tzinfo=UTC), timedelta()),
        (datetime(2026, 3, 29, 1, tzinfo=UTC), timedelta(hours=1)),
        (datetime(2026, 10, 25, 1, tzinfo=UTC), timedelta()),
    ]


def test_utc_offsets_includes_a_change_at_the_start_and_excludes_one_at_the_end() -> None:
    zone, change, second = (
        ZoneInfo("Europe/London"),
        datetime(2026, 3, 29, 1, tzinfo=UTC),
        timedelta(seconds=1),
    )
    hour = timedelta(hours=1)

    assert utc_offsets(zone, change - second, change) == [(change - second, timedelta())]
    assert utc_offsets(zone, change - second, change + second) == [
        (change - second, timedelta()),
        (change, hour),
    ]
    assert utc_offsets(zone, change, change + second) == [(change, hour)]


@pytest.mark.parametrize("day", range(1, 8))
def test_utc_offsets_finds_the_shortest_summer_time_in_tzdata(day: int) -> None:
    start, end = datetime(2000, 10, day, tzinfo=UTC), datetime(2001, 1, 1, tzinfo=UTC)

    offsets = utc_offsets(ZoneInfo("America/Recife"), start, end)

    assert offsets[1:] == [
        (datetime(2000, 10, 8, 3, tzinfo=UTC), timedelta(hours=-2)),
        (datetime(2000, 10, 15, 2, tzinfo=UTC), timedelta(hours=-3)),
    ]
