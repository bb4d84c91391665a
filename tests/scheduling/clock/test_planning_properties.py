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
from tests.profiles import examples
from tests.scheduling.clock.planner_strategies import SLOT_MINUTES, ZONES, days, intervals, weeks
from tests.scheduling.clock.reference_planner import MinuteWalk

DATES_OF_JANUARY = st.dates(date(2026, 1, 1), date(2026, 1, 31))


@given(st.data())
@settings(max_examples=examples(quick=60, full=500), deadline=None)
def test_the_planner_agrees_with_the_minute_walk(data: st.DataObject) -> None:
    zone = ZoneInfo(data.draw(st.sampled_from(ZONES)))
    first = data.draw(days(zone))
    last = first + timedelta(days=data.draw(st.integers(0, 3)))
    hours = data.draw(weeks(first))
    exceptions = {
        day: DatedException(day, tuple(data.draw(intervals())), data.draw(SLOT_MINUTES))
        for day in data.draw(st.sets(st.integers(0, 3).map(lambda n: first + timedelta(days=n))))
    }

    periods = list(
        plan_working_periods(hours=hours, exceptions=exceptions, zone=zone, first=first, last=last)
    )

    slots = [slot for period in periods for slot in slots_in(period)]
    assert sorted(slots) == MinuteWalk(zone, first, last).slots(hours, exceptions)
    assert periods == sorted(periods)
    assert all(slots_in(period) for period in periods)
    assert all(end <= start for (_, end), (start, _) in pairwise(sorted(slots)))


@given(st.sampled_from(ZONES), st.integers(0, 2**31), st.integers(0, 400 * 86_400), st.data())
@settings(max_examples=examples(quick=60, full=500), deadline=None)
def test_utc_offsets_agree_with_the_zone_at_every_instant(
    name: str, start: int, length: int, data: st.DataObject
) -> None:
    zone, first = ZoneInfo(name), datetime.fromtimestamp(start, UTC)

    offsets = utc_offsets(zone, first, first + timedelta(seconds=length))

    timestamps = [start + data.draw(st.integers(0, length)) for _ in range(5)]
    timestamps += [int(since.timestamp()) - 1 for since, _ in offsets[1:]]
    for timestamp in timestamps:
        instant = datetime.fromtimestamp(timestamp, UTC)
        if timestamp < start + length or length == 0:
            current = [offset for since, offset in offsets if since <= instant][-1]
            assert current == instant.astimezone(zone).utcoffset()
    assert all(before != after for (_, before), (_, after) in pairwise(offsets))


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=5))
@settings(max_examples=examples(quick=200, full=2_000), deadline=None)
def test_check_day_accepts_exactly_the_days_without_overlapping_intervals(drawn: list[Interval]) -> None:
    intervals = [(opens, closes) for opens, closes in drawn if opens < closes]
    minutes = [minute for opens, closes in intervals for minute in range(opens, closes)]

    assert _is_accepted(check_day, intervals, 30) == (len(minutes) == len(set(minutes)))


@given(
    st.lists(
        st.tuples(
            *[st.integers(0, 12)] * 2, *[st.none() | DATES_OF_JANUARY] * 2, st.sampled_from(list(Weeks))
        ),
        max_size=4,
    )
)
@settings(max_examples=examples(quick=200, full=2_000), deadline=None)
def test_check_week_accepts_exactly_the_weeks_without_overlapping_hours_on_any_date(
    drawn: list[tuple[int, int, date | None, date | None, Weeks]],
) -> None:
    january = [date(2026, 1, 1) + timedelta(days=n) for n in range(31)]
    hours = [
        Hours(0, opens, closes, 5, valid_from, valid_until, letter)
        for opens, closes, valid_from, valid_until, letter in drawn
        if opens < closes and (valid_from or january[0]) <= (valid_until or january[-1])
    ]
    minutes = [
        (day, letter, minute)
        for day in january
        for interval in hours
        if (interval.valid_from or day) <= day <= (interval.valid_until or day)
        for letter in ([Weeks.A, Weeks.B] if interval.weeks is Weeks.EVERY else [interval.weeks])
        for minute in range(interval.opens, interval.closes)
    ]

    assert _is_accepted(check_week, hours) == (len(minutes) == len(set(minutes)))


def _is_accepted(check: Callable[..., None], *arguments: object) -> bool:
    try:
        check(*arguments)
    except HoursRefused:
        return False
    return True
