"""Clients that send a request body, or nothing at all, as slowly as they like delay nobody else."""

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from statistics import median

import pytest

from tenants.models import Clinic
from tests.drills.figures import RecordFigure, percentile
from tests.drills.installation import Installation, open_installation
from tests.drills.keep_alive import drive, get
from tests.factories.clinic_client import host_of
from tests.factories.waiting import wait_until

ROUNDS, SECONDS, PAUSE = 5, 2.0, 1.0
BODY = (
    "POST /api/auth/login/ HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
    "Content-Length: 1000\r\n\r\n"
)
HEAD = "GET /api/clinic/ HTTP/1.1\r\nHost: {host}\r\nX-Slow: "
SMALLEST_P95 = 0.010
"""Seconds. Below it, other load on the machine decides."""


@pytest.fixture
def web(committed_clinic: Clinic) -> Iterator[Installation]:
    """A web server for this drill alone."""
    with open_installation() as installation:
        installation.start("web")
        yield installation


@contextmanager
def dripping(port: int, start: str, count: int) -> Iterator[None]:
    """Hold `count` connections on which a byte is sent now and then; replace those that the server closes."""
    stopped = threading.Event()

    def drip() -> None:
        with selectors.DefaultSelector() as selector:
            sockets: set[socket.socket] = set()
            while not stopped.is_set():
                while len(sockets) < count:
                    sock = socket.create_connection(("127.0.0.1", port))
                    sock.sendall(start.encode())
                    selector.register(sock, selectors.EVENT_READ)
                    sockets.add(sock)
                for key, _events in selector.select(0):
                    selector.unregister(key.fileobj)
                    assert isinstance(key.fileobj, socket.socket)
                    key.fileobj.close()
                    sockets.discard(key.fileobj)
                for sock in sockets:
                    sock.send(b"x")
                stopped.wait(PAUSE)
            for sock in sockets:
                sock.close()

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def p95(port: int, host: str) -> float:
    """Return the 95th percentile of the latency of ordinary requests and liveness probes, in seconds."""
    requests = cycle([get("/api/clinic/", host=host), get("/health/live", host=host)])
    load = drive(port, requests, seconds=SECONDS, connections=2)
    assert set(load.statuses) == {200}
    return percentile(load.latencies, 0.95)


@pytest.mark.parametrize("start", [BODY, HEAD], ids=["bodies", "heads"])
@pytest.mark.parametrize("count", [12, 200])
def test_slow_clients_at_most_double_the_latency_of_others(
    web: Installation, committed_clinic: Clinic, record_figure: RecordFigure, count: int, start: str
) -> None:
    host = host_of(committed_clinic)
    p95(web.port, host)
    without, during = [], []

    for _round in range(ROUNDS):
        without.append(p95(web.port, host))
        with dripping(web.port, start.format(host=host), count):
            during.append(p95(web.port, host))

    record_figure(
        f"{count} slow {'bodies' if start is BODY else 'heads'}: p95 of others without and with them, ms",
        " · ".join(
            f"{before * 1000:.1f} {after * 1000:.1f}" for before, after in zip(without, during, strict=True)
        ),
    )
    assert median(during) <= 2 * max(median(without), SMALLEST_P95)


def test_control_the_server_without_the_adapter_stops_answering(committed_clinic: Clinic) -> None:
    host = host_of(committed_clinic)
    with open_installation() as installation:
        installation.start_without_adapter()
        with dripping(installation.port, BODY.format(host=host), 12):
            wait_until(lambda: not installation.serves(), "the server to stop answering", seconds=30)
