"""Ends the wait for a Postgres server that no longer answers, such as a frozen one.

Postgres' own timeouts are kept by the server, and TCP keepalives are answered by its kernel: neither helps
against a process that stands still. A thread in each process watches how long connections wait. If one waits
for more than `PATIENCE`, the thread asks the server for a sign of life on a new connection. Without an
answer, all connections that wait are cut, and new ones are refused until the server answers again.
"""

import os
import socket
import struct
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
import structlog
from psycopg.abc import PQGen

log = structlog.get_logger(__name__)

Address = tuple[str, int]

PATIENCE = 1.0
"""Seconds that a statement waits before the server is asked."""
_ANSWER_WITHIN = 2.0
"""Seconds that the server has to answer."""
_INTERVAL = 0.25
_SSL_REQUEST = struct.pack("!ii", 8, 80877103)
"""Postgres answers it with one byte from a new process, before authentication."""


class WatchedConnection(psycopg.Connection[Any]):
    """A connection whose waits end if the server stops answering."""

    address: Address | None = None
    unlimited = False
    """Whether statements may run for longer than the statement timeout."""
    served: set[str]
    """The schemas for which this connection has run statements."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.served = set()

    @classmethod
    def connect(cls, conninfo: str = "", **kwargs: Any) -> "WatchedConnection":
        """Connect, unless the server is known not to answer.

        :raises OperationalError: the server is away
        """
        address = address_of(kwargs)
        watchdog.refuse_if_away(address)
        connection = super().connect(conninfo, **kwargs)
        connection.address = address
        return connection

    def wait(self, gen: PQGen[Any], *args: Any, **kwargs: Any) -> Any:
        """Wait for the result of a statement. psycopg calls this for everything it sends."""
        watchdog.begin(self)
        try:
            return super().wait(gen, *args, **kwargs)
        finally:
            watchdog.end(self)


class Watchdog:
    """Watches the connections of one process that wait for an answer."""

    def __init__(self) -> None:
        self.statement_limit: float | None = None
        """Seconds after which the server has broken its own statement timeout. None: there is no timeout."""
        self.on_outage: Callable[[], None] = lambda: None
        """Called when connections were cut."""
        self._reset()
        os.register_at_fork(after_in_child=self._reset)

    def _reset(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[WatchedConnection, float] = {}
        self._away: set[Address] = set()
        self._thread: threading.Thread | None = None

    def begin(self, connection: WatchedConnection) -> None:
        """Note that a connection starts to wait."""
        self._waiting[connection] = time.monotonic()
        if self._thread is None:
            self._start()

    def end(self, connection: WatchedConnection) -> None:
        """Note that it waits no longer. Under the lock, so that `_cut` never meets a closed connection."""
        with self._lock:
            self._waiting.pop(connection, None)

    def refuse_if_away(self, address: Address | None) -> None:
        """Do nothing if the server is not known to be away.

        :raises OperationalError: it is
        """
        if address in self._away:
            raise psycopg.OperationalError("The database server does not answer.")

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="database-watchdog", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            time.sleep(_INTERVAL)
            try:
                self._check()
            except Exception:
                log.exception("database_watchdog_failed")

    def _check(self) -> None:
        now = time.monotonic()
        waits = list(self._waiting.items())
        for address in list(self._away):
            if answers(address):
                self._away.discard(address)
                log.warning("database_back")
        limit = self.statement_limit
        if limit and any(now - since > limit for connection, since in waits if not connection.unlimited):
            self._cut([connection for connection, since in waits if now - since > PATIENCE])
            return
        suspects = {
            connection.address for connection, since in waits if connection.address and now - since > PATIENCE
        }
        for suspect in suspects:
            if suspect in self._away or not answers(suspect):
                self._away.add(suspect)
                self._cut([connection for connection in list(self._waiting) if connection.address == suspect])

    def _cut(self, connections: list[WatchedConnection]) -> None:
        """End the waits of `connections` with an error."""
        log.error("database_does_not_answer", connections=len(connections))
        for connection in connections:
            with self._lock:
                if connection not in self._waiting:
                    continue
                with socket.socket(fileno=os.dup(connection.pgconn.socket)) as copy:
                    copy.shutdown(socket.SHUT_RDWR)
        self.on_outage()


def address_of(parameters: dict[str, Any]) -> Address | None:
    """Return the server's address in connection parameters; None if there is none to probe."""
    host = str(parameters.get("host") or "")
    return (host, int(parameters.get("port") or 5432)) if host and "," not in host else None


def answers(address: Address) -> bool:
    """Return whether the server answers a new connection in time."""
    host, port = address
    try:
        if host.startswith("/"):
            probe = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            probe.settimeout(_ANSWER_WITHIN)
            probe.connect(f"{host}/.s.PGSQL.{port}")
        else:
            probe = socket.create_connection(address, timeout=_ANSWER_WITHIN)
        with probe:
            probe.sendall(_SSL_REQUEST)
            return bool(probe.recv(1))
    except OSError:
        return False


watchdog = Watchdog()
