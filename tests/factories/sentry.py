"""A local server in place of Sentry, which stores what it receives."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class _Handler(BaseHTTPRequestHandler):
    reports: list[str]

    def do_POST(self) -> None:
        """Store a report, decompressed."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        compressed = self.headers.get("Content-Encoding") == "gzip"
        self.reports.append((gzip.decompress(body) if compressed else body).decode())
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Log nothing."""


@contextmanager
def sentry_server() -> Iterator[tuple[str, list[str]]]:
    """Run the server. Yield its DSN and the list of reports that it has received."""
    reports: list[str] = []
    handler = type("Handler", (_Handler,), {"reports": reports})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://key@127.0.0.1:{server.server_port}/1", reports
        server.shutdown()
