"""Tests of the days of the calendar, which last 23 or 25 hours when the clocks change."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from scheduling.staff_calendar.days import calendar_days


@pytest.mark.parametrize(
    ("zone", "day", "minutes", "change", "doubled"),
    [
        ("Europe/London", "2026-10-25", 1500, (120, -60), [60, 120]),
        ("Europe/London", "2026-03-29", 1380, (60, 60), []),
        ("America/New_York", "2026-11-01", 1500, (120, -60), [60, 120]),
        ("America/New_York", "2026-03-08", 1380, (120, 60), []),
        ("America/Havana", "2026-03-08", 1380, (0, 60), []),
        ("Australia/Lord_Howe", "2026-04-05", 1470, (120, -30), []),
    ],
)
def test_a_day_with_a_clock_change_is_drawn_in_real_minutes(
    zone: str, day: str, minutes: int, change: tuple[int, int], doubled: list[int]
) -> None:
    on = date.fromisoformat(day)

    (shown,) = calendar_days(ZoneInfo(zone), first=on, last=on, closed={})

    assert shown.minutes == minutes
    assert shown.clock_change is not None
    assert (shown.clock_change.minute, shown.clock_change.forward_minutes) == change
    assert [mark.minute for mark in shown.marks if mark.clock_pass] == doubled


def test_a_day_has_a_mark_at_every_full_hour_and_its_holiday() -> None:
    on = date(2026, 12, 25)

    (shown,) = calendar_days(ZoneInfo("Europe/London"), first=on, last=on, closed={on: "Christmas Day"})

    assert shown.holiday == "Christmas Day"
    assert shown.clock_change is None
    assert [(mark.minute, mark.local_time) for mark in shown.marks] == [
        (hour * 60, f"{hour:02}:00") for hour in range(24)
    ]
