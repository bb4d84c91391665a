"""A name server and a web server on real sockets, in place of the internet."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import sleep

import dns.message
import dns.rdatatype
import dns.rrset

from tests.factories.http_server import WithoutLog, running


class NameServer:
    """Answers DNS queries over UDP from `records`."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, str], list[str]] = {}
        self.requests: list[tuple[str, str]] = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.address = "{}:{}".format(*self.socket.getsockname())

    def serve(self) -> None:
        """Answer queries until the stop packet arrives."""
        while True:
            packet, sender = self.socket.recvfrom(4096)
            if packet == b"stop":
                return
            query = dns.message.from_wire(packet)
            answer = dns.message.make_response(query)
            name, kind = query.question[0].name, dns.rdatatype.to_text(query.question[0].rdtype)
            self.requests.append((str(name).rstrip("."), kind))
            values = self.records.get(self.requests[-1], [])
            if values:
                answer.answer.append(dns.rrset.from_text(name, 60, "IN", kind, *values))
            self.socket.sendto(answer.to_wire(), sender)


@contextmanager
def name_server() -> Iterator[NameServer]:
    """Run a name server during the block."""
    server = NameServer()
    thread = Thread(target=server.serve)
    thread.start()
    try:
        yield server
    finally:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"stop", server.socket.getsockname())
        thread.join()
        server.socket.close()


class WebServer(ThreadingHTTPServer):
    """Serves `pages`, and redirects the addresses in `moved`. With `slow`, it sends two bytes a second."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages: dict[tuple[str, str], bytes] = {}
        self.moved: dict[tuple[str, str], str] = {}
        self.requests: list[tuple[str, str]] = []
        self.slow = False


class _Handler(WithoutLog, BaseHTTPRequestHandler):
    server: WebServer

    def do_GET(self) -> None:
        """Respond with a page, a redirect or 404."""
        address = (self.headers["Host"].partition(":")[0], self.path)
        self.server.requests.append(address)
        if address in self.server.moved:
            self.send_response(302)
            self.send_header("Location", self.server.moved[address])
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = self.server.pages.get(address)
        self.send_response(200 if body is not None else 404)
        self.end_headers()
        try:
            for byte in body or b"":
                if self.server.slow:
                    sleep(0.5)
                self.wfile.write(bytes([byte]))
        except OSError:
            self.close_connection = True


@contextmanager
def web_server() -> Iterator[WebServer]:
    """Run a web server during the block."""
    with running(WebServer()) as server:
        yield server
