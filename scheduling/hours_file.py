"""Opening hours as the NHS publishes them, read from JSON. Pure: the caller opens the file.

The file is a list of records, each with `id`, `organisation`, `town`, `postcode`, `timezone`, `weekly` (all
seven days, monday to sunday) and `dated` (YYYY-MM-DD: what holds on that date instead); a day is a list of
["HH:MM", "HH:MM"]. Times are taken as they stand: a closing at 23:59 is one minute before midnight.

A record is taken whole or not at all: a week with one wrong interval would offer hours that nobody meant.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scheduling.planning import SHORTEST_SLOT, HoursRefused, Interval, check_day, parse_clock

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LONGEST_TEXT = 100
LONGEST_QUOTE = 40
# Control characters, line ends, lone surrogates: a name becomes a mail subject, and Postgres refuses some.
NOT_TEXT = {"Cc", "Cs", "Zl", "Zp"}


@dataclass(frozen=True, slots=True)
class ImportedWeek:
    """The hours of one place: (weekday, opens, closes), 0 for Monday; (day, intervals), none for closed."""

    id: str
    organisation: str
    town: str
    postcode: str
    time_zone: str
    hours: tuple[tuple[int, int, int], ...]
    exceptions: tuple[tuple[date, tuple[Interval, ...]], ...]

    @property
    def name(self) -> str:
        return f"{self.organisation} {self.id}"


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that was left out, by its place in the file (the first is 1), and why, for a person."""

    position: int
    id: str | None
    reason: str


class FileRefused(ValueError):
    """The file as a whole cannot be read; the message is for a person."""


class _Refused(Exception):
    """Why a record is left out."""


class _Repeating(dict[str, Any]):
    """A JSON object that says one key twice: which of the two is meant cannot be known."""


def read_hours(content: bytes) -> Iterator[ImportedWeek | BadRecord]:
    """Each record of the file in its order, good or bad. Of records with one id the first counts.

    :raises FileRefused: at once, if it is not a JSON list
    """
    try:
        records = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_object)
    except UnicodeDecodeError:
        raise FileRefused("The file is not UTF-8 text.") from None
    except RecursionError:
        raise FileRefused("The file is nested too deeply to be a list of opening hours.") from None
    except ValueError as error:
        raise FileRefused(f"The file is not JSON: {_short(str(error))}") from None
    if not isinstance(records, list):
        raise FileRefused("The file must be a JSON list of records.")
    return _each(records)


def _each(records: list[object]) -> Iterator[ImportedWeek | BadRecord]:
    seen: dict[str, int] = {}
    for position, record in enumerate(records, start=1):
        known_id = None
        try:
            fields = _fields(record)
            known_id = _id(fields)
            first = seen.setdefault(known_id.casefold(), position)
            if first != position:
                raise _Refused(f"record {first} has the same id")
            yield _week(known_id, fields)
        except _Refused as refusal:
            yield BadRecord(position, known_id, str(refusal))


def _week(known_id: str, fields: dict[str, Any]) -> ImportedWeek:
    weekly, dated = _fields(_get(fields, "weekly"), "weekly"), _fields(_get(fields, "dated"), "dated")
    for key in weekly:
        if key not in WEEKDAYS:
            raise _Refused(f"weekly: {_short(key)} is not a day of the week")
    return ImportedWeek(
        id=known_id,
        organisation=_text(fields, "organisation", required=True),
        town=_text(fields, "town"),
        postcode=_text(fields, "postcode"),
        time_zone=_time_zone(fields),
        hours=tuple(
            (weekday, opens, closes)
            for weekday, name in enumerate(WEEKDAYS)
            for opens, closes in _intervals(_get(weekly, name), name)
        ),
        exceptions=tuple(sorted((_day(key), _intervals(dated[key], key)) for key in dated)),
    )


def _intervals(value: object, where: str) -> tuple[Interval, ...]:
    if not isinstance(value, list):
        raise _Refused(f"{where}: expected a list of intervals")
    try:
        intervals = sorted(_interval(each, where) for each in value)
        check_day(intervals, SHORTEST_SLOT)  # the file has no slot length
    except HoursRefused as refusal:
        raise _Refused(f"{where}: {refusal}") from None
    return tuple(intervals)


def _interval(value: object, where: str) -> Interval:
    match value:
        case [str(opens), str(closes)]:
            return parse_clock(opens), parse_clock(closes)
    raise _Refused(f'{where}: expected ["HH:MM", "HH:MM"], found {_short(value)}')


def _day(key: str) -> date:
    try:
        # The pattern first: date.fromisoformat also reads 20111224 and 2011-W51-6.
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", key):
            return date.fromisoformat(key)
    except ValueError:
        pass
    raise _Refused(f"dated: {_short(key)} is not a date (YYYY-MM-DD)")


def _id(fields: dict[str, Any]) -> str:
    value = _get(fields, "id")
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}", value):
        raise _Refused(f"id: {_short(value)} is not 1 to 32 letters, digits, dots and dashes")
    return value


def _text(fields: dict[str, Any], key: str, *, required: bool = False) -> str:
    value = _get(fields, key)
    if not isinstance(value, str):
        raise _Refused(f"{key}: expected text, found {_short(value)}")
    value = value.strip()
    if required and not value:
        raise _Refused(f"{key}: is empty")
    if len(value) > LONGEST_TEXT:
        raise _Refused(f"{key}: is longer than {LONGEST_TEXT} characters")
    if any(unicodedata.category(character) in NOT_TEXT for character in value):
        raise _Refused(f"{key}: {_short(value)} has characters that are not text")
    return value


def _time_zone(fields: dict[str, Any]) -> str:
    name = _get(fields, "timezone")
    try:
        if isinstance(name, str):
            return ZoneInfo(name).key
    # OSError: a folder such as "Europe", or a name too long for a file.
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    raise _Refused(f"timezone: {_short(name)} is not a time zone")


def _fields(value: object, where: str = "record") -> dict[str, Any]:
    if isinstance(value, _Repeating):
        raise _Refused(f"{where}: has one key twice")
    if not isinstance(value, dict):
        raise _Refused(f"{where}: expected an object, found {_short(value)}")
    return value


def _get(fields: dict[str, Any], key: str) -> object:
    if key not in fields:
        raise _Refused(f"{key}: is missing")
    return fields[key]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    return fields if len(fields) == len(pairs) else _Repeating(fields)


def _short(value: object) -> str:
    """`value` in a few printable characters: what is wrong may be ten megabytes long."""
    match value:
        case list():
            return "a list"
        case dict():
            return "an object"
        case str() if len(value) > LONGEST_QUOTE:
            return json.dumps(value[:LONGEST_QUOTE]) + "…"
    return json.dumps(value)
