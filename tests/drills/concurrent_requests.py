"""Many requests at the same instant, each on a connection of its own."""

import json
import selectors
import socket
import time
from dataclasses import dataclass
from typing import Any

PATIENCE = 30.0
"""Seconds after which an answer does not come any more."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; status 0 where the connection ended without an answer."""

    status: int
    body: Any
    seconds: float

    @property
    def code(self) -> str:
        """The refusal's name, empty for a success."""
        return str((self.body or {}).get("code", ""))


def post(path: str, body: dict[str, Any], *, host: str, token: str, **headers: str) -> bytes:
    """A POST request of somebody signed in, as bytes. An underscore in a header's name is a hyphen."""
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


def volley(port: int, requests: list[bytes]) -> list[Answer]:
    """Send all requests at once: every connection is open before the first byte goes. Answers in order."""
    sockets = [socket.create_connection(("127.0.0.1", port)) for _request in requests]
    received = {each: bytearray() for each in sockets}
    ended = dict.fromkeys(sockets, 0.0)
    began = time.perf_counter()
    for each, request in zip(sockets, requests, strict=True):
        each.sendall(request)
    with selectors.DefaultSelector() as waiting:
        for each in sockets:
            waiting.register(each, selectors.EVENT_READ)
        while waiting.get_map():
            ready = waiting.select(PATIENCE)
            if not ready:
                break
            for key, _events in ready:
                source = key.fileobj
                assert isinstance(source, socket.socket)
                part = _receive(source)
                received[source] += part
                if not part:
                    ended[source] = time.perf_counter() - began
                    waiting.unregister(source)
    for each in sockets:
        each.close()
    return [_answer(bytes(received[each]), ended[each]) for each in sockets]


def _receive(from_: socket.socket) -> bytes:
    try:
        return from_.recv(65536)
    except ConnectionError:
        return b""


def _answer(received: bytes, seconds: float) -> Answer:
    head, _, body = received.partition(b"\r\n\r\n")
    if not head:
        return Answer(0, None, seconds)
    try:
        content = json.loads(body)
    except ValueError:
        content = None
    return Answer(int(head.split(b" ", 2)[1]), content, seconds)
