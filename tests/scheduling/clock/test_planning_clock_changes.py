from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduling.clock.planning import Hours, parse_clock, plan_working_periods, slots_in, utc_offsets


def runs(zone: str, day: date, opens: str, closes: str) -> list[tuple[str, str]]:
    """The runs of one day, in the words of that zone's wall clock."""
    planned = plan_working_periods(
        hours=[Hours(day.weekday(), parse_clock(opens), parse_clock(closes), 5)],
        exceptions={},
        zone=ZoneInfo(zone),
        first=day,
        last=day,
    )
    return [(_wall(run.starts_at, zone), _wall(run.ends_at, zone)) for run in planned]


def starts(zone: str, day: date, opens: str, closes: str, slot_minutes: int) -> list[str]:
    hours = [Hours(day.weekday(), parse_clock(opens), parse_clock(closes), slot_minutes)]
    planned = plan_working_periods(hours=hours, exceptions={}, zone=ZoneInfo(zone), first=day, last=day)
    return [_wall(start, zone) for run in planned for start, _ in slots_in(run)]


def real_hours(zone: str, day: date) -> float:
    """What 00:30 to 06:30 lasts, in slots of half an hour."""
    return len(starts(zone, day, "00:30", "06:30", 30)) / 2


def _wall(instant: datetime, zone: str) -> str:
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

    assert [real_hours(zone, day) for day in (spring - week, spring, spring + week)] == [6, 6 - shift, 6]
    assert [real_hours(zone, day) for day in (autumn - week, autumn, autumn + week)] == [6, 6 + shift, 6]


def test_the_hour_that_spring_skips_gives_no_slots() -> None:
    spring = date(2026, 3, 29)

    assert runs("Europe/London", spring, "01:00", "02:00") == []
    assert runs("Europe/London", spring, "01:15", "01:45") == []
    assert starts("Europe/London", spring, "00:30", "02:30", 30) == ["00:30+0000", "02:00+0100"]


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
def test_a_time_that_spring_skips_is_the_instant_of_the_change(
    opens: str, closes: str, expected: list[tuple[str, str]]
) -> None:
    assert runs("Europe/London", date(2026, 3, 29), opens, closes) == expected


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
def test_autumn_opens_in_the_first_pass_closes_in_the_second_and_shuts_in_between_outside_the_hours(
    opens: str, closes: str, expected: list[tuple[str, str]]
) -> None:
    assert runs("Europe/London", date(2026, 10, 25), opens, closes) == expected


def test_hours_inside_the_doubled_hour_are_worked_in_both_passes() -> None:
    autumn = date(2026, 10, 25)

    passes = starts("Europe/London", autumn, "01:15", "01:45", 15)

    assert passes == ["01:15+0100", "01:30+0100", "01:15+0000", "01:30+0000"]


def test_slots_step_in_real_time_across_the_change() -> None:
    assert starts("America/New_York", date(2026, 3, 8), "01:30", "04:00", 40) == ["01:30-0500", "03:10-0400"]
    assert starts("America/New_York", date(2026, 11, 1), "01:30", "02:00", 20) == ["01:30-0400", "01:30-0500"]
    assert starts("America/New_York", date(2026, 11, 1), "01:00", "02:10", 50) == ["01:00-0400", "01:50-0400"]


def test_havana_changes_at_midnight() -> None:
    # Of a year that is over: Cuba stopped changing its clocks in the autumn of 2026.
    spring, autumn = date(2025, 3, 9), date(2025, 11, 2)

    assert runs("America/Havana", spring - timedelta(days=1), "23:00", "24:00") == [
        ("23:00-0500", "01:00-0400")
    ]
    assert runs("America/Havana", spring, "00:00", "02:00") == [("01:00-0400", "02:00-0400")]
    assert runs("America/Havana", autumn - timedelta(days=1), "23:00", "24:00") == [
        ("23:00-0400", "00:00-0400")
    ]
    assert runs("America/Havana", autumn, "00:00", "02:00") == [("00:00-0400", "02:00-0500")]
    assert len(starts("America/Havana", autumn, "00:00", "02:00", 30)) == 6


