from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.clock.planning import Hours, WorkingPeriod, parse_clock, plan_working_periods, slots_in
from scheduling.clock.time_off import Period, TimeOffSpec, merge_periods, subtract_periods, time_off_periods
from tests.scheduling.clock.planner_strategies import ZONES, days, times_off, weeks
from tests.scheduling.clock.reference_planner import MinuteWalk, Slot

LONDON = ZoneInfo("Europe/London")
MONDAY, TUESDAY, SUNDAY = date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 11)
ALL_DAY_EVERY_DAY = [Hours(weekday, 0, 1440, 30) for weekday in range(7)]


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC)


def periods(
    *specs: TimeOffSpec, first: date = MONDAY, last: date = SUNDAY, zone: ZoneInfo = LONDON
) -> list[Period]:
    return time_off_periods(specs, zone=zone, first=first, last=last)


def local_periods(zone: str, day: date, opens: str, closes: str) -> list[tuple[str, str]]:
    """Return start and end of one day's time off, in local time."""
    time_zone = ZoneInfo(zone)
    spec = TimeOffSpec(day, day, parse_clock(opens), parse_clock(closes))
    off_periods = periods(spec, first=day, last=day, zone=time_zone)
    return [
        (f"{start.astimezone(time_zone):%H:%M%z}", f"{end.astimezone(time_zone):%H:%M%z}")
        for start, end in off_periods
    ]


def hours_lost(zone: str, day: date) -> float:
    """Return how many hours of slots are lost to time off from 00:30 to 06:30, if all hours are worked."""
    time_zone = ZoneInfo(zone)
    working = list(
        plan_working_periods(hours=ALL_DAY_EVERY_DAY, exceptions={}, zone=time_zone, first=day, last=day)
    )
    remaining = subtract_periods(
        working, periods(TimeOffSpec(day, day, 30, 390), first=day, last=day, zone=time_zone)
    )
    return (len(slots(working)) - len(slots(remaining))) / 2


def slots(working: Iterable[WorkingPeriod]) -> list[Slot]:
    return [slot for period in working for slot in slots_in(period)]


@pytest.mark.parametrize(
    ("zone", "spring", "autumn", "shift"),
    [
        ("Europe/London", date(2026, 3, 29), date(2026, 10, 25), 1.0),
        ("America/New_York", date(2026, 3, 8), date(2026, 11, 1), 1.0),
        ("Australia/Lord_Howe", date(2026, 10, 4), date(2026, 4, 5), 0.5),
        ("Antarctica/Troll", date(2026, 3, 29), date(2026, 10, 25), 2.0),
    ],
)
def test_half_past_midnight_to_half_past_six_off_is_shorter_in_spring_and_longer_in_autumn(
    zone: str, spring: date, autumn: date, shift: float
) -> None:
    week = timedelta(days=7)

    assert [hours_lost(zone, day) for day in (spring - week, spring, spring + week)] == [6, 6 - shift, 6]
    assert [hours_lost(zone, day) for day in (autumn - week, autumn, autumn + week)] == [6, 6 + shift, 6]


def test_a_skipped_time_is_never_off_and_a_repeated_time_is_off_twice() -> None:
    assert local_periods("Europe/London", date(2026, 3, 29), "01:00", "02:00") == []
    assert local_periods("Europe/London", date(2026, 10, 25), "01:15", "01:45") == [
        ("01:15+0100", "01:45+0100"),
        ("01:15+0000", "01:45+0000"),
    ]


def test_time_off_when_havana_changes_its_clocks_at_midnight() -> None:
    assert local_periods("America/Havana", date(2025, 3, 9), "00:00", "01:30") == [
        ("01:00-0400", "01:30-0400")
    ]
    assert local_periods("America/Havana", date(2025, 11, 2), "00:30", "06:30") == [
        ("00:30-0400", "00:00-0500"),
        ("00:30-0500", "06:30-0500"),
    ]


def test_time_off_in_kathmandu_is_in_its_local_time() -> None:
    kathmandu = ZoneInfo("Asia/Kathmandu")

    assert hours_lost("Asia/Kathmandu", MONDAY) == 6
    assert periods(TimeOffSpec(MONDAY, MONDAY), zone=kathmandu) == [(at(4, 18, 15), at(5, 18, 15))]


def test_the_day_that_apia_skipped_is_not_off_and_the_days_around_it_touch() -> None:
    apia, change = ZoneInfo("Pacific/Apia"), datetime(2011, 12, 30, 10, tzinfo=UTC)
    first, skipped, last = (date(2011, 12, day) for day in (29, 30, 31))
    day = timedelta(days=1)

    assert periods(TimeOffSpec(skipped, skipped), first=first, last=last, zone=apia) == []
    assert periods(TimeOffSpec(first, last), first=first, last=last, zone=apia) == [
        (change - day, change + day)
    ]


def test_time_off_applies_from_its_first_to_its_last_day_inclusive() -> None:
    assert periods(TimeOffSpec(MONDAY, MONDAY)) == [(at(5, 0), at(6, 0))]
    assert periods(TimeOffSpec(MONDAY, TUESDAY)) == [(at(5, 0), at(7, 0))]


def test_time_off_without_end_continues_to_the_last_requested_day() -> None:
    assert periods(TimeOffSpec(TUESDAY, None)) == [(at(6, 0), at(12, 0))]


def test_nothing_is_off_outside_the_requested_days() -> None:
    always = TimeOffSpec(date(2025, 1, 1), date(2027, 1, 1))

    assert periods(always, first=TUESDAY, last=TUESDAY) == [(at(6, 0), at(7, 0))]
    assert periods(always, first=TUESDAY, last=MONDAY) == []


