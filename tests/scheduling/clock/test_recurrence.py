from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.clock.recurrence import MissingDay, Unit, series_days
from tests.scheduling.clock.reference_planner import series_walk


def formatted_days(first: date, unit: Unit, every: int, count: int) -> list[str]:
    """Return days as "05-14" and months without such a day as "02-none"."""
    days = series_days(first=first, unit=unit, every=every, count=count)
    return [f"{day.month:02}-none" if isinstance(day, MissingDay) else f"{day:%m-%d}" for day in days]


def test_every_week_and_every_other_week_keep_the_weekday() -> None:
    thursday = date(2026, 12, 17)

    assert formatted_days(thursday, Unit.WEEK, 1, 4) == ["12-17", "12-24", "12-31", "01-07"]
    assert formatted_days(thursday, Unit.WEEK, 2, 4) == ["12-17", "12-31", "01-14", "01-28"]


def test_the_same_day_of_the_month_continues_into_the_next_year() -> None:
    assert formatted_days(date(2026, 11, 15), Unit.MONTH_DAY, 1, 4) == ["11-15", "12-15", "01-15", "02-15"]
    assert formatted_days(date(2026, 11, 15), Unit.MONTH_DAY, 3, 3) == ["11-15", "02-15", "05-15"]


def test_a_month_without_that_day_is_reported_and_counts_as_a_visit() -> None:
    assert formatted_days(date(2026, 1, 31), Unit.MONTH_DAY, 1, 5) == [
        "01-31",
        "02-none",
        "03-31",
        "04-none",
        "05-31",
    ]
    assert formatted_days(date(2026, 1, 30), Unit.MONTH_DAY, 1, 3) == ["01-30", "02-none", "03-30"]


def test_the_29th_is_missing_in_february_except_in_leap_years() -> None:
    found = [
        series_days(first=date(year, 1, 29), unit=Unit.MONTH_DAY, every=1, count=2)[1]
        for year in (2027, 2028, 2100)
    ]

    assert found == [MissingDay(2027, 2), date(2028, 2, 29), MissingDay(2100, 2)]


def test_the_second_tuesday_stays_the_second_tuesday() -> None:
    assert formatted_days(date(2026, 6, 9), Unit.MONTH_WEEKDAY, 1, 4) == ["06-09", "07-14", "08-11", "09-08"]


@pytest.mark.parametrize(
    ("day", "next_month"), [(1, "07-06"), (7, "07-05"), (8, "07-13"), (14, "07-12"), (15, "07-20")]
)
def test_every_seventh_day_of_the_month_begins_the_next_nth_weekday(day: int, next_month: str) -> None:
    # June 2026 begins on a Monday, July on a Wednesday.
    assert formatted_days(date(2026, 6, day), Unit.MONTH_WEEKDAY, 1, 2)[1] == next_month


def test_a_missing_fifth_weekday_is_reported() -> None:
    # The fifth Monday of June.
    assert formatted_days(date(2026, 6, 29), Unit.MONTH_WEEKDAY, 1, 4) == [
        "06-29",
        "07-none",
        "08-31",
        "09-none",
    ]
    assert formatted_days(date(2026, 6, 29), Unit.MONTH_WEEKDAY, 2, 3) == ["06-29", "08-31", "10-none"]


def test_a_series_of_one_visit_has_the_first_day_and_a_series_of_none_is_empty() -> None:
    for unit in Unit:
        assert series_days(first=date(2026, 1, 31), unit=unit, every=1, count=1) == [date(2026, 1, 31)]
        assert series_days(first=date(2026, 1, 31), unit=unit, every=1, count=0) == []


@given(
    st.dates(date(1990, 1, 1), date(2110, 12, 31)),
    st.sampled_from(list(Unit)),
    st.integers(1, 13),
    st.integers(0, 14),
)
@settings(max_examples=300, deadline=timedelta(seconds=5))
def test_a_series_agrees_with_the_walk_day_by_day(first: date, unit: Unit, every: int, count: int) -> None:
    assert series_days(first=first, unit=unit, every=every, count=count) == series_walk(
        first, unit, every, count
    )
