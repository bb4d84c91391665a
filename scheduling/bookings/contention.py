"""Serialise concurrent attempts on one slot within a process, so that losers get a fast 409."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

MAX_WAIT = 2.0
"""Seconds that an attempt waits for the lock. After that it runs without it."""

# A slot is mapped to one of the locks by its id. Two slots that share a lock only wait for each other.
_locks = [Lock() for _ in range(256)]


@contextmanager
def slot_lock(slot_id: uuid.UUID | None) -> Iterator[None]:
    """Let one attempt on a slot run at a time in this process. Without a slot, nothing is locked.

    Without the lock, all concurrent attempts would do the work of a booking although only one can succeed.
    The lock decides nothing: the constraints of the database decide which attempt gets the slot.
    """
    if slot_id is None:
        yield
        return
    lock = _locks[slot_id.int % len(_locks)]
    acquired = lock.acquire(timeout=MAX_WAIT)
    try:
        yield
    finally:
        if acquired:
            lock.release()
