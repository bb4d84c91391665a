"""A provider of calendars outside the clinic: an https server on a real socket."""

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from tests.factories.http_server import HOST, HttpsServer, WithoutLog

ADDRESS = f"https://{HOST}/private-secret/basic.ics"


class CalendarServer(HttpsServer):
    """Answers each request with `body` and `status`, or as `respond` does. It records requests."""

    def __init__(self, certificate: Path) -> None:
        super().__init__(certificate, _Handler)
        self.body = calendar()
        self.status = 200
        self.headers: dict[str, str] = {}
        self.respond: Callable[[BaseHTTPRequestHandler], None] | None = None
        self.requests: list[tuple[str, dict[str, str]]] = []


class _Handler(WithoutLog, BaseHTTPRequestHandler):
    server: CalendarServer

    def do_GET(self) -> None:
        """Record the request and answer it."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.requests.append((f"{self.command} {self.path}", headers))
        if self.server.respond is not None:
            self.server.respond(self)
            return
        etag = self.server.headers.get("ETag")
        unchanged = etag is not None and headers.get("if-none-match") == etag
        self.send_response(304 if unchanged else self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        body = b"" if unchanged else self.server.body
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_REPORT = do_GET  # noqa: N815  the name of the method in HTTP


def event(starts: str, ends: str, *more: str, uid: str = "1") -> str:
    """An event as iCalendar. Times are in UTC unless they name a zone, as in `;TZID=Europe/London:2026…`."""
    begin, end = (value if value.startswith((";", ":")) else f":{value}" for value in (starts, ends))
    lines = [f"UID:{uid}", f"DTSTART{begin}", f"DTEND{end}", "SUMMARY:Oncology with Dr Example", *more]
    return "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"])


def calendar(*events: str) -> bytes:
    """A calendar with these components."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//EN", *events, "END:VCALENDAR", ""]
    return "\r\n".join(lines).encode()


def caldav_answer(*calendars: bytes) -> bytes:
    """The answer to a CalDAV query with these calendars."""
    data = "".join(
        f"<d:response><d:href>/c/{number}.ics</d:href><d:propstat><d:prop><c:calendar-data>"
        f"{document.decode()}</c:calendar-data></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat>"
        "</d:response>"
        for number, document in enumerate(calendars)
    )
    names = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"'
    return f'<?xml version="1.0"?><d:multistatus {names}>{data}</d:multistatus>'.encode()
