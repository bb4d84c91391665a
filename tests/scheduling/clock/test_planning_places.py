from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.clock.planning import DatedException, Hours, WorkingPeriod, plan_working_periods, slots_in
from tests.profiles import examples
from tests.scheduling.clock.planner_strategies import SLOT_MINUTES, ZONES, days, intervals, weeks
from tests.scheduling.clock.reference_planner import MinuteWalk

LONDON, NEW_YORK, AUCKLAND = map(ZoneInfo, ["Europe/London", "America/New_York", "Pacific/Auckland"])
PLACE_A, PLACE_B = UUID(int=1), UUID(int=2)
MONDAY = date(2026, 1, 5)


def plan(
    *hours: Hours, exceptions: Iterable[DatedException] = (), first: date = MONDAY, last: date = MONDAY
) -> list[WorkingPeriod]:
    dated = {exception.day: exception for exception in exceptions}
    return list(plan_working_periods(hours=hours, exceptions=dated, zone=LONDON, first=first, last=last))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC)


def test_a_period_contains_its_place() -> None:
    periods = plan(
        Hours(0, 540, 600, 30, place=PLACE_A), Hours(0, 600, 660, 30, place=PLACE_B), Hours(0, 660, 720, 30)
    )

    assert periods == [
        WorkingPeriod(at(5, 9), at(5, 10), 30, PLACE_A),
        WorkingPeriod(at(5, 10), at(5, 11), 30, PLACE_B),
        WorkingPeriod(at(5, 11), at(5, 12), 30, None),
    ]


def test_hours_of_another_zone_are_in_its_local_time() -> None:
    assert plan(Hours(0, 540, 600, 30, zone=NEW_YORK)) == [WorkingPeriod(at(5, 14), at(5, 15), 30)]


def test_hours_of_another_zone_follow_its_clock_changes() -> None:
    # New York is an hour closer between its change of 8 March and London's of the 29th.
    sundays = [date(2026, 3, day) for day in (1, 8, 29)]

    periods = [plan(Hours(6, 540, 600, 60, zone=NEW_YORK), first=day, last=day) for day in sundays]

    assert [period.starts_at.hour for (period,) in periods] == [14, 13, 13]


def test_the_weekday_of_hours_of_another_zone_is_its_local_weekday() -> None:
    # Monday morning in Auckland is Sunday evening in London.
    monday = Hours(0, 540, 600, 60, zone=AUCKLAND)

    assert plan(monday, first=date(2026, 1, 4), last=date(2026, 1, 4)) == [
        WorkingPeriod(at(4, 20), at(4, 21), 60)
    ]
    assert plan(monday) == []


def test_hours_are_planned_in_a_zone_whose_date_differs_by_two_days() -> None:
    # From 23:00 to midnight in Pago Pago it is past midnight on Kiritimati, with a date two days later.
    pago_pago, kiritimati = ZoneInfo("Pacific/Pago_Pago"), ZoneInfo("Pacific/Kiritimati")
    after_midnight = Hours(2, 0, 60, 60, zone=kiritimati)
    before_midnight = Hours(0, 23 * 60, 1440, 60, zone=pago_pago)
    wednesday = date(2026, 1, 7)

    in_pago_pago = plan_working_periods(
        hours=[after_midnight], exceptions={}, zone=pago_pago, first=MONDAY, last=MONDAY
    )
    on_kiritimati = plan_working_periods(
        hours=[before_midnight], exceptions={}, zone=kiritimati, first=wednesday, last=wednesday
    )

    assert [list(in_pago_pago), list(on_kiritimati)] == [[WorkingPeriod(at(6, 10), at(6, 11), 60)]] * 2


def test_an_exception_replaces_a_local_date_of_the_hours() -> None:
    sunday, monday = date(2026, 1, 4), MONDAY
    hours = Hours(0, 540, 600, 60, zone=AUCKLAND)

    assert plan(hours, exceptions=[DatedException(monday, (), 60)], first=sunday) == []
    assert plan(hours, exceptions=[DatedException(sunday, (), 60)], first=sunday) != []


def test_an_exception_may_be_at_another_place_in_another_zone() -> None:
    away = DatedException(MONDAY, ((540, 600),), 60, NEW_YORK, PLACE_B)

    assert plan(Hours(0, 540, 600, 30, place=PLACE_A), exceptions=[away]) == [
        WorkingPeriod(at(5, 14), at(5, 15), 60, PLACE_B)
    ]


def test_a_period_across_the_clinics_midnight_is_split_between_two_days_at_a_slot() -> None:
    # 18:10 to 20:10 in New York is 23:10 to 01:10 in London.
    evening = Hours(0, 18 * 60 + 10, 20 * 60 + 10, 40, zone=NEW_YORK)

    monday, tuesday = plan(evening), plan(evening, first=date(2026, 1, 6), last=date(2026, 1, 6))

    assert monday == [WorkingPeriod(at(5, 23, 10), at(6, 0, 30), 40)]
    assert tuesday == [WorkingPeriod(at(6, 0, 30), at(6, 1, 10), 40)]


def test_the_later_of_two_overlapping_periods_begins_where_the_earlier_ends() -> None:
    earlier, later = (
        Hours(0, 840, 930, 30, place=PLACE_A),
        Hours(0, 600, 700, 30, zone=NEW_YORK, place=PLACE_B),
    )

    # The later hours are 15:00 to 16:40 in London; the earlier ones take the first half hour.
    assert plan(later, earlier) == [
        WorkingPeriod(at(5, 14), at(5, 15, 30), 30, PLACE_A),
        WorkingPeriod(at(5, 15, 30), at(5, 16, 40), 30, PLACE_B),
    ]