def test_a_break_applies_on_its_weekdays_only() -> None:
    lunch = TimeOffSpec(date(2026, 1, 1), None, 720, 780, frozenset({0, 2}))

    assert periods(lunch) == [(at(5, 12), at(5, 13)), (at(7, 12), at(7, 13))]


def test_times_off_that_overlap_or_touch_are_merged() -> None:
    morning, noon, late = (
        TimeOffSpec(MONDAY, MONDAY, *times) for times in ((540, 660), (600, 720), (720, 721))
    )

    assert periods(late, morning, noon) == [(at(5, 9), at(5, 12, 1))]
    assert periods(late, morning) == [(at(5, 9), at(5, 11)), (at(5, 12), at(5, 12, 1))]


def test_a_period_inside_another_does_not_end_it() -> None:
    assert merge_periods([(at(5, 9), at(5, 12)), (at(5, 10), at(5, 11))]) == [(at(5, 9), at(5, 12))]


@pytest.mark.parametrize(
    ("begins", "ends", "remaining"),
    [
        (at(5, 8), at(5, 9), ["09:00", "09:30", "10:00"]),
        (at(5, 8), at(5, 9, 1), ["09:30", "10:00"]),
        (at(5, 9, 29), at(5, 9, 30), ["09:30", "10:00"]),
        (at(5, 9, 30), at(5, 9, 31), ["09:00", "10:00"]),
        (at(5, 9, 29), at(5, 9, 31), ["10:00"]),
        (at(5, 9, 59), at(5, 10), ["09:00", "10:00"]),
        (at(5, 10, 29), at(5, 10, 45), ["09:00", "09:30"]),
        (at(5, 10, 30), at(5, 10, 45), ["09:00", "09:30", "10:00"]),
        (at(5, 10, 45), at(5, 12), ["09:00", "09:30", "10:00"]),
        (at(5, 8), at(5, 12), []),
    ],
)
def test_a_slot_is_removed_if_a_minute_of_it_is_off_and_the_others_do_not_move(
    begins: datetime, ends: datetime, remaining: list[str]
) -> None:
    # Three slots, and a quarter of an hour that stays unused.
    period = WorkingPeriod(at(5, 9), at(5, 10, 45), 30)

    assert [f"{start:%H:%M}" for start, _ in slots(subtract_periods([period], [(begins, ends)]))] == remaining


def test_a_working_period_without_time_off_is_unchanged() -> None:
    period = WorkingPeriod(at(5, 9), at(5, 10, 45), 30)

    assert list(subtract_periods([period], [(at(5, 8), at(5, 9)), (at(5, 10, 45), at(5, 11))])) == [period]
    assert list(subtract_periods([period], [])) == [period]


def test_the_rest_of_a_working_period_keeps_its_place_and_its_unused_minutes() -> None:
    place, time_off = UUID(int=1), (at(5, 9, 40), at(5, 9, 50))
    period = WorkingPeriod(at(5, 9), at(5, 11, 10), 30, place)

    assert list(subtract_periods([period], [time_off])) == [
        WorkingPeriod(at(5, 9), at(5, 9, 30), 30, place),
        WorkingPeriod(at(5, 10), at(5, 11, 10), 30, place),
    ]


def test_each_working_period_loses_only_the_slots_that_overlap_time_off() -> None:
    monday, tuesday = (WorkingPeriod(at(day, 9), at(day, 11), 60) for day in (5, 6))
    before, inside, after = ((at(5, hour), at(5, hour, 30)) for hour in (7, 10, 14))
    inside_too = (at(6, 9, 10), at(6, 9, 20))

    remaining = subtract_periods([tuesday, monday], [before, inside, after, inside_too])

    assert list(remaining) == [
        WorkingPeriod(at(6, 10), at(6, 11), 60),
        WorkingPeriod(at(5, 9), at(5, 10), 60),
    ]


def test_two_times_off_within_one_slot_remove_it_once() -> None:
    period = WorkingPeriod(at(5, 9), at(5, 11), 60)

    remaining = subtract_periods([period], [(at(5, 9, 10), at(5, 9, 20)), (at(5, 9, 40), at(5, 9, 50))])

    assert list(remaining) == [WorkingPeriod(at(5, 10), at(5, 11), 60)]


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_exactly_the_slots_with_an_off_minute_are_removed(data: st.DataObject) -> None:
    zone = ZoneInfo(data.draw(st.sampled_from(ZONES)))
    first = data.draw(days(zone))
    last = first + timedelta(days=data.draw(st.integers(0, 3)))
    hours, specs = data.draw(weeks(first)), data.draw(times_off(first))
    walk = MinuteWalk(zone, first, last)
    off_minutes = walk.off_minutes(specs)

    off_periods = time_off_periods(specs, zone=zone, first=first, last=last)
    remaining = list(
        subtract_periods(
            plan_working_periods(hours=hours, exceptions={}, zone=zone, first=first, last=last), off_periods
        )
    )

    assert {minute for off_period in off_periods for minute in _minutes(*off_period)} == off_minutes
    assert all(end < start for (_, end), (start, _) in pairwise(off_periods))
    assert sorted(slots(remaining)) == [
        slot for slot in walk.slots(hours, {}) if off_minutes.isdisjoint(_minutes(*slot))
    ]
    assert all(slots_in(period) for period in remaining)


def _minutes(start: datetime, end: datetime) -> range:
    return range(int(start.timestamp()) // 60, int(end.timestamp()) // 60)
