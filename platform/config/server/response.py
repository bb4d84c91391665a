"""Sends the response of a WSGI application. Runs in the thread of the request."""

import asyncio
from collections.abc import Iterable, Iterator
from typing import Any

from config.server.limits import Limits


class Response:
    """The status and headers of a response, and the way to send it."""

    def __init__(self, protocol: Any, loop: asyncio.AbstractEventLoop, limits: Limits) -> None:
        self._protocol, self._loop, self._limits = protocol, loop, limits
        self._status = 500
        self._headers: list[tuple[str, str]] = []

    def start(self, status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> None:
        """WSGI's `start_response`."""
        self._status, self._headers = int(status[:3]), headers

    def send(self, body: Iterable[bytes]) -> None:
        """Send `body`.

        Up to a limit it is handed over as a whole, and the thread is free however slowly the client reads.
        A larger one is sent while the client reads it.

        :raises TimeoutError: the client reads too slowly
        """
        parts: list[bytes] = []
        size = 0
        rest = iter(body)
        for part in rest:
            parts.append(part)
            size += len(part)
            if size > self._limits.response_in_memory:
                self._stream(parts, rest)
                return
        self._protocol.response_bytes(self._status, self._headers, b"".join(parts))

    def _stream(self, first: list[bytes], rest: Iterator[bytes]) -> None:
        transport = self._protocol.response_stream(self._status, self._headers)
        for parts in (first, rest):
            for part in parts:
                seconds = self._limits.body_seconds(len(part))
                asyncio.run_coroutine_threadsafe(_send(transport, part, seconds), self._loop).result()


async def _send(transport: Any, part: bytes, seconds: float) -> None:
    async with asyncio.timeout(seconds):
        await transport.send_bytes(part)
