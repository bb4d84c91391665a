"""Says what is being done and how long it took: a moving line on a terminal, plain lines in a log."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_TITLE_WIDTH = 44
_SIGNS = "|/-\\"


@contextmanager
def step(title: str) -> Iterator[None]:
    """Show `title` while the block runs. Nothing but a step prints meanwhile."""
    done = threading.Event()
    started = time.monotonic()
    show = _on_terminal if sys.stdout.isatty() else _in_log
    shower = threading.Thread(target=show, args=(title, done), daemon=True)
    shower.start()
    outcome = "failed after"
    try:
        yield
        outcome = "done in"
    finally:
        done.set()
        shower.join()
        print(f"{title:<{_TITLE_WIDTH}} {outcome} {time.monotonic() - started:.1f} s", flush=True)


def say(line: str) -> None:
    """Print `line` at once."""
    print(line, flush=True)


def _on_terminal(title: str, done: threading.Event) -> None:
    started = time.monotonic()
    for turn in range(sys.maxsize):
        print(
            f"\r{title:<{_TITLE_WIDTH}} {_SIGNS[turn % 4]} {time.monotonic() - started:.0f} s ",
            end="",
            flush=True,
        )
        if done.wait(0.2):
            break
    print("\r\x1b[K", end="", flush=True)


def _in_log(title: str, done: threading.Event) -> None:
    if done.wait(1):
        return
    print(f"{title} …" if _knows_ellipsis() else f"{title} ...", flush=True)
    for tens in range(1, sys.maxsize):
        if done.wait(10):
            return
        print(f"  still at it after {tens * 10} s", flush=True)


def _knows_ellipsis() -> bool:
    return (sys.stdout.encoding or "").lower().startswith("utf")
