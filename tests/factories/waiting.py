"""Wait for something that another thread or process does."""

import time
from collections.abc import Callable


def wait_until(condition: Callable[[], bool], description: str, *, seconds: float = 30) -> None:
    """Wait until the condition is true.

    :raises TimeoutError: it is not true after `seconds`
    """
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:g} s for {description}")
        time.sleep(0.02)
