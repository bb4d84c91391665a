"""HTTP servers on real sockets of this machine, with https if a test needs it."""

import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

HOST = "hooks.clinic.example"
"""The host name in the certificate."""

S = TypeVar("S", bound=ThreadingHTTPServer)


class WithoutLog:
    """A mixin for request handlers that do not log requests."""

    def log_message(self, *_args: object) -> None:
        """Log nothing."""


class HttpsServer(ThreadingHTTPServer):
    """An https server. It ignores clients that hang up."""

    daemon_threads = True

    def __init__(self, certificate: Path, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore the error."""


@contextmanager
def running(server: S) -> Iterator[S]:
    """Run a server during the block."""
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def make_certificate(folder: Path) -> Path:
    """Return a file with a key and a self-signed certificate for `HOST`."""
    file = folder / "server.pem"
    subject = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", str(file)]
    made = ["openssl", "req", "-x509", "-days", "30", *key, "-out", str(folder / "certificate.pem"), *subject]
    subprocess.run(made, check=True, capture_output=True)
    file.write_text(file.read_text() + (folder / "certificate.pem").read_text())
    return file
