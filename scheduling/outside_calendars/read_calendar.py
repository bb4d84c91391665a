"""Fetches a calendar from its server and reads the busy periods from it, within one deadline."""

import base64
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from urllib.parse import urlsplit

from django.conf import settings

from scheduling.clock.time_off import Period
from scheduling.models import OutsideCalendar
from tenants.domains.outbound import AddressNotAllowed, Document, DocumentTooLarge, FetchError, read_document

MAX_BYTES = 4 * 1024 * 1024
"""Ten years of a busy calendar have about half of it."""
_MAX_TAG = 200
_CALDAV_QUERY = """<?xml version="1.0" encoding="utf-8"?>
<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">
<d:prop><c:calendar-data/></d:prop>
<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">
<c:time-range start="{begins:%Y%m%dT%H%M%SZ}" end="{ends:%Y%m%dT%H%M%SZ}"/>
</c:comp-filter></c:comp-filter></c:filter>
</c:calendar-query>"""
_OK, _MULTISTATUS, _NOT_MODIFIED = 200, 207, 304
Kind = OutsideCalendar.Kind
Problem = OutsideCalendar.Problem


class CalendarUnreadable(Exception):
    """The calendar could not be read."""

    def __init__(self, problem: OutsideCalendar.Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Source:
    """Where a calendar is, and how it is read."""

    kind: str
    address: str = field(repr=False)
    user_name: str = ""
    password: str = field(default="", repr=False)

    @property
    def host(self) -> str:
        """The host of the address."""
        return urlsplit(self.address).hostname or ""


@dataclass(frozen=True, slots=True)
class Version:
    """What is known of the document that was read last. Empty: nothing, so that all of it is read."""

    etag: str = ""
    last_modified: str = ""
    digest: str = ""


NOTHING = Version()


@dataclass(frozen=True, slots=True)
class Reading:
    """A calendar as it has been read."""

    version: Version
    periods: Sequence[Period] | None
    """The busy periods (UTC), merged, in order; None if the calendar has not changed."""


def read_calendar(
    source: Source, *, begins: datetime, ends: datetime, zones: Sequence[str], known: Version = NOTHING
) -> Reading:
    """Read the busy periods between two instants. It takes at most `OUTSIDE_CALENDAR_SECONDS`.

    :param zones: the time zones in which the doctor works, the clinic's first
    :param known: what was read last with the same period and zones
    :raises CalendarUnreadable: it could not be read, or not in time
    """
    ends_at = monotonic() + settings.OUTSIDE_CALENDAR_SECONDS
    document = _fetch(source, begins=begins, ends=ends, known=known, seconds=ends_at - monotonic())
    if document.status == _NOT_MODIFIED and (known.etag or known.last_modified):
        return Reading(known, None)
    digest = hashlib.sha256(document.body).hexdigest()
    version = Version(_tag(document, "etag"), _tag(document, "last-modified"), digest)
    if digest == known.digest:
        return Reading(version, None)
    request = {
        "kind": source.kind,
        "begins": begins.timestamp(),
        "ends": ends.timestamp(),
        "zones": list(zones),
    }
    return Reading(version, _parse(request, document.body, seconds=ends_at - monotonic()))


def _tag(document: Document, name: str) -> str:
    """A validator to send with the next request; nothing if it is too long or not plain text."""
    value = document.headers.get(name, "")
    return value if len(value) <= _MAX_TAG and value.isascii() and value.isprintable() else ""


def _fetch(source: Source, *, begins: datetime, ends: datetime, known: Version, seconds: float) -> Document:
    """Request the document.

    :raises CalendarUnreadable: it is not to be had
    """
    headers = {"Accept": "text/calendar"}
    body, method, expected = None, "GET", {_OK, _NOT_MODIFIED}
    if source.kind == Kind.CALDAV:
        # The whole days around the period, so that the same calendar gives the same answer for a day.
        body = _CALDAV_QUERY.format(begins=begins.astimezone(UTC), ends=ends.astimezone(UTC)).encode()
        method, expected = "REPORT", {_MULTISTATUS}
        credentials = base64.b64encode(f"{source.user_name}:{source.password}".encode()).decode()
        headers = {
            "Accept": "application/xml",
            "Content-Type": "application/xml; charset=utf-8",
            "Depth": "1",
            "Authorization": f"Basic {credentials}",
        }
    elif known.etag:
        headers["If-None-Match"] = known.etag
    elif known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    try:
        document = read_document(
            source.address, headers=headers, seconds=seconds, max_bytes=MAX_BYTES, method=method, body=body
        )
    except DocumentTooLarge as error:
        raise CalendarUnreadable(Problem.TOO_LARGE) from error
    except AddressNotAllowed as error:
        raise CalendarUnreadable(Problem.NOT_ALLOWED) from error
    except FetchError as error:
        raise CalendarUnreadable(Problem.NOT_REACHED) from error
    if document.status not in expected:
        raise CalendarUnreadable(_status_problem(document.status))
    return document


def _status_problem(status: int) -> OutsideCalendar.Problem:
    if status in {401, 403}:
        return Problem.REFUSED
    if status in {404, 410}:
        return Problem.NOT_FOUND
    return Problem.NOT_REACHED if status in {408, 429} or status >= 500 else Problem.NO_CALENDAR  # noqa: PLR2004


def _parse(request: dict[str, object], body: bytes, *, seconds: float) -> list[Period]:
    """Read the periods from a document, in a process that is killed at the deadline.

    :raises CalendarUnreadable: it is no calendar, or reading it takes too long
    """
    if seconds <= 0:
        raise CalendarUnreadable(Problem.NOT_REACHED)
    # Nothing of this process's environment, which contains secrets.
    environment = {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONTZPATH": ""}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "scheduling.outside_calendars.parser"],
            input=json.dumps(request).encode() + b"\n" + body,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            env=environment,
            check=True,
        )
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired as error:
        raise CalendarUnreadable(Problem.TOO_LARGE) from error
    except (subprocess.CalledProcessError, ValueError) as error:
        raise CalendarUnreadable(Problem.NO_CALENDAR) from error
    if "problem" in answer:
        raise CalendarUnreadable(Problem(answer["problem"]))
    return [
        (datetime.fromtimestamp(begin, UTC), datetime.fromtimestamp(end, UTC))
        for begin, end in answer["periods"]
    ]
