import re
from datetime import date

import pytest

from scheduling.clock.planning import (
    Hours,
    HoursRefused,
    Interval,
    Weeks,
    check_day,
    check_interval,
    check_week,
    format_clock,
    parse_clock,
)
from scheduling.clock.time_off import TimeOffSpec, check_time_off_spec

JUNE, JULY = date(2026, 6, 30), date(2026, 7, 1)


def refusal_of_interval(opens: int, closes: int, slot_minutes: int = 30) -> str | None:
    try:
        check_interval(opens, closes, slot_minutes)
    except HoursRefused as refusal:
        return refusal.code
    return None


def refusal_of_day(*intervals: Interval) -> str | None:
    try:
        check_day(intervals, 30)
    except HoursRefused as refusal:
        return refusal.code
    return None


def refusal_of_week(*hours: Hours) -> str | None:
    try:
        check_week(hours)
    except HoursRefused as refusal:
        return refusal.code
    return None


def refusal_of_time_off(spec: TimeOffSpec) -> str | None:
    try:
        check_time_off_spec(spec)
    except HoursRefused as refusal:
        return refusal.code
    return None


def test_every_minute_of_the_day_is_parsed_and_formatted() -> None:
    clock = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in range(60)] + ["24:00"]

    assert [parse_clock(text) for text in clock] == list(range(1441))
    assert [format_clock(minutes) for minutes in range(1441)] == clock


@pytest.mark.parametrize(
    "text",
    [
        "",
        "9:00",
        "09:0",
        "0900",
        "24:01",
        "25:00",
        "09:60",
        "-9:00",
        "09:00:00",
        " 09:00",
        "09:00\n",
        "\u0660\u0669:\u0660\u0660",
        "09.00",
    ],
)
def test_any_other_format_of_a_time_is_refused(text: str) -> None:
    with pytest.raises(HoursRefused, match=re.escape(f"“{text}” is not a time")):
        parse_clock(text)


def test_the_message_about_a_very_long_time_is_shortened() -> None:
    with pytest.raises(HoursRefused) as caught:
        parse_clock("9" * 10_000_000)

    assert (
        str(caught.value) == f"“{'9' * 20}” is not a time. Enter a time from 00:00 to 24:00, such as 09:30."
    )


def test_the_end_must_be_after_the_start() -> None:
    assert refusal_of_interval(540, 541) is None
    assert refusal_of_interval(540, 540) == "ends_before_it_starts"
    assert refusal_of_interval(540, 539) == "ends_before_it_starts"


def test_the_message_about_overnight_hours_says_how_to_enter_them() -> None:
    with pytest.raises(HoursRefused) as caught:
        check_interval(22 * 60, 2 * 60, 30)

    assert str(caught.value) == (
        "The end (02:00) must be after the start (22:00). "
        "Enter hours that go past midnight as two intervals: until 24:00, and from 00:00 on the next day."
    )
    assert caught.value.message % caught.value.params == str(caught.value)


def test_times_must_be_within_one_day() -> None:
    assert refusal_of_interval(0, 1440) is None
    assert refusal_of_interval(-1, 1440) == "outside_the_day"
    assert refusal_of_interval(0, 1441) == "outside_the_day"


def test_a_slot_lasts_five_minutes_to_eight_hours() -> None:
    codes = [refusal_of_interval(540, 600, minutes) for minutes in (4, 5, 480, 481)]

    assert codes == ["slot_length_out_of_bounds", None, None, "slot_length_out_of_bounds"]


def test_intervals_of_a_day_may_touch_but_not_overlap_in_any_order() -> None:
    assert refusal_of_day((540, 600), (600, 660)) is None
    assert refusal_of_day((600, 660), (540, 601)) == "intervals_overlap"
    assert refusal_of_day((540, 720), (600, 660)) == "intervals_overlap"
    assert refusal_of_day((540, 720), (540, 720)) == "intervals_overlap"


def test_a_day_is_refused_if_any_of_its_intervals_is_invalid() -> None:
    assert refusal_of_day((540, 600), (660, 650)) == "ends_before_it_starts"


