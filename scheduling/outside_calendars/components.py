"""Takes from an iCalendar document (RFC 5545) what says when somebody is busy, before it is parsed.

Most of a calendar is text, attachments and the past. Leaving them out makes parsing fast, and no title or
name is ever read into an object.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

_KEPT = {
    "UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "STATUS", "TRANSP",
    "X-MICROSOFT-CDO-BUSYSTATUS", "FREEBUSY", "BEGIN", "END",
}  # fmt: skip
"""The properties of events that say when they are and whether they take time."""
_COMPONENTS = {"VEVENT", "VFREEBUSY", "VTIMEZONE"}
_NAME = re.compile(r"[A-Za-z0-9-]+")
_DATE = re.compile(r"\d{8}", re.ASCII)
_UNTIL = re.compile(r"UNTIL=(\d{8})", re.ASCII | re.IGNORECASE)
_MAX_DEPTH = 6


class NotACalendar(Exception):
    """The document is not a complete iCalendar document."""


@dataclass(slots=True)
class Components:
    """The components of one or several calendars that say when somebody is busy, as lines."""

    lines: list[str] = field(default_factory=list)
    zone: str = ""
    """The calendar's own time zone for local times, where it names one (X-WR-TIMEZONE)."""

    def add(self, text: str, *, since: date) -> None:
        """Add the components of a document, without events that ended before `since`.

        :raises NotACalendar: it does not begin or end as one, or a component does not end
        """
        path: list[str] = []
        block: list[str] = []
        for line in _unfolded(text):
            name = _name(line)
            if name == "BEGIN":
                path.append(_value(line))
            if not path or len(path) > _MAX_DEPTH:
                raise NotACalendar
            if len(path) == 1 and name == "X-WR-TIMEZONE":
                self.zone = line.partition(":")[2].strip()
            if len(path) > 1 and _is_kept(name, path):
                block.append(line)
            if name == "END":
                if path.pop() != _value(line):
                    raise NotACalendar
                if len(path) == 1:
                    self.lines += [] if _is_over(block, since) else block
                    block = []
        if path:
            raise NotACalendar

    def text(self) -> str:
        """The components as one calendar."""
        return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *self.lines, "END:VCALENDAR", ""])


def _unfolded(text: str) -> Iterator[str]:
    """The lines of the document, with continued ones joined."""
    text = text.lstrip("\ufeff \t\r\n").replace("\r\n", "\n").replace("\r", "\n")
    if text[:15].upper() != "BEGIN:VCALENDAR":
        raise NotACalendar
    for line in re.sub(r"\n[ \t]", "", text).split("\n"):
        if line.strip():
            yield line


def _name(line: str) -> str:
    found = _NAME.match(line)
    return found[0].upper() if found else ""


def _value(line: str) -> str:
    return line.partition(":")[2].strip().upper()


def _is_kept(name: str, path: list[str]) -> bool:
    """Whether a line inside a component is kept: all of a time zone, and few properties of an event."""
    kind = path[1]
    return kind == "VTIMEZONE" or (kind in _COMPONENTS and len(path) == 2 and name in _KEPT)  # noqa: PLR2004


def _is_over(block: list[str], since: date) -> bool:
    """Whether a component is certain to be over before `since`, or is none that counts."""
    kind = _value(block[0]) if block else ""
    if kind not in _COMPONENTS:
        return True
    if kind != "VEVENT":
        return False
    limit = f"{since:%Y%m%d}"
    values: dict[str, str] = {}
    for line in block:
        values[_name(line)] = line
    if "RDATE" in values or "DURATION" in values or "RANGE=THISANDFUTURE" in values.get("RECURRENCE-ID", ""):
        return False
    if "RRULE" in values:
        until = _UNTIL.search(values["RRULE"])
        # A visit that begins on its last day may go on for days.
        return bool(until and until[1] < limit and _last_day(values, "DTEND") < limit)
    days = [_last_day(values, name) for name in ("DTSTART", "DTEND", "RECURRENCE-ID")]
    return max(days) < limit


def _last_day(values: dict[str, str], name: str) -> str:
    """The date of a property as eight digits; nothing if it is absent, the end of time if it has none."""
    if name not in values:
        return ""
    found = _DATE.search(values[name].rpartition(":")[2])
    return found[0] if found else "99999999"
