"""A clinic's own system that receives webhooks: an https server on a real socket."""

from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from tests.factories.http_server import HOST, HttpsServer, WithoutLog

URL = f"https://{HOST}/clinic"


@dataclass(frozen=True, slots=True)
class Received:
    """A request that has arrived."""

    path: str
    headers: dict[str, str]
    body: bytes


class Receiver(HttpsServer):
    """Records requests, and answers each with the status that `answer` returns, or as `respond` does."""

    def __init__(self, certificate: Path) -> None:
        super().__init__(certificate, _Handler)
        self.requests: list[Received] = []
        self.answer: Callable[[Received], int] = lambda _request: 204
        self.answer_headers: dict[str, str] = {}
        self.respond: Callable[[BaseHTTPRequestHandler], None] | None = None


class _Handler(WithoutLog, BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        """Record the request and answer it."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        received = Received(self.path, headers, body)
        self.server.requests.append(received)
        if self.server.respond is not None:
            self.server.respond(self)
            return
        self.send_response(self.server.answer(received))
        for name, value in self.server.answer_headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()
