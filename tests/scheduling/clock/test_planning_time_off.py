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
ROUND_THE_CLOCK = [Hours(weekday, 0, 1440, 30) for weekday in range(7)]


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC)


def periods(
    *offs: TimeOffSpec, first: date = MONDAY, last: date = SUNDAY, zone: ZoneInfo = LONDON
) -> list[Period]:
    return time_off_periods(offs, zone=zone, first=first, last=last)


def on_the_clock(zone: str, day: date, opens: str, closes: str) -> list[tuple[str, str]]:
    """The periods of one day off, in the words of that zone's wall clock."""
    place = ZoneInfo(zone)
    off = TimeOffSpec(day, day, parse_clock(opens), parse_clock(closes))
    found = periods(off, first=day, last=day, zone=place)
    return [
        (f"{start.astimezone(place):%H:%M%z}", f"{end.astimezone(place):%H:%M%z}") for start, end in found
    ]


def hours_lost(zone: str, day: date) -> float:
    """What 00:30 to 06:30 off takes from work round the clock, in slots of half an hour."""
    place = ZoneInfo(zone)
    runs = list(plan_working_periods(hours=ROUND_THE_CLOCK, exceptions={}, zone=place, first=day, last=day))
    left = subtract_periods(runs, periods(TimeOffSpec(day, day, 30, 390), first=day, last=day, zone=place))
    return (len(slots(runs)) - len(slots(left))) / 2


def slots(runs: Iterable[WorkingPeriod]) -> list[Slot]:
    return [slot for run in runs for slot in slots_in(run)]


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


def test_a_skipped_time_is_never_off_and_a_doubled_one_twice() -> None:
    assert on_the_clock("Europe/London", date(2026, 3, 29), "01:00", "02:00") == []
    assert on_the_clock("Europe/London", date(2026, 10, 25), "01:15", "01:45") == [
        ("01:15+0100", "01:45+0100"),
        ("01:15+0000", "01:45+0000"),
    ]


def test_time_off_at_havanas_change_at_midnight() -> None:
    assert on_the_clock("America/Havana", date(2025, 3, 9), "00:00", "01:30") == [
        ("01:00-0400", "01:30-0400")
    ]
    assert on_the_clock("America/Havana", date(2025, 11, 2), "00:30", "06:30") == [
        ("00:30-0400", "00:00-0500"),
        ("00:30-0500", "06:30-0500"),
    ]


def test_time_off_in_kathmandu_keeps_its_odd_offset() -> None:
    kathmandu = ZoneInfo("Asia/Kathmandu")

    assert hours_lost("Asia/Kathmandu", MONDAY) == 6
    assert periods(TimeOffSpec(MONDAY, MONDAY), zone=kathmandu) == [(at(4, 18, 15), at(5, 18, 15))]


def test_the_day_that_apia_skipped_is_not_off_and_its_neighbours_touch() -> None:
    apia, change = ZoneInfo("Pacific/Apia"), datetime(2011, 12, 30, 10, tzinfo=UTC)
    first, skipped, last = (date(2011, 12, day) for day in (29, 30, 31))
    day = timedelta(days=1)

    assert periods(TimeOffSpec(skipped, skipped), first=first, last=last, zone=apia) == []
    assert periods(TimeOffSpec(first, last), first=first, last=last, zone=apia) == [
        (change - day, change + day)
    ]


def test_time_off_holds_from_its_first_to_its_last_day_included() -> None:
    assert periods(TimeOffSpec(MONDAY, MONDAY)) == [(at(5, 0), at(6, 0))]
    assert periods(TimeOffSpec(MONDAY, TUESDAY)) == [(at(5, 0), at(7, 0))]


def test_time_off_without_end_goes_on_to_the_last_day_asked_for() -> None:
    assert periods(TimeOffSpec(TUESDAY, None)) == [(at(6, 0), at(12, 0))]


def test_nothing_is_off_outside_the_days_asked_for() -> None:
    always = TimeOffSpec(date(2025, 1, 1), date(2027, 1, 1))

    assert periods(always, first=TUESDAY, last=TUESDAY) == [(at(6, 0), at(7, 0))]
    assert periods(always, first=TUESDAY, last=MONDAY) == []


def test_a_break_comes_on_its_weekdays_only() -> None:
    lunch = TimeOffSpec(date(2026, 1, 1), None, 720, 780, frozenset({0, 2}))

    assert periods(lunch) == [(at(5, 12), at(5, 13)), (at(7, 12), at(7, 13))]


