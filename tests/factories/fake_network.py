"""The world outside, as far as it is needed: a name server and a web server, on real sockets."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import sleep

import dns.message
import dns.rdatatype
import dns.rrset


class NameServer:
    """Answers what it was told to, over UDP."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, str], list[str]] = {}
        self.asked: list[tuple[str, str]] = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.address = "{}:{}".format(*self.socket.getsockname())

    def serve(self) -> None:
        """Until the socket is shut."""
        while True:
            packet, sender = self.socket.recvfrom(4096)
            if packet == b"stop":
                return
            query = dns.message.from_wire(packet)
            answer = dns.message.make_response(query)
            name, kind = query.question[0].name, dns.rdatatype.to_text(query.question[0].rdtype)
            self.asked.append((str(name).rstrip("."), kind))
            found = self.records.get(self.asked[-1], [])
            if found:
                answer.answer.append(dns.rrset.from_text(name, 60, "IN", kind, *found))
            self.socket.sendto(answer.to_wire(), sender)


@contextmanager
def name_server() -> Iterator[NameServer]:
    """One that runs."""
    server = NameServer()
    thread = Thread(target=server.serve)
    thread.start()
    try:
        yield server
    finally:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stopper:
            stopper.sendto(b"stop", server.socket.getsockname())
        thread.join()
        server.socket.close()


class WebServer(ThreadingHTTPServer):
    """Serves the pages it was told to, or sends on."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages: dict[tuple[str, str], bytes] = {}
        self.moved: dict[tuple[str, str], str] = {}
        self.asked: list[tuple[str, str]] = []
        self.drip = False


class _Handler(BaseHTTPRequestHandler):
    server: WebServer

    def do_GET(self) -> None:
        """A page, a redirect, or 404."""
        where = (self.headers["Host"].partition(":")[0], self.path)
        self.server.asked.append(where)
        if where in self.server.moved:
            self.send_response(302)
            self.send_header("Location", self.server.moved[where])
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = self.server.pages.get(where)
        self.send_response(200 if body is not None else 404)
        self.end_headers()
        try:
            for byte in body or b"":
                if self.server.drip:
                    sleep(0.5)
                self.wfile.write(bytes([byte]))
        except OSError:
            self.close_connection = True

    def log_message(self, *_words: object) -> None:
        """Nothing."""


@contextmanager
def web_server() -> Iterator[WebServer]:
    """One that runs."""
    server = WebServer()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
