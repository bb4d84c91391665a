"""Shows the current step and its duration: a spinner on a terminal, plain lines in a log."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_TITLE_WIDTH = 44
_SPINNER = "|/-\\"
_LOG_INTERVAL = 10
"""Seconds between two lines about the same step in a log."""

_waiting_for: list[tuple[str, float]] = []
"""The things that the current step waits for, and since when; the innermost wait is last."""


@contextmanager
def step(title: str) -> Iterator[None]:
    """Show `title` while the block runs. Only the step itself prints meanwhile."""
    done = threading.Event()
    started = time.monotonic()
    show = _show_on_terminal if sys.stdout.isatty() else _show_in_log
    thread = threading.Thread(target=show, args=(title, done), daemon=True)
    thread.start()
    outcome = "failed after"
    try:
        yield
        outcome = "done in"
    finally:
        done.set()
        thread.join()
        print(f"{title:<{_TITLE_WIDTH}} {outcome} {time.monotonic() - started:.1f} s", flush=True)


@contextmanager
def waiting_for(thing: str) -> Iterator[None]:
    """While the block runs, the current step shows "Waiting for `thing`" after ten seconds."""
    _waiting_for.append((thing, time.monotonic()))
    try:
        yield
    finally:
        _waiting_for.pop()


def say(line: str) -> None:
    """Print `line` without buffering."""
    print(line, flush=True)


def _status(title: str, started: float) -> tuple[str, int]:
    """Return the text about the current step, and its duration in seconds."""
    now = time.monotonic()
    if _waiting_for:
        thing, since = _waiting_for[-1]
        if now - since >= _LOG_INTERVAL:
            return f"Waiting for {thing}", int(now - since)
    return title, int(now - started)


def _show_on_terminal(title: str, done: threading.Event) -> None:
    started = time.monotonic()
    for tick in range(sys.maxsize):
        text, seconds = _status(title, started)
        sign = _SPINNER[tick % len(_SPINNER)]
        print(f"\r\x1b[K{text:<{_TITLE_WIDTH}} {sign} {seconds} s ", end="", flush=True)
        if done.wait(0.2):
            break
    print("\r\x1b[K", end="", flush=True)


def _show_in_log(title: str, done: threading.Event) -> None:
    started = time.monotonic()
    if done.wait(1):
        return
    ellipsis = "…" if (sys.stdout.encoding or "").lower().startswith("utf") else "..."
    print(f"{title} {ellipsis}", flush=True)
    while not done.wait(_LOG_INTERVAL):
        text, seconds = _status(title, started)
        print(f"  {text} {ellipsis} {seconds} s", flush=True)
