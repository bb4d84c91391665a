"""Local days and times, also where midnight is skipped or occurs twice."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from tenants.base.clock import day_start, format_day, format_time, time_zone_label


@pytest.mark.parametrize(
    ("zone", "day", "begins"),
    [
        ("Europe/London", date(2026, 3, 29), "2026-03-29T00:00Z"),
        ("Europe/London", date(2026, 3, 30), "2026-03-29T23:00Z"),
        ("America/Havana", date(2025, 3, 9), "2025-03-09T05:00Z"),
        ("America/Havana", date(2025, 11, 2), "2025-11-02T04:00Z"),
        ("Pacific/Apia", date(2011, 12, 31), "2011-12-30T10:00Z"),
    ],
)
def test_a_day_begins_at_its_first_instant(zone: str, day: date, begins: str) -> None:
    assert day_start(day, ZoneInfo(zone)).astimezone(UTC) == datetime.fromisoformat(begins)


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        ("2026-11-24T00:05Z", "12:05 am"),
        ("2026-11-24T09:30Z", "9:30 am"),
        ("2026-11-24T12:00Z", "12:00 pm"),
        ("2026-07-01T12:00Z", "1:00 pm"),
    ],
)
def test_a_time_in_words_uses_am_and_pm(instant: str, text: str) -> None:
    assert format_time(datetime.fromisoformat(instant), ZoneInfo("Europe/London")) == text


def test_a_day_in_words_has_weekday_month_and_year() -> None:
    late = datetime.fromisoformat("2026-11-24T23:30Z")

    assert format_day(late, ZoneInfo("Europe/Paris")) == "Wednesday 25 November 2026"


def test_a_time_zone_is_labelled_by_its_city() -> None:
    assert [time_zone_label(zone) for zone in ("America/New_York", "UTC")] == ["New York time", "UTC time"]