def test_the_later_of_two_overlapping_periods_is_dropped_if_it_becomes_too_short_for_a_slot() -> None:
    earlier = Hours(0, 840, 930, 30, place=PLACE_A)

    def places(closes: int) -> list[UUID | None]:
        return [
            period.place for period in plan(earlier, Hours(0, 600, closes, 30, zone=NEW_YORK, place=PLACE_B))
        ]

    assert places(10 * 60 + 59) == [PLACE_A]
    assert places(11 * 60) == [PLACE_A, PLACE_B]


def test_a_dropped_period_does_not_shorten_the_next_one() -> None:
    first = Hours(0, 840, 930, 30, place=PLACE_A)
    too_short, after = (
        Hours(0, 600, 640, 30, zone=NEW_YORK),  # until 15:40, ten minutes after the end of `first`
        Hours(0, 935, 995, 60, place=PLACE_B),
    )

    assert [period.place for period in plan(first, too_short, after)] == [PLACE_A, PLACE_B]


def test_of_two_periods_with_the_same_start_the_shorter_comes_first_at_any_place() -> None:
    long, short = Hours(0, 840, 960, 30, place=PLACE_B), Hours(0, 540, 600, 30, zone=NEW_YORK)

    assert plan(long, short) == [
        WorkingPeriod(at(5, 14), at(5, 15), 30, None),
        WorkingPeriod(at(5, 15), at(5, 16), 30, PLACE_B),
    ]


def test_of_two_periods_with_the_same_times_the_first_given_is_kept() -> None:
    in_london, in_new_york = (
        Hours(0, 840, 900, 30, place=None),
        Hours(0, 540, 600, 30, zone=NEW_YORK, place=PLACE_B),
    )

    assert plan(in_london, in_new_york) == [WorkingPeriod(at(5, 14), at(5, 15), 30, None)]
    assert plan(in_new_york, in_london) == [WorkingPeriod(at(5, 14), at(5, 15), 30, PLACE_B)]


def test_days_at_the_ends_of_the_calendar_do_not_raise_in_other_zones() -> None:
    hours = [Hours(weekday, 0, 1440, 480, zone=AUCKLAND) for weekday in range(7)]

    assert {period.starts_at.year for period in plan(*hours, first=date.min, last=date(2, 1, 3))} == {1, 2}
    assert {period.starts_at.year for period in plan(*hours, first=date(9998, 12, 29), last=date.max)} == {
        9998
    }


@pytest.mark.property
@given(st.data())
@settings(max_examples=examples(quick=50, full=500), deadline=None)
def test_the_planner_agrees_with_the_minute_walk_over_several_zones(data: st.DataObject) -> None:
    clinic_zone, other_zone = (ZoneInfo(data.draw(st.sampled_from(ZONES))) for _ in range(2))
    first = data.draw(days(clinic_zone) | days(other_zone))
    last = first + timedelta(days=data.draw(st.integers(0, 2)))
    at_the_clinic, at_the_place = data.draw(weeks(first)), data.draw(weeks(first))
    hours = [replace(interval, place=PLACE_A) for interval in at_the_clinic] + [
        replace(interval, zone=other_zone, place=PLACE_B) for interval in at_the_place
    ]
    dates = data.draw(st.sets(st.integers(-2, 4).map(lambda n: first + timedelta(days=n)), max_size=3))
    exceptions = {
        day: DatedException(
            day,
            tuple(data.draw(intervals())),
            data.draw(SLOT_MINUTES),
            data.draw(st.sampled_from([None, other_zone])),
        )
        for day in dates
    }

    periods = list(
        plan_working_periods(hours=hours, exceptions=exceptions, zone=clinic_zone, first=first, last=last)
    )

    slots = [(start, end, period.place) for period in periods for start, end in slots_in(period)]
    assert slots == MinuteWalk(clinic_zone, first, last).slots_anywhere(hours, exceptions)
    assert all(slots_in(period) for period in periods)
    assert periods == sorted(periods)
    assert all(end <= start for (_, end, _), (start, _, _) in pairwise(slots))


@pytest.mark.property
@given(st.data())
@settings(max_examples=examples(quick=40, full=400), deadline=None)
def test_days_planned_one_by_one_have_the_same_slots_as_days_planned_together(data: st.DataObject) -> None:
    clinic_zone, other_zone = (ZoneInfo(data.draw(st.sampled_from(ZONES))) for _ in range(2))
    first = data.draw(days(clinic_zone))
    # No hours late in the day: otherwise a day's periods could be shortened by those of the day before.
    hours = [
        replace(interval, zone=data.draw(st.sampled_from([None, other_zone])))
        for interval in data.draw(weeks(first))
        if interval.closes <= 720
    ]
    span = [first + timedelta(days=n) for n in range(4)]

    def slots(start: date, end: date) -> list[tuple[datetime, datetime]]:
        planned = plan_working_periods(hours=hours, exceptions={}, zone=clinic_zone, first=start, last=end)
        return [slot for period in planned for slot in slots_in(period)]

    one_by_one = [slot for day in span for slot in slots(day, day)]

    assert sorted(one_by_one) == slots(span[0], span[-1])
