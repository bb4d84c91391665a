"""Read opening hours from JSON, as published by the NHS. Pure: the caller opens the file.

The file is a list of records, each with `id`, `organisation`, `town`, `postcode`, `timezone`, `weekly` (all
seven days, monday to sunday) and `dated` (YYYY-MM-DD: the hours of that date instead of the week's). A day is
a list of ["HH:MM", "HH:MM"]. Times are not adjusted: closing at 23:59 is one minute before midnight.

A record is read as a whole or rejected as a whole: a week with one wrong interval would offer wrong times.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scheduling.clock.planning import SHORTEST_SLOT, HoursRefused, Interval, check_day, parse_clock

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MAX_TEXT_LENGTH = 100
_MAX_QUOTE_LENGTH = 40
# Control characters, line separators and lone surrogates. A name is used in mail subjects, and Postgres
# rejects some of them.
_FORBIDDEN_CATEGORIES = {"Cc", "Cs", "Zl", "Zp"}


@dataclass(frozen=True, slots=True)
class ImportedWeek:
    """The hours in one record."""

    id: str
    organisation: str
    town: str
    postcode: str
    time_zone: str
    hours: tuple[tuple[int, int, int], ...]
    """(weekday, opens, closes): 0 is Monday, times are minutes after midnight."""
    exceptions: tuple[tuple[date, tuple[Interval, ...]], ...]
    """(day, intervals): a day without intervals is closed."""

    @property
    def name(self) -> str:
        return f"{self.organisation} {self.id}"


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A rejected record: its position in the file, from 1, and the reason to show to the user."""

    position: int
    id: str | None
    reason: str


class FileRefused(ValueError):
    """The whole file cannot be read. The message is shown to the user."""


class _InvalidRecord(Exception):
    """The reason to reject a record."""


class _DuplicateKeys(dict[str, Any]):
    """A JSON object in which a key occurs twice, so that its value is ambiguous."""


def read_hours(content: bytes) -> Iterator[ImportedWeek | BadRecord]:
    """The file's records in order, valid or not. If two have the same id, the second is rejected.

    :raises FileRefused: the file is not a JSON list; raised before the first record is read
    """
    try:
        records = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_build_object)
    except UnicodeDecodeError:
        raise FileRefused("The file is not UTF-8 text.") from None
    except RecursionError:
        raise FileRefused("The file is nested too deeply. It must be a JSON list of records.") from None
    except ValueError as error:
        raise FileRefused(f"The file is not JSON: {_shorten(str(error))}") from None
    if not isinstance(records, list):
        raise FileRefused("The file must be a JSON list of records.")
    return _read_records(records)


def _read_records(records: list[object]) -> Iterator[ImportedWeek | BadRecord]:
    positions: dict[str, int] = {}
    for position, record in enumerate(records, start=1):
        record_id = None
        try:
            fields = _require_object(record)
            record_id = _read_id(fields)
            first = positions.setdefault(record_id.casefold(), position)
            if first != position:
                raise _InvalidRecord(f"record {first} has the same id")
            yield _read_week(record_id, fields)
        except _InvalidRecord as refusal:
            yield BadRecord(position, record_id, str(refusal))


def _read_week(record_id: str, fields: dict[str, Any]) -> ImportedWeek:
    weekly, dated = (
        _require_object(_require_key(fields, "weekly"), "weekly"),
        _require_object(_require_key(fields, "dated"), "dated"),
    )
    for key in weekly:
        if key not in _WEEKDAYS:
            raise _InvalidRecord(f"weekly: {_shorten(key)} is not a day of the week")
    return ImportedWeek(
        id=record_id,
        organisation=_read_text(fields, "organisation", required=True),
        town=_read_text(fields, "town"),
        postcode=_read_text(fields, "postcode"),
        time_zone=_read_time_zone(fields),
        hours=tuple(
            (weekday, opens, closes)
            for weekday, name in enumerate(_WEEKDAYS)
            for opens, closes in _read_intervals(_require_key(weekly, name), name)
        ),
        exceptions=tuple(sorted((_parse_date(key), _read_intervals(dated[key], key)) for key in dated)),
    )


def _read_intervals(value: object, where: str) -> tuple[Interval, ...]:
    if not isinstance(value, list):
        raise _InvalidRecord(f"{where}: expected a list of intervals")
    try:
        intervals = sorted(_read_interval(item, where) for item in value)
        check_day(intervals, SHORTEST_SLOT)  # the file does not state a slot length
    except HoursRefused as refusal:
        raise _InvalidRecord(f"{where}: {refusal}") from None
    return tuple(intervals)


def _read_interval(value: object, where: str) -> Interval:
    match value:
        case [str(opens), str(closes)]:
            return parse_clock(opens), parse_clock(closes)
    raise _InvalidRecord(f'{where}: expected ["HH:MM", "HH:MM"], found {_shorten(value)}')


def _parse_date(key: str) -> date:
    try:
        # The pattern is needed: date.fromisoformat also accepts 20111224 and 2011-W51-6.
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", key):
            return date.fromisoformat(key)
    except ValueError:
        pass
    raise _InvalidRecord(f"dated: {_shorten(key)} is not a date (YYYY-MM-DD)")


def _read_id(fields: dict[str, Any]) -> str:
    value = _require_key(fields, "id")
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}", value):
        raise _InvalidRecord(f"id: {_shorten(value)} is not 1 to 32 letters, digits, dots and dashes")
    return value


def _read_text(fields: dict[str, Any], key: str, *, required: bool = False) -> str:
    value = _require_key(fields, key)
    if not isinstance(value, str):
        raise _InvalidRecord(f"{key}: expected text, found {_shorten(value)}")
    value = value.strip()
    if required and not value:
        raise _InvalidRecord(f"{key}: is empty")
    if len(value) > _MAX_TEXT_LENGTH:
        raise _InvalidRecord(f"{key}: is longer than {_MAX_TEXT_LENGTH} characters")
    if any(unicodedata.category(character) in _FORBIDDEN_CATEGORIES for character in value):
        raise _InvalidRecord(f"{key}: {_shorten(value)} has control characters")
    return value


def _read_time_zone(fields: dict[str, Any]) -> str:
    name = _require_key(fields, "timezone")
    try:
        if isinstance(name, str):
            return ZoneInfo(name).key
    # OSError: a directory such as "Europe", or a name that is too long for a file.
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    raise _InvalidRecord(f"timezone: {_shorten(name)} is not a time zone")


def _require_object(value: object, where: str = "record") -> dict[str, Any]:
    if isinstance(value, _DuplicateKeys):
        raise _InvalidRecord(f"{where}: has a duplicate key")
    if not isinstance(value, dict):
        raise _InvalidRecord(f"{where}: expected an object, found {_shorten(value)}")
    return value


def _require_key(fields: dict[str, Any], key: str) -> object:
    if key not in fields:
        raise _InvalidRecord(f"{key}: is missing")
    return fields[key]


def _build_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    return fields if len(fields) == len(pairs) else _DuplicateKeys(fields)


def _shorten(value: object) -> str:
    """The start of `value` as printable text: a wrong value may be megabytes long."""
    match value:
        case list():
            return "a list"
        case dict():
            return "an object"
        case str() if len(value) > _MAX_QUOTE_LENGTH:
            return json.dumps(value[:_MAX_QUOTE_LENGTH]) + "…"
    return json.dumps(value)