def test_the_message_about_an_overlap_contains_its_times() -> None:
    with pytest.raises(HoursRefused, match=r"^09:00-12:00 and 11:30-13:00 overlap\. Change one of them\.$"):
        check_day([(690, 780), (540, 720)], 30)


def test_hours_overlap_only_on_the_same_weekday_and_on_shared_dates() -> None:
    early, late = Hours(0, 540, 720, 30), Hours(0, 690, 780, 30)

    assert refusal_of_week(early, late) == "intervals_overlap"
    assert refusal_of_week(early, Hours(1, 690, 780, 30)) is None
    assert refusal_of_week(Hours(0, 540, 720, 30, None, JUNE), Hours(0, 690, 780, 30, JULY)) is None
    assert (
        refusal_of_week(Hours(0, 540, 720, 30, None, JULY), Hours(0, 690, 780, 30, JULY))
        == "intervals_overlap"
    )


def test_a_short_interval_does_not_hide_the_overlap_of_two_longer_ones() -> None:
    assert refusal_of_week(Hours(0, 0, 1440, 30), Hours(0, 10, 20, 5, JULY), Hours(0, 30, 40, 5)) is not None
    assert refusal_of_week(
        Hours(0, 0, 600, 30, JULY), Hours(0, 10, 20, 5, None, JUNE), Hours(0, 500, 700, 30)
    ) == ("intervals_overlap")


def test_hours_may_be_valid_for_one_day_but_not_end_before_they_begin() -> None:
    assert refusal_of_week(Hours(0, 540, 600, 30, JULY, JULY)) is None
    assert refusal_of_week(Hours(0, 540, 600, 30, JULY, JUNE)) == "never_valid"


def test_hours_of_a_and_b_weeks_may_overlap_each_other_but_not_hours_of_every_week() -> None:
    def refusal(a: Weeks, b: Weeks, opens: int = 719) -> str | None:
        return refusal_of_week(Hours(0, 540, 720, 30, weeks=a), Hours(0, opens, 780, 30, weeks=b))

    assert [refusal(Weeks.A, Weeks.B), refusal(Weeks.B, Weeks.A)] == [None, None]
    for weeks in Weeks:
        assert [refusal(weeks, weeks), refusal(weeks, weeks, 720)] == ["intervals_overlap", None]
    for weeks in (Weeks.A, Weeks.B):
        assert refusal(Weeks.EVERY, weeks) == "intervals_overlap"
        assert refusal(weeks, Weeks.EVERY) == "intervals_overlap"


def test_hours_of_the_same_weeks_may_overlap_if_their_dates_do_not() -> None:
    def refusal(last: date, first: date) -> str | None:
        earlier = Hours(0, 540, 720, 30, None, last, Weeks.A)
        return refusal_of_week(earlier, Hours(0, 690, 780, 30, first, None, Weeks.A))

    assert refusal(JUNE, JULY) is None
    assert refusal(JULY, JULY) == "intervals_overlap"


def test_time_off_may_last_one_day_or_have_no_end_but_not_end_before_it_begins() -> None:
    assert [refusal_of_time_off(TimeOffSpec(JULY, last)) for last in (JULY, None)] == [None, None]
    assert refusal_of_time_off(TimeOffSpec(JULY, JUNE)) == "last_day_before_first"


def test_the_times_of_time_off_must_be_in_order_and_within_one_day() -> None:
    times = [(0, 1440), (540, 541), (540, 540), (541, 540), (-1, 540), (540, 1441)]

    refusals = [refusal_of_time_off(TimeOffSpec(JULY, JULY, opens, closes)) for opens, closes in times]

    assert refusals == [None, None, *["ends_before_it_starts"] * 2, *["outside_the_day"] * 2]


def test_time_off_needs_at_least_one_weekday() -> None:
    assert refusal_of_time_off(TimeOffSpec(JULY, None, weekdays=frozenset({6}))) is None
    assert refusal_of_time_off(TimeOffSpec(JULY, None, weekdays=frozenset())) == "no_weekday"
