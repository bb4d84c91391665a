import json
import sys
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.hours.nhs_file import BadRecord, FileRefused, ImportedWeek, read_hours

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CLOSED: dict[str, object] = {day: [] for day in DAYS}


def record(**changes: object) -> dict[str, Any]:
    return {
        "id": "FWL23",
        "organisation": "Dixon and Hall Ltd",
        "town": "County Durham",
        "postcode": "DH9 0TB",
        "timezone": "Europe/London",
        "location": [-1.7, 54.86],
        "weekly": CLOSED,
        "dated": {},
    } | changes


def week(**days: object) -> dict[str, Any]:
    return record(weekly=CLOSED | days)


def read(*records: object) -> list[ImportedWeek | BadRecord]:
    return list(read_hours(json.dumps(records).encode()))


def reason(only: object) -> str:
    """Why a file's only record is left out."""
    (bad,) = read(only)
    assert isinstance(bad, BadRecord)
    return bad.reason


def test_a_record_becomes_a_week_with_its_exceptions_in_order() -> None:
    weekly = CLOSED | {"monday": [["14:00", "18:00"], ["09:00", "13:00"]]}
    dated = {"2011-12-25": [], "2011-12-24": [["08:30", "13:00"]]}

    (imported,) = read(
        record(organisation=" Boots ", town="", weekly=weekly | {"sunday": [["00:00", "24:00"]]}, dated=dated)
    )

    assert imported == ImportedWeek(
        id="FWL23",
        organisation="Boots",
        town="",
        postcode="DH9 0TB",
        time_zone="Europe/London",
        hours=((0, 540, 780), (0, 840, 1080), (6, 0, 1440)),
        exceptions=((date(2011, 12, 24), ((510, 780),)), (date(2011, 12, 25), ())),
    )
    assert imported.name == "Boots FWL23"


def test_a_closing_at_23_59_is_taken_as_it_stands() -> None:
    (imported,) = read(week(friday=[["00:00", "23:59"]]))

    assert isinstance(imported, ImportedWeek)
    assert imported.hours == ((4, 0, 1439),)


def test_good_records_go_in_around_a_bad_one() -> None:
    answers = read(record(id="A"), record(id="B", timezone="Mars/Base"), record(id="C"))

    assert [type(answer) for answer in answers] == [ImportedWeek, BadRecord, ImportedWeek]
    assert answers[1] == BadRecord(2, "B", 'timezone: "Mars/Base" is not a time zone')


def test_one_wrong_interval_leaves_the_whole_record_out() -> None:
    wrong = week(monday=[["09:00", "17:00"]], tuesday=[["17:00", "09:00"]])

    assert reason(wrong) == (
        "tuesday: The end (09:00) must be after the start (17:00). "
        "Enter hours that go past midnight as two intervals: until 24:00, and from 00:00 on the next day."
    )


def test_the_first_record_with_an_id_counts_whatever_its_case() -> None:
    answers = read(record(id="A1"), record(id="a1"), record(id="B2", weekly=7), record(id="B2"))

    assert answers[1:] == [
        BadRecord(2, "a1", "record 1 has the same id"),
        BadRecord(3, "B2", "weekly: expected an object, found 7"),
        BadRecord(4, "B2", "record 3 has the same id"),
    ]


@pytest.mark.parametrize("key", ["id", "organisation", "town", "postcode", "timezone", "weekly", "dated"])
def test_a_missing_key_is_named(key: str) -> None:
    without = record()
    del without[key]

    assert reason(without) == f"{key}: is missing"


def test_the_location_is_not_needed() -> None:
    without = record()
    del without["location"]

    assert [type(answer) for answer in read(without, record(id="B", location="x"))] == [
        ImportedWeek,
        ImportedWeek,
    ]