def test_sao_paulo_doubled_the_last_hour_of_the_day_before() -> None:
    saturday, sunday = date(2018, 2, 17), date(2018, 2, 18)

    assert len(starts("America/Sao_Paulo", saturday, "22:00", "24:00", 30)) == 6
    assert runs("America/Sao_Paulo", sunday, "00:00", "01:00") == [("00:00-0300", "01:00-0300")]


def test_two_days_that_take_turns_come_in_order_of_time() -> None:
    # St John's set its clocks back from 00:01 to 23:01 of the day before.
    zone, last = ZoneInfo("America/St_Johns"), date(2006, 10, 29)
    hours = [Hours(weekday, 0, 1440, 15) for weekday in range(7)]

    planned = list(
        plan_working_periods(hours=hours, exceptions={}, zone=zone, first=date(2006, 10, 28), last=last)
    )

    assert [f"{run.starts_at.astimezone(zone):%d %H:%M%z}" for run in planned] == [
        "28 00:00-0230",
        "28 23:01-0330",
        "29 00:00-0330",
    ]


def test_troll_skips_and_doubles_two_hours() -> None:
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)

    assert runs("Antarctica/Troll", spring, "01:30", "02:30") == []
    assert runs("Antarctica/Troll", autumn, "01:30", "02:30") == [
        ("01:30+0200", "02:30+0200"),
        ("01:30+0000", "02:30+0000"),
    ]


def test_lord_howe_skips_and_doubles_half_an_hour() -> None:
    spring, autumn = date(2026, 10, 4), date(2026, 4, 5)

    assert runs("Australia/Lord_Howe", spring, "01:30", "02:45") == [("01:30+1030", "02:45+1100")]
    assert starts("Australia/Lord_Howe", spring, "01:30", "03:00", 30) == ["01:30+1030", "02:30+1100"]
    assert starts("Australia/Lord_Howe", autumn, "01:30", "02:00", 15) == [
        "01:30+1100",
        "01:45+1100",
        "01:30+1030",
        "01:45+1030",
    ]


def test_kathmandu_keeps_its_odd_offset_and_never_changes() -> None:
    offsets = utc_offsets(
        ZoneInfo("Asia/Kathmandu"), datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    )

    assert offsets == [(datetime(2026, 1, 1, tzinfo=UTC), timedelta(hours=5, minutes=45))]
    assert runs("Asia/Kathmandu", date(2026, 7, 1), "09:00", "17:00") == [("09:00+0545", "17:00+0545")]


def test_the_day_that_apia_skipped_has_no_slots_and_its_neighbours_touch() -> None:
    hours = [Hours(weekday, 0, 1440, 60) for weekday in range(7)]
    zone, first, last = ZoneInfo("Pacific/Apia"), date(2011, 12, 29), date(2011, 12, 31)

    planned = list(plan_working_periods(hours=hours, exceptions={}, zone=zone, first=first, last=last))

    change = datetime(2011, 12, 30, 10, tzinfo=UTC)
    assert [(run.starts_at, run.ends_at) for run in planned] == [
        (change - timedelta(days=1), change),
        (change, change + timedelta(days=1)),
    ]
    assert runs("Pacific/Apia", date(2011, 12, 30), "09:00", "17:00") == []


def test_utc_offsets_names_the_instant_of_each_change() -> None:
    offsets = utc_offsets(
        ZoneInfo("Europe/London"), datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    )

    assert offsets == [
        (datetime(2026, 1, 1, tzinfo=UTC), timedelta()),
        (datetime(2026, 3, 29, 1, tzinfo=UTC), timedelta(hours=1)),
        (datetime(2026, 10, 25, 1, tzinfo=UTC), timedelta()),
    ]


def test_utc_offsets_counts_a_change_at_the_start_and_leaves_one_at_the_end() -> None:
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
def test_utc_offsets_sees_the_shortest_summer_there_ever_was(day: int) -> None:
    start, end = datetime(2000, 10, day, tzinfo=UTC), datetime(2001, 1, 1, tzinfo=UTC)

    offsets = utc_offsets(ZoneInfo("America/Recife"), start, end)

    assert offsets[1:] == [
        (datetime(2000, 10, 8, 3, tzinfo=UTC), timedelta(hours=-2)),
        (datetime(2000, 10, 15, 2, tzinfo=UTC), timedelta(hours=-3)),
    ]
