"""Reads the busy periods from a calendar that somebody outside wrote, as a process of its own.

    python -m scheduling.outside_calendars.parser

A recurrence rule or an XML document can be written so that reading it takes for ever. The process has limits
on CPU time and memory, and its parent ends it at a deadline. It gets neither settings nor secrets.

Input: a line of JSON (see `read_calendar.py`), then the document. Output: JSON, `{"periods": [[from, to]]}`
in seconds since 1970, or `{"problem": "…"}`.
"""

import json
import resource
import sys
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.parsers import expat  # a document type, without which no entity can be declared, is refused below
from zoneinfo import ZoneInfo

from icalendar import Calendar

from scheduling.outside_calendars.components import Components, NotACalendar
from scheduling.outside_calendars.occurrences import TooManyPeriods, Window, busy_periods, zone_or

_CPU_SECONDS = 3
"""The parent ends the process earlier; this is for the case that it is gone."""
_MEMORY = 512 * 1024 * 1024
_CALENDAR_DATA = "urn:ietf:params:xml:ns:caldav calendar-data"
_MULTISTATUS, _RESPONSE = "DAV: multistatus", "DAV: response"


def main() -> None:
    """Read the document from the input, and write its busy periods."""
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    request = json.loads(sys.stdin.buffer.readline())
    body = sys.stdin.buffer.read()
    json.dump(_answer(request, body), sys.stdout)


def _answer(request: dict[str, Any], body: bytes) -> dict[str, Any]:
    try:
        return {"periods": read_periods(request, body)}
    except TooManyPeriods:
        return {"problem": "too_large"}
    except Exception:  # whatever a document makes the parser raise means that it cannot be read
        return {"problem": "no_calendar"}


def read_periods(request: dict[str, Any], body: bytes) -> list[tuple[int, int]]:
    """The busy periods in the document, in seconds since 1970.

    :raises NotACalendar: it is none
    :raises TooManyPeriods: there are too many of them
    """
    begins = datetime.fromtimestamp(request["begins"], UTC)
    components = Components()
    documents = caldav_documents(body) if request["kind"] == "caldav" else [body.decode("utf-8", "replace")]
    for document in documents:
        components.add(document, since=(begins - timedelta(days=2)).date())
    zones = tuple(ZoneInfo(name) for name in request["zones"])
    window = Window(
        begins=begins,
        ends=datetime.fromtimestamp(request["ends"], UTC),
        zones=zones,
        floating=zone_or(components.zone, zones[0]),
    )
    periods = busy_periods(Calendar.from_ical(components.text()), window)
    return [(int(begin.timestamp()), -int(-end.timestamp() // 1)) for begin, end in periods]


def caldav_documents(body: bytes) -> list[str]:
    """The calendars in the answer to a CalDAV query (RFC 4791).

    :raises NotACalendar: it is no such answer, or has a document type
    """
    documents: list[str] = []
    names: list[str] = []
    resources = 0
    parser = expat.ParserCreate(namespace_separator=" ")

    def refuse(*_args: object) -> None:
        raise NotACalendar

    def start(name: str, _attributes: object) -> None:
        nonlocal resources
        if not names and name != _MULTISTATUS:
            raise NotACalendar
        names.append(name)
        resources += name == _RESPONSE
        if name == _CALENDAR_DATA:
            documents.append("")

    def text(data: str) -> None:
        if names[-1] == _CALENDAR_DATA:
            documents[-1] += data

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _name: names.pop()
    parser.CharacterDataHandler = text
    parser.buffer_text = True
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise NotACalendar from error
    if resources != len(documents):
        # A resource without its calendar stands for an error or for a list that was cut.
        raise NotACalendar
    return documents


if __name__ == "__main__":
    main()
