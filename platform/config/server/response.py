"""Sends the response of a WSGI application. Runs in the thread of the request."""

import asyncio
import threading
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from config.server.limits import Limits
from config.server.slots import NoSlot


class Response:
    """The status and headers of a response, and the way to send it."""

    def __init__(
        self, protocol: Any, loop: asyncio.AbstractEventLoop, limits: Limits, downloads: threading.Semaphore
    ) -> None:
        self._protocol, self._loop, self._limits, self._downloads = protocol, loop, limits, downloads
        self._status = 500
        self._headers: list[tuple[str, str]] = []

    def start(self, status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> None:
        """WSGI's `start_response`."""
        self._status, self._headers = int(status[:3]), headers

    def send(self, body: Iterable[bytes]) -> None:
        """Send `body`.

        Up to a limit it is handed over as a whole, and the thread is free however slowly the client reads.
        A larger one is sent while the client reads it.

        :raises NoSlot: another large one is being sent
        :raises TimeoutError: the client reads too slowly
        """
        parts: list[bytes] = []
        size = 0
        rest = iter(body)
        for part in rest:
            parts.append(part)
            size += len(part)
            if size > self._limits.response_in_memory:
                if not self._downloads.acquire(blocking=False):
                    raise NoSlot
                try:
                    self._stream(parts, rest)
                finally:
                    self._downloads.release()
                return
        self._protocol.response_bytes(self._status, self._headers, b"".join(parts))

    def _stream(self, first: list[bytes], rest: Iterator[bytes]) -> None:
        transport = self._protocol.response_stream(self._status, self._headers)
        started, size = self._loop.time(), 0
        for part in chain(first, rest):
            size += len(part)
            deadline = started + self._limits.body_seconds(size)
            asyncio.run_coroutine_threadsafe(_send(transport, part, deadline), self._loop).result()


async def _send(transport: Any, part: bytes, deadline: float) -> None:
    async with asyncio.timeout_at(deadline):
        await transport.send_bytes(part)
