"""A provider of text messages on a real socket: it plays Twilio and another provider."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event
from typing import Any
from urllib.parse import parse_qs

from tests.factories.http_server import WithoutLog, running

HOST = "sms.provider.example"


@dataclass
class Scripted:
    """An answer of the provider."""

    status: int = 201
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    stalls: bool = False
    """Whether it sends a few bytes and then nothing, until the server ends."""


@dataclass
class Received:
    """A request that the provider received."""

    method: str
    path: str
    headers: dict[str, str]
    body: str

    @property
    def form(self) -> dict[str, str]:
        """Return the parameters of a form."""
        return {name: values[0] for name, values in parse_qs(self.body).items()}

    @property
    def json(self) -> Any:
        """Return the JSON body."""
        return json.loads(self.body)


class SmsProvider(ThreadingHTTPServer):
    """Answers with the scripted answers in turn, then accepts everything."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: list[Scripted] = []
        self.requests: list[Received] = []
        self.ended = Event()


class _Handler(WithoutLog, BaseHTTPRequestHandler):
    server: SmsProvider

    def do_POST(self) -> None:
        """Record the request and answer."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.requests.append(Received(self.command, self.path, dict(self.headers), body))
        number = len(self.server.requests)
        default = Scripted(body={"sid": f"SM{number}", "id": f"id-{number}"})
        answer = self.server.answers.pop(0) if self.server.answers else default
        content = json.dumps(answer.body if answer.body is not None else {}).encode()
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        if answer.stalls:
            self.wfile.write(b"HTTP/1.1 2")
            self.wfile.flush()
            self.server.ended.wait(10)
            return
        self.end_headers()
        self.wfile.write(content)

    do_PUT = do_POST  # noqa: N815  the name that http.server calls


@contextmanager
def sms_provider() -> Iterator[SmsProvider]:
    """Run the provider during the block."""
    with running(SmsProvider()) as server:
        try:
            yield server
        finally:
            server.ended.set()
