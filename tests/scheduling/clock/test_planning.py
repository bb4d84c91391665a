from collections.abc import Iterable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from scheduling.clock.planning import DatedException, Hours, WorkingPeriod, plan_working_periods, slots_in

LONDON = ZoneInfo("Europe/London")
MONDAY, TUESDAY = date(2026, 1, 5), date(2026, 1, 6)
NINE, TEN, NOON, TWO = 9 * 60, 10 * 60, 12 * 60, 14 * 60


def plan(
    *hours: Hours, exceptions: Iterable[DatedException] = (), first: date = MONDAY, last: date = TUESDAY
) -> list[WorkingPeriod]:
    dated = {exception.day: exception for exception in exceptions}
    return list(plan_working_periods(hours=hours, exceptions=dated, zone=LONDON, first=first, last=last))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC)


def test_each_interval_is_a_period_of_its_own_and_periods_are_sorted() -> None:
    afternoon, morning = Hours(0, TWO, TWO + 60, 30), Hours(0, NINE, NOON, 20)

    periods = plan(afternoon, morning)

    assert periods == [WorkingPeriod(at(5, 9), at(5, 12), 20), WorkingPeriod(at(5, 14), at(5, 15), 30)]


def test_intervals_that_touch_stay_two_periods() -> None:
    periods = plan(Hours(0, NINE, NINE + 50, 30), Hours(0, NINE + 50, NINE + 80, 30))

    assert periods == [
        WorkingPeriod(at(5, 9), at(5, 9, 50), 30),
        WorkingPeriod(at(5, 9, 50), at(5, 10, 20), 30),
    ]


def test_slots_follow_each_other_from_the_opening_and_the_rest_stays_unused() -> None:
    (period,) = plan(Hours(0, NINE + 5, TEN, 25))

    assert slots_in(period) == [(at(5, 9, 5), at(5, 9, 30)), (at(5, 9, 30), at(5, 9, 55))]


def test_an_interval_one_minute_too_short_for_a_slot_is_left_out() -> None:
    assert [len(slots_in(period)) for period in plan(Hours(0, NINE, NINE + 30, 30))] == [1]
    assert plan(Hours(0, NINE, NINE + 29, 30)) == []


def test_a_day_that_closes_at_24_00_ends_when_the_next_day_begins() -> None:
    periods = plan(Hours(0, 23 * 60, 1440, 30), Hours(1, 0, 60, 30))

    assert periods == [WorkingPeriod(at(5, 23), at(6, 0), 30), WorkingPeriod(at(6, 0), at(6, 1), 30)]


def test_closing_at_23_59_leaves_the_last_quarter_of_an_hour_unused() -> None:
    (period,) = plan(Hours(0, 0, 23 * 60 + 59, 15))

    slots = slots_in(period)

    assert (len(slots), slots[-1]) == (95, (at(5, 23, 30), at(5, 23, 45)))


def test_hours_apply_from_their_first_to_their_last_date_inclusive() -> None:
    def days_of(hours: Hours) -> list[int]:
        periods = plan(hours, first=date(2026, 1, 1), last=date(2026, 1, 31))
        return [period.starts_at.day for period in periods]

    assert days_of(Hours(0, NINE, TEN, 30)) == [5, 12, 19, 26]
    assert days_of(Hours(0, NINE, TEN, 30, valid_from=date(2026, 1, 12))) == [12, 19, 26]
    assert days_of(Hours(0, NINE, TEN, 30, valid_from=date(2026, 1, 13))) == [19, 26]
    assert days_of(Hours(0, NINE, TEN, 30, valid_until=date(2026, 1, 12))) == [5, 12]
    assert days_of(Hours(0, NINE, TEN, 30, valid_until=date(2026, 1, 11))) == [5]


def test_an_exception_replaces_the_whole_day_with_its_own_slot_length() -> None:
    other = DatedException(MONDAY, ((TWO, TWO + 60),), 20)

    periods = plan(Hours(0, NINE, TEN, 30), Hours(1, NINE, TEN, 30), exceptions=[other])

    assert periods == [WorkingPeriod(at(5, 14), at(5, 15), 20), WorkingPeriod(at(6, 9), at(6, 10), 30)]


def test_an_exception_without_intervals_closes_the_day() -> None:
    closed = DatedException(MONDAY, (), 30)

    assert plan(Hours(0, NINE, TEN, 30), exceptions=[closed]) == []


def test_an_exception_opens_a_day_without_hours() -> None:
    opened = DatedException(TUESDAY, ((NINE, TEN),), 60)

    assert plan(exceptions=[opened]) == [WorkingPeriod(at(6, 9), at(6, 10), 60)]


def test_first_and_last_are_days_in_the_clinics_time_zone_and_inclusive() -> None:
    hours = [Hours(weekday, 0, 1440, 60) for weekday in range(7)]
    kathmandu = ZoneInfo("Asia/Kathmandu")

    periods = list(
        plan_working_periods(hours=hours, exceptions={}, zone=kathmandu, first=MONDAY, last=TUESDAY)
    )

    assert periods == [
        WorkingPeriod(at(4, 18, 15), at(5, 18, 15), 60),
        WorkingPeriod(at(5, 18, 15), at(6, 18, 15), 60),
    ]


def test_a_range_that_ends_before_it_starts_has_no_periods() -> None:
    assert plan(Hours(0, NINE, TEN, 30), first=TUESDAY, last=MONDAY) == []


@pytest.mark.parametrize("zone", ["UTC", "Asia/Manila", "Pacific/Kiritimati", "America/Juneau"])
def test_days_at_the_ends_of_the_calendar_do_not_raise(zone: str) -> None:
    hours = [Hours(weekday, 0, 1440, 480) for weekday in range(7)]

    def days_planned(first: date, last: date) -> int:
        return len(
            list(
                plan_working_periods(hours=hours, exceptions={}, zone=ZoneInfo(zone), first=first, last=last)
            )
        )

    assert days_planned(date.min, date(2, 1, 3)) == 3
    assert days_planned(date(9998, 12, 29), date.max) == 3
