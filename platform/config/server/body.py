"""Reading request bodies on the event loop, where a slow client costs no thread."""

import asyncio
import io
from typing import Any

from granian import rsgi

from config.server.limits import KIB, Limits

CLIENT_LEFT: tuple[type[Exception], ...] = (rsgi.ProtocolClosed, rsgi.ProtocolError)  # type: ignore[attr-defined]
"""What granian raises once the client has closed the connection."""
_SMALL = 64 * KIB


class BodyRefused(Exception):
    """The body is not read. `status` is the status of the response."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class BodyReader:
    """Reads bodies into memory, within the limits of one process."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._in_memory = 0

    def length(self, headers: dict[str, str]) -> int | None:
        """Return the length of the body that follows, or None if the client does not say it in advance.

        :raises BodyRefused: the length cannot be read, or is too large
        """
        if "transfer-encoding" in headers:
            return None
        declared = headers.get("content-length", "0")
        if not (declared.isascii() and declared.isdigit()):
            raise BodyRefused(400)
        if int(declared) > self._limits.body:
            raise BodyRefused(413)
        return int(declared)

    async def read(self, protocol: Any, length: int | None) -> bytes:
        """Return the body.

        :raises BodyRefused: the client is too slow, sends too much, or there is no memory left for the body
        """
        if length == 0:
            return b""
        try:
            async with asyncio.timeout(self._limits.body_seconds(length or self._limits.body_in_memory)):
                if length is not None and length <= _SMALL:
                    return bytes(await protocol())
                return await self._read_parts(protocol)
        except TimeoutError:
            raise BodyRefused(408) from None

    async def _read_parts(self, protocol: Any) -> bytes:
        parts, size = [], 0
        try:
            async for part in protocol:
                parts.append(part)
                size += len(part)
                self._in_memory += len(part)
                if size > self._limits.body_in_memory:
                    raise BodyRefused(413)
                if self._in_memory > self._limits.memory:
                    raise BodyRefused(503)
            return b"".join(parts)
        finally:
            self._in_memory -= size


class UploadStream(io.RawIOBase):
    """A body that a thread reads while the client sends it."""

    def __init__(self, protocol: Any, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        self._parts, self._loop = aiter(protocol), loop
        self._deadline = loop.time() + seconds
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer` with what has arrived. Return the number of bytes, 0 at the end of the body.

        :raises OSError: the client is too slow, or has left
        """
        if not self._rest:
            received = asyncio.run_coroutine_threadsafe(self._next(), self._loop)
            try:
                self._rest = memoryview(received.result())
            except CLIENT_LEFT as error:
                raise ConnectionResetError from error
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    async def _next(self) -> bytes:
        async with asyncio.timeout_at(self._deadline):
            return bytes(await anext(self._parts, b""))