@pytest.mark.parametrize(
    ("odd", "expected"),
    [
        (None, "record: expected an object, found null"),
        ([], "record: expected an object, found a list"),
        ("x" * 50, f'record: expected an object, found "{"x" * 40}"…'),
        (record(id=7), "id: 7 is not 1 to 32 letters, digits, dots and dashes"),
        (record(id=""), 'id: "" is not 1 to 32 letters, digits, dots and dashes'),
        (record(id="A\n"), 'id: "A\\n" is not 1 to 32 letters, digits, dots and dashes'),
        (record(id="A" * 33), f'id: "{"A" * 33}" is not 1 to 32 letters, digits, dots and dashes'),
        (record(organisation=" "), "organisation: is empty"),
        (record(organisation=None), "organisation: expected text, found null"),
        (record(organisation="x" * 101), "organisation: is longer than 100 characters"),
        (record(organisation="a\0b"), 'organisation: "a\\u0000b" has control characters'),
        (record(town="\ud800"), 'town: "\\ud800" has control characters'),
        (record(postcode=float("nan")), "postcode: expected text, found NaN"),
        (record(timezone=["Europe/London"]), "timezone: a list is not a time zone"),
        (record(timezone="Europe"), 'timezone: "Europe" is not a time zone'),
        (record(timezone="../../etc/passwd"), 'timezone: "../../etc/passwd" is not a time zone'),
        (record(timezone=""), 'timezone: "" is not a time zone'),
        (record(timezone="\0"), 'timezone: "\\u0000" is not a time zone'),
        (record(weekly=[]), "weekly: expected an object, found a list"),
        (record(weekly={"monday": []}), "tuesday: is missing"),
        (week(funday=[]), 'weekly: "funday" is not a day of the week'),
        (week(monday=None), "monday: expected a list of intervals"),
        (week(monday=["09:00", "17:00"]), 'monday: expected ["HH:MM", "HH:MM"], found "09:00"'),
        (week(monday=[["09:00"]]), 'monday: expected ["HH:MM", "HH:MM"], found a list'),
        (week(monday=[[9, 17]]), 'monday: expected ["HH:MM", "HH:MM"], found a list'),
        (
            week(monday=[["9:00", "17:00"]]),
            "monday: “9:00” is not a time. Enter a time from 00:00 to 24:00, such as 09:30.",
        ),
        (
            week(monday=[["09:00", "12:00"], ["11:00", "13:00"]]),
            "monday: 09:00-12:00 and 11:00-13:00 overlap. Change one of them.",
        ),
        (record(dated=[]), "dated: expected an object, found a list"),
        (record(dated={"2026-02-29": []}), 'dated: "2026-02-29" is not a date (YYYY-MM-DD)'),
        (record(dated={"20260228": []}), 'dated: "20260228" is not a date (YYYY-MM-DD)'),
        (record(dated={"2026-W01-1": []}), 'dated: "2026-W01-1" is not a date (YYYY-MM-DD)'),
        (record(dated={"0000-01-01": []}), 'dated: "0000-01-01" is not a date (YYYY-MM-DD)'),
        (record(dated={"2026-12-25": {}}), "2026-12-25: expected a list of intervals"),
    ],
)  # fmt: skip
def test_an_odd_record_is_left_out_with_its_reason(odd: object, expected: str) -> None:
    assert reason(odd) == expected


def test_ten_megabytes_of_anything_give_a_short_reason() -> None:
    huge = "9" * 10_000_000

    answers = read(
        record(id=huge),
        record(id="B", organisation=huge),
        record(id="C", timezone=huge),
        week(monday=[[huge, "17:00"]]) | {"id": "D"},
        record(id="E", weekly={huge: []}),
        record(id="F", dated={huge: []}),
        huge,
    )

    assert [len(answer.reason) < 200 for answer in answers if isinstance(answer, BadRecord)] == [True] * 7


def test_a_key_that_stands_twice_leaves_the_record_out() -> None:
    text = json.dumps([record()])
    twice = text.replace('"monday": []', '"monday": [], "monday": [["09:00", "17:00"]]')

    assert list(read_hours(twice.encode())) == [BadRecord(1, "FWL23", "weekly: has a duplicate key")]


def test_nan_where_nothing_is_read_does_no_harm() -> None:
    (imported,) = read(record(location=[float("nan"), float("inf")]))

    assert isinstance(imported, ImportedWeek)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is not JSON: "),
        (b"[", "The file is not JSON: "),
        (b"id,organisation\nFWL23,Boots\n", "The file is not JSON: "),
        (b"[" + b"9" * 5000 + b"]", "The file is not JSON: "),
        (b"\xff\xfe[\x00]\x00", "The file is not UTF-8 text."),
        (b"{}", "The file must be a JSON list of records."),
        (b"null", "The file must be a JSON list of records."),
        (b"[" * 100_000, "The file is nested too deeply. It must be a JSON list of records."),
    ],
    ids=lambda value: value[:12].decode(errors="replace") if isinstance(value, bytes) else "",
)
def test_a_file_that_is_no_list_of_records_is_refused_at_once(content: bytes, message: str) -> None:
    with pytest.raises(FileRefused) as caught:
        read_hours(content)

    assert str(caught.value).startswith(message)


def test_an_empty_list_and_a_byte_order_mark_are_fine() -> None:
    assert list(read_hours(b"\xef\xbb\xbf[]")) == []


def test_a_record_nested_as_deep_as_json_allows_is_an_odd_record() -> None:
    depth = sys.getrecursionlimit() // 2

    answers = list(read_hours(b'[{"id": ' + b"[" * depth + b"]" * depth + b"}]"))

    assert answers == [BadRecord(1, None, "id: a list is not 1 to 32 letters, digits, dots and dashes")]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just([["09:00", "17:00"]]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.lists(
        st.dictionaries(st.sampled_from([*record(), *DAYS]), ANYTHING).map(lambda odd: record() | odd)
        | ANYTHING
    )
)
@settings(max_examples=100, deadline=None)
def test_whatever_stands_in_the_file_each_record_gets_one_answer_in_order(records: list[object]) -> None:
    answers = read(*records)

    assert len(answers) == len(records)
    assert all(
        answer.position == position
        for position, answer in enumerate(answers, start=1)
        if isinstance(answer, BadRecord)
    )


@given(st.binary())
@settings(max_examples=200, deadline=None)
def test_whatever_bytes_the_file_holds_it_is_read_or_refused(content: bytes) -> None:
    try:
        answers = list(read_hours(content))
    except FileRefused:
        return
    assert all(isinstance(answer, BadRecord) for answer in answers)
