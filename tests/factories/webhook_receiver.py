"""A clinic's own system that receives webhooks: an https server on a real socket."""

import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

HOST = "hooks.clinic.example"
URL = f"https://{HOST}/clinic"


@dataclass(frozen=True, slots=True)
class Received:
    """A request that has arrived."""

    path: str
    headers: dict[str, str]
    body: bytes


class Receiver(ThreadingHTTPServer):
    """Records requests, and answers each with the status that `answer` returns, or as `respond` does."""

    daemon_threads = True

    def __init__(self, certificate: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.requests: list[Received] = []
        self.answer: Callable[[Received], int] = lambda _request: 204
        self.answer_headers: dict[str, str] = {}
        self.respond: Callable[[BaseHTTPRequestHandler], None] | None = None

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore clients that hang up."""


class _Handler(BaseHTTPRequestHandler):
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

    def log_message(self, *_args: object) -> None:
        """Log nothing."""


def make_certificate(folder: Path) -> Path:
    """Return a file with a key and a certificate for the host, which signs itself."""
    file = folder / "receiver.pem"
    subject = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", str(file)]
    made = ["openssl", "req", "-x509", "-days", "30", *key, "-out", str(folder / "certificate.pem"), *subject]
    subprocess.run(made, check=True, capture_output=True)
    file.write_text(file.read_text() + (folder / "certificate.pem").read_text())
    return file


@contextmanager
def webhook_receiver(certificate: Path) -> Iterator[Receiver]:
    """Run a receiver during the block."""
    server = Receiver(certificate)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
