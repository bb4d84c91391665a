"""Send many HTTP requests at the same instant, each on its own connection."""

import json
import selectors
import socket
import time
from dataclasses import dataclass
from typing import Any

TIMEOUT = 30.0
"""Seconds without data after which no further response is expected."""


@dataclass(frozen=True, slots=True)
class Response:
    """A response; its status is 0 if the connection ended without one."""

    status: int
    body: Any
    seconds: float

    @property
    def code(self) -> str:
        """The error code; empty for a success."""
        return str((self.body or {}).get("code", ""))


def post(path: str, body: dict[str, Any], *, host: str, token: str, **headers: str) -> bytes:
    """Return an authenticated POST request as bytes. Underscores in names of headers become hyphens."""
    content = json.dumps(body).encode()
    fields = {
        "Host": host,
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Content-Length": str(len(content)),
        "Connection": "close",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + content


def send_concurrently(port: int, requests: list[bytes]) -> list[Response]:
    """Send all requests at the same instant and return their responses in order.

    All connections are opened before the first byte is sent.
    """
    sockets = [socket.create_connection(("127.0.0.1", port)) for _request in requests]
    received = {sock: bytearray() for sock in sockets}
    ended = dict.fromkeys(sockets, 0.0)
    started = time.perf_counter()
    for sock, request in zip(sockets, requests, strict=True):
        sock.sendall(request)
    with selectors.DefaultSelector() as selector:
        for sock in sockets:
            selector.register(sock, selectors.EVENT_READ)
        while selector.get_map():
            ready = selector.select(TIMEOUT)
            if not ready:
                break
            for key, _events in ready:
                source = key.fileobj
                assert isinstance(source, socket.socket)
                data = _receive(source)
                received[source] += data
                if not data:
                    ended[source] = time.perf_counter() - started
                    selector.unregister(source)
    for sock in sockets:
        sock.close()
    return [_parse(bytes(received[sock]), ended[sock]) for sock in sockets]


def _receive(sock: socket.socket) -> bytes:
    try:
        return sock.recv(65536)
    except ConnectionError:
        return b""


def _parse(received: bytes, seconds: float) -> Response:
    head, _, body = received.partition(b"\r\n\r\n")
    if not head:
        return Response(0, None, seconds)
    try:
        content = json.loads(body)
    except ValueError:
        content = None
    return Response(int(head.split(b" ", 2)[1]), content, seconds)
