"""Which periods of a calendar are busy: repetitions, exceptions, whole days, clock changes, hostile text."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduling.outside_calendars.components import NotACalendar
from scheduling.outside_calendars.occurrences import TooManyPeriods
from scheduling.outside_calendars.parser import caldav_documents, read_periods
from tests.factories.calendar_server import caldav_answer, calendar, event

LONDON = ";TZID=Europe/London:"


def read(
    *events: str, day: str = "2026-03-02", days: int = 60, zones: tuple[str, ...] = ("Europe/London",)
) -> list[str]:
    """The busy periods in UTC, as `03-02 09:00/10:00`, or with both dates if they differ."""
    begins = datetime.fromisoformat(day).replace(tzinfo=UTC)
    request = {
        "kind": "ics",
        "begins": begins.timestamp(),
        "ends": (begins + timedelta(days=days)).timestamp(),
        "zones": zones,
    }
    periods = [
        (datetime.fromtimestamp(begin, UTC), datetime.fromtimestamp(end, UTC))
        for begin, end in read_periods(request, calendar(*events))
    ]
    return [
        f"{begin:%m-%d %H:%M}/{end:%H:%M}"
        if begin.date() == end.date()
        else f"{begin:%m-%d %H:%M}/{end:%m-%d %H:%M}"
        for begin, end in periods
    ]


def test_events_that_touch_or_overlap_are_one_period_and_others_are_not() -> None:
    busy = read(
        event("20260303T090000Z", "20260303T100000Z"),
        event("20260303T094500Z", "20260303T103000Z", uid="2"),
        event("20260303T103000Z", "20260303T110000Z", uid="3"),
        event("20260303T110100Z", "20260303T113000Z", uid="4"),
    )

    assert busy == ["03-03 09:00/11:00", "03-03 11:01/11:30"]


@pytest.mark.parametrize(
    "line", ["TRANSP:TRANSPARENT", "STATUS:CANCELLED", "X-MICROSOFT-CDO-BUSYSTATUS:FREE", "status:cancelled"]
)
def test_an_event_that_is_free_or_cancelled_is_not_busy(line: str) -> None:
    assert read(event("20260303T090000Z", "20260303T100000Z", line)) == []
    assert read(event("20260303T090000Z", "20260303T100000Z", "STATUS:TENTATIVE")) == ["03-03 09:00/10:00"]


def test_an_event_without_an_end_lasts_a_day_if_it_is_a_date_and_else_takes_no_time() -> None:
    lines = "BEGIN:VEVENT\r\nUID:1\r\nDTSTART{}\r\nEND:VEVENT"

    assert read(lines.format(";VALUE=DATE:20260303")) == ["03-03 00:00/03-04 00:00"]
    assert read(lines.format(":20260303T090000Z")) == []


def test_a_repetition_follows_the_clock_through_both_changes() -> None:
    weekly = event(f"{LONDON}20200106T090000", f"{LONDON}20200106T100000", "RRULE:FREQ=WEEKLY;BYDAY=MO")

    assert read(weekly, day="2026-03-23", days=8) == ["03-23 09:00/10:00", "03-30 08:00/09:00"]
    assert read(weekly, day="2026-10-19", days=8) == ["10-19 08:00/09:00", "10-26 09:00/10:00"]


def test_an_event_across_a_clock_change_lasts_until_its_local_end() -> None:
    """The night in which the clocks go back has 25 hours, the one in which they go forward 23."""
    night = event(f"{LONDON}20261024T220000", f"{LONDON}20261025T060000")
    whole = event(";VALUE=DATE:20260329", ";VALUE=DATE:20260330")

    assert read(night, day="2026-10-20") == ["10-24 21:00/10-25 06:00"]
    assert read(whole, day="2026-03-20") == ["03-29 00:00/23:00"]


def test_a_whole_day_lasts_as_long_as_it_is_that_day_anywhere_the_doctor_works() -> None:
    whole = event(";VALUE=DATE:20260303", ";VALUE=DATE:20260304")

    busy = read(whole, zones=("Europe/London", "America/Los_Angeles"))

    assert busy == ["03-03 00:00/03-04 08:00"]


def test_left_out_added_moved_and_cancelled_repetitions_count_as_they_are() -> None:
    series = event(
        f"{LONDON}20260302T090000",
        f"{LONDON}20260302T100000",
        "RRULE:FREQ=DAILY;UNTIL=20260306T090000Z",
        f"EXDATE{LONDON}20260303T090000",
        "RDATE:20260307T120000Z",
    )
    moved = event("20260304T150000Z", "20260304T153000Z", f"RECURRENCE-ID{LONDON}20260304T090000")
    cancelled = event(
        f"{LONDON}20260305T090000",
        f"{LONDON}20260305T100000",
        f"RECURRENCE-ID{LONDON}20260305T090000",
        "STATUS:CANCELLED",
    )

    assert read(series, moved, cancelled) == [
        "03-02 09:00/10:00", "03-04 15:00/15:30", "03-06 09:00/10:00", "03-07 12:00/13:00",
    ]  # fmt: skip


def test_a_change_of_all_later_repetitions_moves_them() -> None:
    series = event("20260302T090000Z", "20260302T100000Z", "RRULE:FREQ=DAILY;COUNT=4")
    later = event(
        "20260304T110000Z", "20260304T113000Z", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260304T090000Z"
    )

    assert read(series, later) == [
        "03-02 09:00/10:00", "03-03 09:00/10:00", "03-04 11:00/11:30", "03-05 11:00/11:30",
    ]  # fmt: skip


def test_a_rule_that_began_long_ago_keeps_its_interval() -> None:
    every_third_day = event("20100101T090000Z", "20100101T100000Z", "RRULE:FREQ=DAILY;INTERVAL=3")
    first = datetime(2010, 1, 1, tzinfo=UTC)

    days = [line[:5] for line in read(every_third_day, days=9)]

    expected = [datetime(2026, 3, 2, tzinfo=UTC) + timedelta(days=day) for day in range(9)]
    assert days == [f"{day:%m-%d}" for day in expected if (day - first).days % 3 == 0]


def test_time_zones_are_those_of_the_calendar_if_nobody_else_knows_them() -> None:
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:Office\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
        "TZOFFSETFROM:+0300\r\nTZOFFSETTO:+0300\r\nEND:STANDARD\r\nEND:VTIMEZONE"
    )

    assert read(zone, event(";TZID=Office:20260303T120000", ";TZID=Office:20260303T130000")) == [
        "03-03 09:00/10:00"
    ]
    # A local time without a zone is in the calendar's, or else the clinic's.
    assert read("X-WR-TIMEZONE:Asia/Tokyo", event("20260303T180000", "20260303T190000")) == [
        "03-03 09:00/10:00"
    ]
    assert read(event("20260401T090000", "20260401T100000")) == ["04-01 08:00/09:00"]


def test_free_busy_components_count_unless_they_are_free() -> None:
    answer = (
        "BEGIN:VFREEBUSY\r\nUID:1\r\nFREEBUSY:20260303T090000Z/20260303T100000Z,20260303T110000Z/PT30M\r\n"
        "FREEBUSY;FBTYPE=FREE:20260304T090000Z/PT1H\r\nEND:VFREEBUSY"
    )

    assert read(answer) == ["03-03 09:00/10:00", "03-03 11:00/11:30"]


def test_folded_lines_alarms_and_years_of_history_do_not_matter() -> None:
    alarm = "BEGIN:VALARM\r\nTRIGGER:-PT15M\r\nDTSTART:20260305T090000Z\r\nEND:VALARM"
    folded = "DESCRIPTION:a long\r\n  text\r\nDTSTART:2026\r\n 0303T090000Z\r\nDURATION:PT1H"
    history = [event("20160101T090000Z", "20160101T100000Z", uid=str(day)) for day in range(2000)]

    assert read(*history, f"BEGIN:VEVENT\r\nUID:x\r\n{folded}\r\n{alarm}\r\nEND:VEVENT") == [
        "03-03 09:00/10:00"
    ]


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"<html><body>Sign in</body></html>",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20260303T090000Z\r\n",
        b"BEGIN:VCALENDAR\r\nEND:VEVENT\r\n",
        b"\x00\xff" * 100,
    ],
    ids=["empty", "a web page", "cut off", "not nested", "bytes"],
)
def test_a_document_that_is_no_whole_calendar_is_refused(document: bytes) -> None:
    with pytest.raises(NotACalendar):
        read_periods({"kind": "ics", "begins": 0, "ends": 9**9, "zones": ["UTC"]}, document)


def test_more_periods_than_are_stored_are_refused() -> None:
    with pytest.raises(TooManyPeriods):
        read(event("20260302T000000Z", "20260302T000100Z", "RRULE:FREQ=MINUTELY;INTERVAL=5"), days=90)


def test_the_calendars_of_a_caldav_answer_are_read_and_a_document_type_is_refused() -> None:
    two = [calendar(event("20260303T090000Z", "20260303T100000Z", uid=uid)) for uid in "ab"]
    assert len(caldav_documents(caldav_answer(*two))) == 2
    assert caldav_documents(caldav_answer()) == []

    bomb = b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    missing = caldav_answer(*two).replace(b"<d:response>", b"<d:response/><d:response>", 1)
    for answer in (bomb + b"<d>&b;</d>", missing, b"<html/>", b"no xml", b""):
        with pytest.raises(NotACalendar):
            caldav_documents(answer)
