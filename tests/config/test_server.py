"""The adapter between granian and a WSGI application."""

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import pytest

from config.server.limits import MIB
from embedded.ports import free_port
from tests.config.plain_application import LIMITS
from tests.factories.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]
SLOW_HEAD = b"POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{"


@dataclass(frozen=True)
class Answer:
    """A response with the time until it was complete."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    @property
    def received(self) -> Any:
        """What the application received."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Plain:
    """A running server with the plain application."""

    port: int
    process: "subprocess.Popen[bytes]"
    log: Path

    def send(self, method: str, path: str, **options: Any) -> Answer:
        """Send one request on its own connection."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        started = time.monotonic()
        try:
            connection.request(method, path, **options)
            response = connection.getresponse()
            body = response.read()
            seconds = time.monotonic() - started
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, body, seconds)
        finally:
            connection.close()

    def is_live(self) -> bool:
        """Whether the server answers."""
        try:
            return self.send("GET", "/health/live").status == 200
        except (OSError, HTTPException):
            return False

    def drip(self) -> socket.socket:
        """Open a connection that has sent the first byte of a body and sends no more."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        connection.sendall(SLOW_HEAD)
        return connection


@contextmanager
def serving(log: Path) -> Iterator[Plain]:
    """Start a server with one process; stop it after the block."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "rsgi", "--http", "1", "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "tests.config.plain_application:application"],
            env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"},
            stdout=output,
            stderr=output,
        )
    server = Plain(port, process, log)
    try:
        wait_until(server.is_live, f"the server to start: {log.read_text()}", seconds=60)
        yield server
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plain]:
    """A server that all tests use."""
    with serving(tmp_path_factory.mktemp("server") / "log") as server:
        yield server


def test_slow_bodies_take_no_thread_and_get_408(plain: Plain) -> None:
    drips = [plain.drip() for _ in range(12)]

    others = [plain.send("POST", "/x", body=b"{}") for _ in range(5)]

    assert [answer.status for answer in others] == [200] * 5
    assert max(answer.seconds for answer in others) < LIMITS.body_start
    for drip in drips:
        assert drip.recv(4096).startswith(b"HTTP/1.1 408 ")
        assert drip.recv(4096) == b""
        drip.close()


def test_liveness_needs_no_thread(plain: Plain) -> None:
    with ThreadPoolExecutor(2) as clients:
        busy = [clients.submit(plain.send, "GET", "/?sleep=1.5") for _ in range(2)]
        time.sleep(0.3)
        live = plain.send("GET", "/health/live")
        finished = [future.result().status for future in busy]

    assert (live.status, live.body) == (200, b'{"status": "alive"}')
    assert live.seconds < 0.5
    assert finished == [200, 200]


@pytest.mark.parametrize("path", ["/api/x", "/x"])
def test_a_request_that_finds_no_thread_in_time_gets_503_with_retry_after(plain: Plain, path: str) -> None:
    with ThreadPoolExecutor(6) as clients:
        busy = [clients.submit(plain.send, "GET", "/?sleep=2") for _ in range(2)]
        time.sleep(0.3)
        waiting = [clients.submit(plain.send, "GET", path) for _ in range(2)]
        time.sleep(0.3)
        too_many = plain.send("GET", path)
        late = [future.result() for future in waiting]
        assert [future.result().status for future in busy] == [200, 200]

    assert too_many.seconds < 0.5
    assert all(LIMITS.wait <= answer.seconds < LIMITS.wait + 0.7 for answer in late)
    for answer in [too_many, *late]:
        assert (answer.status, answer.headers["retry-after"]) == (503, "2")
        assert answer.headers["content-type"].startswith(
            "application/json" if path == "/api/x" else "text/html"
        )
        assert b"Try again in a moment." in answer.body
    assert plain.send("GET", "/").status == 200


def test_headers_and_path_arrive_as_wsgi_defines_them(plain: Plain) -> None:
    request = (
        b"GET /a%20b/%C3%A9//x?q=%C3%A9 HTTP/1.1\r\nHost: Clinic.localhost:99\r\nX-One: 1\r\nX-One: 2\r\n"
        b"Cookie: a=1\r\nCookie: b=2\r\nX_Forwarded_For: 6.6.6.6\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", plain.port)) as connection:
        connection.sendall(request)
        head, _, body = b"".join(iter(lambda: connection.recv(65536), b"")).partition(b"\r\n\r\n")

    assert head.lower().count(b"\r\nset-cookie: ") == 2
    environ = json.loads(body)["environ"]
    assert environ == {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/a b/Ã©//x",
        "QUERY_STRING": "q=%C3%A9",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": str(plain.port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_SOFTWARE": "granian",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "Clinic.localhost:99",
        "HTTP_X_ONE": "1,2",
        "HTTP_COOKIE": "a=1; b=2",
        "HTTP_CONNECTION": "close",
        "wsgi.url_scheme": "http",
    }


def test_a_chunked_body_gets_a_length(plain: Plain) -> None:
    answer = plain.send("POST", "/", body=iter([b"abc", b"def"]), encode_chunked=True)

    assert (answer.received["length"], answer.received["environ"]["CONTENT_LENGTH"]) == (6, "6")


@pytest.mark.parametrize("size", [0, 1000, 200_000, LIMITS.body_in_memory, 5 * MIB])
def test_a_body_arrives_complete_whatever_its_size(plain: Plain, size: int) -> None:
    body = os.urandom(size)

    answer = plain.send("PUT", "/", body=body)

    assert answer.received["length"] == size
    assert answer.received["sha256"] == hashlib.sha256(body).hexdigest()


def test_a_body_above_the_limit_gets_413(plain: Plain) -> None:
    declared = plain.send("POST", "/api/x", headers={"Content-Length": str(LIMITS.body + 1)})
    with socket.create_connection(("127.0.0.1", plain.port), timeout=20) as connection:
        connection.sendall(b"POST /api/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(LIMITS.body_in_memory // 65536 + 1):
            connection.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")
        chunked = connection.recv(4096)

    assert declared.status == 413
    assert json.loads(declared.body)["code"] == "too_large"
    assert chunked.startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("size", [0, 64 * 1024, 5 * MIB])
def test_a_response_arrives_complete_whatever_its_size(plain: Plain, size: int) -> None:
    answer = plain.send("GET", f"/?size={size}")

    assert (answer.status, len(answer.body)) == (200, size)


def test_head_has_no_body(plain: Plain) -> None:
    answer = plain.send("HEAD", "/")

    assert (answer.status, answer.body) == (200, b"")


def test_a_client_that_leaves_costs_nothing(plain: Plain) -> None:
    for _ in range(20):
        plain.drip().close()
        with socket.create_connection(("127.0.0.1", plain.port)) as connection:
            connection.sendall(b"GET /?sleep=0.01 HTTP/1.1\r\nHost: a\r\n\r\n")
    time.sleep(0.5)

    assert plain.send("GET", "/").status == 200
    assert "Traceback" not in plain.log.read_text()


def test_running_requests_finish_after_sigterm(tmp_path: Path) -> None:
    with serving(tmp_path / "log") as server, ThreadPoolExecutor(2) as clients:
        running = [clients.submit(server.send, "GET", "/?sleep=1") for _ in range(2)]
        time.sleep(0.4)
        server.process.send_signal(signal.SIGTERM)
        statuses = [future.result().status for future in running]
        stopped = server.process.wait(10)

    assert statuses == [200, 200]
    assert stopped == 0
