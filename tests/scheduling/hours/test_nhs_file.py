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


def reason(raw: object) -> str:
    """Return why a file's only record is skipped."""
    (bad,) = read(raw)
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


def test_a_closing_time_of_23_59_is_kept() -> None:
    (imported,) = read(week(friday=[["00:00", "23:59"]]))

    assert isinstance(imported, ImportedWeek)
    assert imported.hours == ((4, 0, 1439),)


def test_valid_records_are_read_around_an_invalid_one() -> None:
    results = read(record(id="A"), record(id="B", timezone="Mars/Base"), record(id="C"))

    assert [type(result) for result in results] == [ImportedWeek, BadRecord, ImportedWeek]
    assert results[1] == BadRecord(2, "B", 'timezone: "Mars/Base" is not a time zone')


def test_one_invalid_interval_skips_the_whole_record() -> None:
    raw = week(monday=[["09:00", "17:00"]], tuesday=[["17:00", "09:00"]])

    assert reason(raw) == (
        "tuesday: The end (09:00) must be after the start (17:00). "
        "Enter hours that go past midnight as two intervals: until 24:00, and from 00:00 on the next day."
    )


def test_only_the_first_record_with_an_id_is_used_in_any_case() -> None:
    results = read(record(id="A1"), record(id="a1"), record(id="B2", weekly=7), record(id="B2"))

    assert results[1:] == [
        BadRecord(2, "a1", "record 1 has the same id"),
        BadRecord(3, "B2", "weekly: expected an object, found 7"),
        BadRecord(4, "B2", "record 3 has the same id"),
    ]


@pytest.mark.parametrize("key", ["id", "organisation", "town", "postcode", "timezone", "weekly", "dated"])
def test_a_missing_key_is_reported(key: str) -> None:
    raw = record()
    del raw[key]

    assert reason(raw) == f"{key}: is missing"


def test_the_location_is_optional() -> None:
    raw = record()
    del raw["location"]

    assert [type(result) for result in read(raw, record(id="B", location="x"))] == [
        ImportedWeek,
        ImportedWeek,
    ]


@pytest.mark.parametrize(
    ("raw", "expected"),
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
def test_an_invalid_record_is_skipped_with_a_reason(raw: object, expected: str) -> None:
    assert reason(raw) == expected


def test_huge_values_give_a_short_reason() -> None:
    huge = "9" * 10_000_000

    results = read(
        record(id=huge),
        record(id="B", organisation=huge),
        record(id="C", timezone=huge),
        week(monday=[[huge, "17:00"]]) | {"id": "D"},
        record(id="E", weekly={huge: []}),
        record(id="F", dated={huge: []}),
        huge,
    )

    assert [len(result.reason) < 200 for result in results if isinstance(result, BadRecord)] == [True] * 7


def test_a_duplicate_key_skips_the_record() -> None:
    text = json.dumps([record()])
    twice = text.replace('"monday": []', '"monday": [], "monday": [["09:00", "17:00"]]')

    assert list(read_hours(twice.encode())) == [BadRecord(1, "FWL23", "weekly: has a duplicate key")]


def test_nan_in_an_ignored_field_is_accepted() -> None:
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
def test_a_file_that_is_not_a_list_of_records_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(FileRefused) as caught:
        read_hours(content)

    assert str(caught.value).startswith(message)


def test_an_empty_list_and_a_byte_order_mark_are_accepted() -> None:
    assert list(read_hours(b"\xef\xbb\xbf[]")) == []


def test_a_record_with_the_deepest_possible_nesting_is_skipped() -> None:
    depth = sys.getrecursionlimit() // 2

    results = list(read_hours(b'[{"id": ' + b"[" * depth + b"]" * depth + b"}]"))

    assert results == [BadRecord(1, None, "id: a list is not 1 to 32 letters, digits, dots and dashes")]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just([["09:00", "17:00"]]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.lists(
        st.dictionaries(st.sampled_from([*record(), *DAYS]), ANYTHING).map(lambda raw: record() | raw)
        | ANYTHING
    )
)
@settings(max_examples=100, deadline=None)
def test_every_record_of_any_file_gives_one_result_in_order(records: list[object]) -> None:
    results = read(*records)

    assert len(results) == len(records)
    assert all(
        result.position == position
        for position, result in enumerate(results, start=1)
        if isinstance(result, BadRecord)
    )


@given(st.binary())
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        results = list(read_hours(content))
    except FileRefused:
        return
    assert all(isinstance(result, BadRecord) for result in results)
