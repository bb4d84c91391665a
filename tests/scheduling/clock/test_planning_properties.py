from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.clock.planning import (
    DatedException,
    Hours,
    HoursRefused,
    Interval,
    Weeks,
    check_day,
    check_week,
    plan_working_periods,
    slots_in,
    utc_offsets,
)
from tests.scheduling.clock.planner_strategies import SLOT_MINUTES, ZONES, days, intervals, weeks
from tests.scheduling.clock.reference_planner import MinuteWalk

DATES_OF_JANUARY = st.dates(date(2026, 1, 1), date(2026, 1, 31))


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_the_planner_agrees_with_a_walk_over_every_minute(data: st.DataObject) -> None:
    zone = ZoneInfo(data.draw(st.sampled_from(ZONES)))
    first = data.draw(days(zone))
    last = first + timedelta(days=data.draw(st.integers(0, 3)))
    hours = data.draw(weeks(first))
    exceptions = {
        day: DatedException(day, tuple(data.draw(intervals())), data.draw(SLOT_MINUTES))
        for day in data.draw(st.sets(st.integers(0, 3).map(lambda n: first + timedelta(days=n))))
    }

    runs = list(plan_working_periods(hours=hours, exceptions=exceptions, zone=zone, first=first, last=last))

    slots = [slot for run in runs for slot in slots_in(run)]
    assert sorted(slots) == MinuteWalk(zone, first, last).slots(hours, exceptions)
    assert runs == sorted(runs)
    assert all(slots_in(run) for run in runs)
    assert all(end <= start for (_, end), (start, _) in pairwise(sorted(slots)))


@given(st.sampled_from(ZONES), st.integers(0, 2**31), st.integers(0, 400 * 86_400), st.data())
@settings(max_examples=200, deadline=None)
def test_utc_offsets_agree_with_the_zone_at_every_instant(
    name: str, start: int, length: int, data: st.DataObject
) -> None:
    zone, begin = ZoneInfo(name), datetime.fromtimestamp(start, UTC)

    offsets = utc_offsets(zone, begin, begin + timedelta(seconds=length))

    moments = [start + data.draw(st.integers(0, length)) for _ in range(5)]
    moments += [int(since.timestamp()) - 1 for since, _ in offsets[1:]]
    for moment in moments:
        instant = datetime.fromtimestamp(moment, UTC)
        if moment < start + length or length == 0:
            in_force = [offset for since, offset in offsets if since <= instant][-1]
            assert in_force == instant.astimezone(zone).utcoffset()
    assert all(before != after for (_, before), (_, after) in pairwise(offsets))


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=5))
@settings(max_examples=500, deadline=None)
def test_a_day_is_taken_exactly_when_no_minute_is_open_twice(drawn: list[Interval]) -> None:
    intervals = [(opens, closes) for opens, closes in drawn if opens < closes]
    minutes = [minute for opens, closes in intervals for minute in range(opens, closes)]

    assert _is_taken(check_day, intervals, 30) == (len(minutes) == len(set(minutes)))


@given(
    st.lists(
        st.tuples(
            *[st.integers(0, 12)] * 2, *[st.none() | DATES_OF_JANUARY] * 2, st.sampled_from(list(Weeks))
        ),
        max_size=4,
    )
)
@settings(max_examples=500, deadline=None)
def test_a_week_is_taken_exactly_when_no_minute_of_any_date_is_open_twice_in_weeks_of_one_letter(
    drawn: list[tuple[int, int, date | None, date | None, Weeks]],
) -> None:
    january = [date(2026, 1, 1) + timedelta(days=n) for n in range(31)]
    hours = [
        Hours(0, opens, closes, 5, since, until, letter)
        for opens, closes, since, until, letter in drawn
        if opens < closes and (since or january[0]) <= (until or january[-1])
    ]
    minutes = [
        (day, letter, minute)
        for day in january
        for each in hours
        if (each.valid_from or day) <= day <= (each.valid_until or day)
        for letter in ([Weeks.A, Weeks.B] if each.weeks is Weeks.EVERY else [each.weeks])
        for minute in range(each.opens, each.closes)
    ]

    assert _is_taken(check_week, hours) == (len(minutes) == len(set(minutes)))


def _is_taken(check: Callable[..., None], *arguments: object) -> bool:
    try:
        check(*arguments)
    except HoursRefused:
        return False
    return True
