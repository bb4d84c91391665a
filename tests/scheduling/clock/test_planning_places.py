from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.clock.planning import DatedException, Hours, WorkingPeriod, plan_working_periods, slots_in
from tests.scheduling.clock.planner_strategies import SLOT_MINUTES, ZONES, days, intervals, weeks
from tests.scheduling.clock.reference_planner import MinuteWalk

LONDON, NEW_YORK, AUCKLAND = map(ZoneInfo, ["Europe/London", "America/New_York", "Pacific/Auckland"])
HERE, THERE = UUID(int=1), UUID(int=2)
MONDAY = date(2026, 1, 5)


def plan(
    *hours: Hours, exceptions: Iterable[DatedException] = (), first: date = MONDAY, last: date = MONDAY
) -> list[WorkingPeriod]:
    dated = {each.day: each for each in exceptions}
    return list(plan_working_periods(hours=hours, exceptions=dated, zone=LONDON, first=first, last=last))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC)


def test_a_run_says_at_which_place_it_is() -> None:
    runs = plan(
        Hours(0, 540, 600, 30, place=HERE), Hours(0, 600, 660, 30, place=THERE), Hours(0, 660, 720, 30)
    )

    assert runs == [
        WorkingPeriod(at(5, 9), at(5, 10), 30, HERE),
        WorkingPeriod(at(5, 10), at(5, 11), 30, THERE),
        WorkingPeriod(at(5, 11), at(5, 12), 30, None),
    ]


def test_hours_of_another_zone_are_what_its_own_clock_shows() -> None:
    assert plan(Hours(0, 540, 600, 30, zone=NEW_YORK)) == [WorkingPeriod(at(5, 14), at(5, 15), 30)]


def test_hours_of_another_zone_change_with_its_own_clock() -> None:
    # New York is an hour closer between its change of 8 March and London's of the 29th.
    sundays = [date(2026, 3, day) for day in (1, 8, 29)]

    runs = [plan(Hours(6, 540, 600, 60, zone=NEW_YORK), first=day, last=day) for day in sundays]

    assert [run.starts_at.hour for (run,) in runs] == [14, 13, 13]


def test_the_weekday_of_another_zone_is_that_of_its_own_calendar() -> None:
    # Monday morning in Auckland is Sunday evening in London.
    monday = Hours(0, 540, 600, 60, zone=AUCKLAND)

    assert plan(monday, first=date(2026, 1, 4), last=date(2026, 1, 4)) == [
        WorkingPeriod(at(4, 20), at(4, 21), 60)
    ]
    assert plan(monday) == []


def test_calendars_two_days_apart_see_each_others_hours() -> None:
    # Between 23:00 and midnight in Pago Pago it is past midnight on Kiritimati, two dates further on.
    pago_pago, kiritimati = ZoneInfo("Pacific/Pago_Pago"), ZoneInfo("Pacific/Kiritimati")
    after_midnight = Hours(2, 0, 60, 60, zone=kiritimati)
    before_midnight = Hours(0, 23 * 60, 1440, 60, zone=pago_pago)
    wednesday = date(2026, 1, 7)

    there = plan_working_periods(
        hours=[after_midnight], exceptions={}, zone=pago_pago, first=MONDAY, last=MONDAY
    )
    back = plan_working_periods(
        hours=[before_midnight], exceptions={}, zone=kiritimati, first=wednesday, last=wednesday
    )

    assert [list(there), list(back)] == [[WorkingPeriod(at(6, 10), at(6, 11), 60)]] * 2


def test_an_exception_replaces_a_day_of_the_calendar_of_the_hours() -> None:
    sunday, monday = date(2026, 1, 4), MONDAY
    hours = Hours(0, 540, 600, 60, zone=AUCKLAND)

    assert plan(hours, exceptions=[DatedException(monday, (), 60)], first=sunday) == []
    assert plan(hours, exceptions=[DatedException(sunday, (), 60)], first=sunday) != []


def test_an_exception_may_be_at_another_place_in_another_zone() -> None:
    away = DatedException(MONDAY, ((540, 600),), 60, NEW_YORK, THERE)

    assert plan(Hours(0, 540, 600, 30, place=HERE), exceptions=[away]) == [
        WorkingPeriod(at(5, 14), at(5, 15), 60, THERE)
    ]


def test_a_run_over_the_clinics_midnight_is_planned_on_both_days_without_moving_a_slot() -> None:
    # 18:10 to 20:10 in New York is 23:10 to 01:10 in London.
    evening = Hours(0, 18 * 60 + 10, 20 * 60 + 10, 40, zone=NEW_YORK)

    monday, tuesday = plan(evening), plan(evening, first=date(2026, 1, 6), last=date(2026, 1, 6))

    assert monday == [WorkingPeriod(at(5, 23, 10), at(6, 0, 30), 40)]
    assert tuesday == [WorkingPeriod(at(6, 0, 30), at(6, 1, 10), 40)]


