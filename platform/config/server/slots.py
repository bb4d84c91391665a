"""A limited number of slots, with a limited queue for them. For one event loop."""

import asyncio
from collections import deque


class NoSlot(Exception):
    """No slot became free in time, or too many wait already."""


class Slots:
    """`async with slots:` takes a slot.

    :raises NoSlot: on entry
    """

    def __init__(self, count: int, *, waiting: int, seconds: float) -> None:
        self._free, self._most_waiting, self._seconds = count, waiting, seconds
        self._queue: deque[asyncio.Future[None]] = deque()

    async def __aenter__(self) -> None:
        if self._free:
            self._free -= 1
            return
        if len(self._queue) >= self._most_waiting:
            raise NoSlot
        turn = asyncio.get_running_loop().create_future()
        self._queue.append(turn)
        try:
            async with asyncio.timeout(self._seconds):
                await turn
        except TimeoutError:
            self._give_up(turn)
            raise NoSlot from None
        except asyncio.CancelledError:
            self._give_up(turn)
            raise

    async def __aexit__(self, *_error: object) -> None:
        self._release()

    def _give_up(self, turn: "asyncio.Future[None]") -> None:
        if turn in self._queue:
            self._queue.remove(turn)
        elif not turn.cancelled():
            self._release()  # the slot came at the last moment

    def _release(self) -> None:
        while self._queue:
            turn = self._queue.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1
