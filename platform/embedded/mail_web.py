"""The addresses of the mail page: the list, one message, its HTML in a sandbox, its attachments."""

import re
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import quote, unquote

from embedded import mail_pages
from embedded.mail_message import KeptMessage

_LOCAL_NAMES = {"localhost", "127.0.0.1", "[::1]"}
_PAGE_RULES = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'"
)
# A message is a stranger's page: no scripts, no requests, an origin of its own. Its links open elsewhere.
_MESSAGE_RULES = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; "
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'"
)
_PATH = re.compile(
    r"/messages/(?P<name>[0-9TZ.-]+\.eml)(?:/(?P<part>html|source|attachments/(?P<number>\d{1,4})))?"
)


class MailPages(BaseHTTPRequestHandler):
    """Answers from the folder that `handler_for` sets."""

    folder: Path
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if (self.headers.get("Host") or "").rsplit(":", 1)[0] not in _LOCAL_NAMES:
            # Another site that points its name at 127.0.0.1 must not read the mails through the browser.
            return self._fail(HTTPStatus.FORBIDDEN)
        path = unquote(self.path.partition("?")[0])
        if path == "/":
            return self._page(mail_pages.message_list(self._messages()))
        match = _PATH.fullmatch(path)
        file = self.folder / match["name"] if match else None
        if match is None or file is None or not file.is_file():
            return self._fail(HTTPStatus.NOT_FOUND)
        return self._message(KeptMessage(file), match)

    def _message(self, message: KeptMessage, match: re.Match[str]) -> None:
        part = match["part"]
        if part is None:
            return self._page(mail_pages.one_message(message))
        if part == "source":
            return self._send(message.file.read_bytes(), "text/plain; charset=utf-8")
        if part == "html":
            text = '<!doctype html><base target="_blank">' + message.html
            return self._send(
                text.encode(errors="replace"),
                "text/html; charset=utf-8",
                {"Content-Security-Policy": _MESSAGE_RULES},
            )
        number = int(match["number"])
        if number >= len(message.attachments):
            return self._fail(HTTPStatus.NOT_FOUND)
        attachment = message.attachments[number]
        saved_as = f"attachment; filename*=UTF-8''{quote(attachment.name, safe='', errors='replace')}"
        return self._send(attachment.content, "application/octet-stream", {"Content-Disposition": saved_as})

    def _messages(self) -> list[KeptMessage]:
        files = sorted(self.folder.glob("[0-9]*.eml"), reverse=True)
        return [KeptMessage(file) for file in files[: mail_pages.SHOWN]]

    def _page(self, text: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self._send(
            text.encode(errors="replace"),
            "text/html; charset=utf-8",
            {"Content-Security-Policy": _PAGE_RULES},
            status,
        )

    def _fail(self, status: HTTPStatus) -> None:
        self._page(mail_pages.failure(status.phrase), status)

    def _send(
        self,
        body: bytes,
        kind: str,
        headers: dict[str, str] | None = None,
        status: HTTPStatus = HTTPStatus.OK,
    ) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": kind,
            "Content-Length": str(len(body)),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the name that http.server calls
        """Say nothing: the addresses of messages are of no use in a log."""


def handler_for(folder: Path) -> type[MailPages]:
    """The request handler that shows the messages kept in `folder`."""
    return type("MailPagesOfFolder", (MailPages,), {"folder": folder})