def test_the_later_of_two_overlapping_runs_begins_where_the_earlier_ends() -> None:
    here, there = Hours(0, 840, 930, 30, place=HERE), Hours(0, 600, 700, 30, zone=NEW_YORK, place=THERE)

    # 15:00 to 16:40 in London's time, of which the first half hour is taken.
    assert plan(there, here) == [
        WorkingPeriod(at(5, 14), at(5, 15, 30), 30, HERE),
        WorkingPeriod(at(5, 15, 30), at(5, 16, 40), 30, THERE),
    ]


def test_the_later_of_two_overlapping_runs_is_dropped_when_it_is_one_minute_too_short() -> None:
    here = Hours(0, 840, 930, 30, place=HERE)

    def places(closes: int) -> list[UUID | None]:
        return [run.place for run in plan(here, Hours(0, 600, closes, 30, zone=NEW_YORK, place=THERE))]

    assert places(10 * 60 + 59) == [HERE]
    assert places(11 * 60) == [HERE, THERE]


def test_a_run_that_is_dropped_takes_no_time_from_another() -> None:
    here = Hours(0, 840, 930, 30, place=HERE)
    too_short, next_one = (
        Hours(0, 600, 640, 30, zone=NEW_YORK),  # until 15:40, ten minutes after `here`
        Hours(0, 935, 995, 60, place=THERE),
    )

    assert [run.place for run in plan(here, too_short, next_one)] == [HERE, THERE]


def test_of_two_runs_that_start_together_the_shorter_comes_first_whatever_their_places() -> None:
    long, short = Hours(0, 840, 960, 30, place=THERE), Hours(0, 540, 600, 30, zone=NEW_YORK)

    assert plan(long, short) == [
        WorkingPeriod(at(5, 14), at(5, 15), 30, None),
        WorkingPeriod(at(5, 15), at(5, 16), 30, THERE),
    ]


def test_two_equal_runs_of_places_that_have_no_order_are_one() -> None:
    here, there = Hours(0, 840, 900, 30, place=None), Hours(0, 540, 600, 30, zone=NEW_YORK, place=THERE)

    assert plan(here, there) == [WorkingPeriod(at(5, 14), at(5, 15), 30, None)]
    assert plan(there, here) == [WorkingPeriod(at(5, 14), at(5, 15), 30, THERE)]


def test_the_ends_of_the_calendar_are_no_trap_for_other_zones() -> None:
    hours = [Hours(weekday, 0, 1440, 480, zone=AUCKLAND) for weekday in range(7)]

    assert {run.starts_at.year for run in plan(*hours, first=date.min, last=date(2, 1, 3))} == {1, 2}
    assert {run.starts_at.year for run in plan(*hours, first=date(9998, 12, 29), last=date.max)} == {9998}


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_the_planner_agrees_with_a_walk_by_the_clocks_of_all_places(data: st.DataObject) -> None:
    own, other = (ZoneInfo(data.draw(st.sampled_from(ZONES))) for _ in range(2))
    first = data.draw(days(own) | days(other))
    last = first + timedelta(days=data.draw(st.integers(0, 2)))
    at_home, away = data.draw(weeks(first)), data.draw(weeks(first))
    hours = [replace(each, place=HERE) for each in at_home] + [
        replace(each, zone=other, place=THERE) for each in away
    ]
    dates = data.draw(st.sets(st.integers(-2, 4).map(lambda n: first + timedelta(days=n)), max_size=3))
    exceptions = {
        day: DatedException(
            day,
            tuple(data.draw(intervals())),
            data.draw(SLOT_MINUTES),
            data.draw(st.sampled_from([None, other])),
        )
        for day in dates
    }

    runs = list(plan_working_periods(hours=hours, exceptions=exceptions, zone=own, first=first, last=last))

    slots = [(start, end, run.place) for run in runs for start, end in slots_in(run)]
    assert slots == MinuteWalk(own, first, last).slots_anywhere(hours, exceptions)
    assert all(slots_in(run) for run in runs)
    assert runs == sorted(runs)
    assert all(end <= start for (_, end, _), (start, _, _) in pairwise(slots))


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_days_planned_one_by_one_are_the_days_planned_together(data: st.DataObject) -> None:
    own, other = (ZoneInfo(data.draw(st.sampled_from(ZONES))) for _ in range(2))
    first = data.draw(days(own))
    # With a pause at every date's end, as a day's hours would otherwise depend on those of all days before.
    hours = [
        replace(each, zone=data.draw(st.sampled_from([None, other])))
        for each in data.draw(weeks(first))
        if each.closes <= 720
    ]
    span = [first + timedelta(days=n) for n in range(4)]

    def slots(since: date, until: date) -> list[tuple[datetime, datetime]]:
        planned = plan_working_periods(hours=hours, exceptions={}, zone=own, first=since, last=until)
        return [slot for run in planned for slot in slots_in(run)]

    one_by_one = [slot for day in span for slot in slots(day, day)]

    assert sorted(one_by_one) == slots(span[0], span[-1])
