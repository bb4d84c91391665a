"""The HTTP side of the mail server: the list, one message, its HTML in a sandbox, its attachments."""

import re
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import quote, unquote

from embedded import mail_pages
from embedded.mail_message import StoredMessage

_LOCAL_NAMES = {"localhost", "127.0.0.1", "[::1]"}
_PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'"
)
# A message is untrusted HTML: no scripts, no requests, its own origin. Links open in a new tab.
_MESSAGE_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; "
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'"
)
_PATH = re.compile(
    r"/messages/(?P<name>[0-9TZ.-]+\.eml)(?:/(?P<part>html|source|attachments/(?P<number>\d{1,4})))?"
)


class MailPages(BaseHTTPRequestHandler):
    """Serves the messages in `folder`, which `handler_for` sets."""

    folder: Path
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if (self.headers.get("Host") or "").rsplit(":", 1)[0] not in _LOCAL_NAMES:
            # DNS rebinding: a website whose name resolves to 127.0.0.1 must not read the mail.
            return self._fail(HTTPStatus.FORBIDDEN)
        path = unquote(self.path.partition("?")[0])
        if path == "/":
            return self._page(mail_pages.list_page(self._messages()))
        match = _PATH.fullmatch(path)
        file = self.folder / match["name"] if match else None
        if match is None or file is None or not file.is_file():
            return self._fail(HTTPStatus.NOT_FOUND)
        return self._message(StoredMessage(file), match)

    def _message(self, message: StoredMessage, match: re.Match[str]) -> None:
        part = match["part"]
        if part is None:
            return self._page(mail_pages.message_page(message))
        if part == "source":
            return self._send(message.file.read_bytes(), "text/plain; charset=utf-8")
        if part == "html":
            text = '<!doctype html><base target="_blank">' + message.html
            return self._send(
                text.encode(errors="replace"),
                "text/html; charset=utf-8",
                {"Content-Security-Policy": _MESSAGE_POLICY},
            )
        number = int(match["number"])
        if number >= len(message.attachments):
            return self._fail(HTTPStatus.NOT_FOUND)
        attachment = message.attachments[number]
        disposition = f"attachment; filename*=UTF-8''{quote(attachment.name, safe='', errors='replace')}"
        return self._send(
            attachment.content, "application/octet-stream", {"Content-Disposition": disposition}
        )

    def _messages(self) -> list[StoredMessage]:
        files = sorted(self.folder.glob("[0-9]*.eml"), reverse=True)
        return [StoredMessage(file) for file in files[: mail_pages.MAX_SHOWN]]

    def _page(self, text: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self._send(
            text.encode(errors="replace"),
            "text/html; charset=utf-8",
            {"Content-Security-Policy": _PAGE_POLICY},
            status,
        )

    def _fail(self, status: HTTPStatus) -> None:
        self._page(mail_pages.failure(status.phrase), status)

    def _send(
        self,
        body: bytes,
        content_type: str,
        headers: dict[str, str] | None = None,
        status: HTTPStatus = HTTPStatus.OK,
    ) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": content_type,
            "Content-Length": str(len(body)),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 named by http.server
        """Log nothing."""


def handler_for(folder: Path) -> type[MailPages]:
    """Return the request handler for the messages in `folder`."""
    return type("MailPagesOfFolder", (MailPages,), {"folder": folder})
