"""One make at a time where two would undo each other's work. Standard library only."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from embedded.progress import say


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Run the block while no other process runs one for `folder`, waiting for it if need be."""
    held = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"Another make is at work in {folder}: waiting for it.")
            fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)