def test_times_off_that_overlap_or_touch_are_one_period() -> None:
    morning, noon, late = (
        TimeOffSpec(MONDAY, MONDAY, *times) for times in ((540, 660), (600, 720), (720, 721))
    )

    assert periods(late, morning, noon) == [(at(5, 9), at(5, 12, 1))]
    assert periods(late, morning) == [(at(5, 9), at(5, 11)), (at(5, 12), at(5, 12, 1))]


def test_a_period_inside_another_does_not_end_it() -> None:
    assert merge_periods([(at(5, 9), at(5, 12)), (at(5, 10), at(5, 11))]) == [(at(5, 9), at(5, 12))]


@pytest.mark.parametrize(
    ("begins", "ends", "left"),
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
def test_a_slot_goes_when_a_minute_of_it_is_off_and_no_other_moves(
    begins: datetime, ends: datetime, left: list[str]
) -> None:
    # Three slots, and a quarter of an hour left over.
    run = WorkingPeriod(at(5, 9), at(5, 10, 45), 30)

    assert [f"{start:%H:%M}" for start, _ in slots(subtract_periods([run], [(begins, ends)]))] == left


def test_a_run_that_meets_no_period_comes_back_as_it_is() -> None:
    run = WorkingPeriod(at(5, 9), at(5, 10, 45), 30)

    assert list(subtract_periods([run], [(at(5, 8), at(5, 9)), (at(5, 10, 45), at(5, 11))])) == [run]
    assert list(subtract_periods([run], [])) == [run]


def test_what_is_left_of_a_run_keeps_its_place_and_its_leftover() -> None:
    place, noon = UUID(int=1), (at(5, 9, 40), at(5, 9, 50))
    run = WorkingPeriod(at(5, 9), at(5, 11, 10), 30, place)

    assert list(subtract_periods([run], [noon])) == [
        WorkingPeriod(at(5, 9), at(5, 9, 30), 30, place),
        WorkingPeriod(at(5, 10), at(5, 11, 10), 30, place),
    ]


def test_each_run_loses_its_own_slots_only_whatever_is_off_before_and_after_it() -> None:
    monday, tuesday = (WorkingPeriod(at(day, 9), at(day, 11), 60) for day in (5, 6))
    before, inside, after = ((at(5, hour), at(5, hour, 30)) for hour in (7, 10, 14))
    inside_too = (at(6, 9, 10), at(6, 9, 20))

    left = subtract_periods([tuesday, monday], [before, inside, after, inside_too])

    assert list(left) == [WorkingPeriod(at(6, 10), at(6, 11), 60), WorkingPeriod(at(5, 9), at(5, 10), 60)]


def test_two_periods_that_meet_one_slot_remove_it_once() -> None:
    run = WorkingPeriod(at(5, 9), at(5, 11), 60)

    left = subtract_periods([run], [(at(5, 9, 10), at(5, 9, 20)), (at(5, 9, 40), at(5, 9, 50))])

    assert list(left) == [WorkingPeriod(at(5, 10), at(5, 11), 60)]


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_exactly_the_slots_with_an_off_minute_are_removed(data: st.DataObject) -> None:
    zone = ZoneInfo(data.draw(st.sampled_from(ZONES)))
    first = data.draw(days(zone))
    last = first + timedelta(days=data.draw(st.integers(0, 3)))
    hours, offs = data.draw(weeks(first)), data.draw(times_off(first))
    walk = MinuteWalk(zone, first, last)
    off_minutes = walk.off_minutes(offs)

    found = time_off_periods(offs, zone=zone, first=first, last=last)
    left = list(
        subtract_periods(
            plan_working_periods(hours=hours, exceptions={}, zone=zone, first=first, last=last), found
        )
    )

    assert {minute for period in found for minute in _minutes(*period)} == off_minutes
    assert all(end < start for (_, end), (start, _) in pairwise(found))
    assert sorted(slots(left)) == [
        slot for slot in walk.slots(hours, {}) if off_minutes.isdisjoint(_minutes(*slot))
    ]
    assert all(slots_in(run) for run in left)


def _minutes(start: datetime, end: datetime) -> range:
    return range(int(start.timestamp()) // 60, int(end.timestamp()) // 60)
