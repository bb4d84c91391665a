from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduling.clock.planning import (
    FIRST_A_WEEK,
    DatedException,
    Hours,
    Weeks,
    plan_working_periods,
    week_letter,
)

LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)


def working_days(*hours: Hours, first: date, last: date) -> list[tuple[int, int]]:
    """Return the days on which these hours apply, as (month, day)."""
    periods = plan_working_periods(hours=hours, exceptions={}, zone=LONDON, first=first, last=last)
    return [(period.starts_at.month, period.starts_at.day) for period in periods]


def test_the_first_a_week_begins_on_a_monday_and_ends_on_its_sunday() -> None:
    around = [-8, -7, -1, 0, 6, 7, 13, 14]

    letters = [week_letter(FIRST_A_WEEK + n * DAY).name for n in around]

    assert FIRST_A_WEEK.weekday() == 0
    assert letters == ["A", "B", "B", "A", "A", "B", "B", "A"]


@pytest.mark.parametrize("weeks", [Weeks.A, Weeks.B])
def test_hours_of_a_or_b_weeks_apply_every_other_week(weeks: Weeks) -> None:
    days = working_days(Hours(0, 540, 600, 30, weeks=weeks), first=date(2026, 1, 1), last=date(2026, 1, 31))

    assert days == {Weeks.A: [(1, 12), (1, 26)], Weeks.B: [(1, 5), (1, 19)]}[weeks]


def test_a_year_of_53_weeks_does_not_break_the_alternation() -> None:
    # ISO counts 2026-12-28 as week 53 and 2027-01-04 as week 1: two odd weeks in a row.
    every_other = Hours(0, 540, 600, 30, weeks=week_letter(date(2026, 12, 21)))

    days = working_days(every_other, first=date(2026, 12, 20), last=date(2027, 1, 20))

    assert days == [(12, 21), (1, 4), (1, 18)]


def test_hours_of_a_weeks_b_weeks_and_every_week_can_be_combined() -> None:
    week = [
        Hours(0, 540, 600, 30, weeks=Weeks.A),
        Hours(0, 570, 630, 30, weeks=Weeks.B),
        Hours(0, 720, 780, 30),
    ]

    periods = list(
        plan_working_periods(
            hours=week, exceptions={}, zone=LONDON, first=date(2026, 1, 5), last=date(2026, 1, 12)
        )
    )

    assert [f"{period.starts_at:%d %H:%M}" for period in periods] == [
        "05 09:30",
        "05 12:00",
        "12 09:00",
        "12 12:00",
    ]


def test_hours_of_a_weeks_apply_within_their_dates_only() -> None:
    def days_of(valid_from: date | None, valid_until: date | None) -> list[tuple[int, int]]:
        hours = Hours(0, 540, 600, 30, valid_from, valid_until, Weeks.A)
        return working_days(hours, first=date(2026, 1, 1), last=date(2026, 1, 31))

    assert days_of(date(2026, 1, 12), date(2026, 1, 26)) == [(1, 12), (1, 26)]
    assert days_of(date(2026, 1, 13), date(2026, 1, 25)) == []


def test_an_exception_applies_in_a_weeks_and_in_b_weeks() -> None:
    in_a, in_b = date(2026, 1, 12), date(2026, 1, 5)
    exceptions = {day: DatedException(day, ((540, 600),), 60) for day in (in_a, in_b)}

    periods = plan_working_periods(hours=[], exceptions=exceptions, zone=LONDON, first=in_b, last=in_a)

    assert [period.starts_at.date() for period in periods] == [in_b, in_a]


def test_dates_at_both_ends_of_the_calendar_have_a_week_letter() -> None:
    letters = [week_letter(day) for day in (date.min, date.max)]

    assert letters == [Weeks.B, Weeks.B]
