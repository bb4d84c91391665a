"""Turns Ctrl-C, SIGTERM and a closed terminal into one exception, so that `finally` blocks can clean up."""

import os
import signal
from types import FrameType

from embedded.child_process import end_with_parent

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """The process received a signal to stop. `except Exception` does not catch it."""

    def __init__(self, by: signal.Signals) -> None:
        super().__init__(by)
        self.signal = by


def stop_on_signals() -> None:
    """Make a signal to stop raise `Stopped` in the main thread. Further signals are ignored."""
    for number in _SIGNALS:
        # nohup ignores SIGHUP, so that the process outlives its terminal.
        if not (number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN):
            signal.signal(number, _stop)
    if "MAKELEVEL" in os.environ:
        end_with_parent(signal.SIGTERM)  # stop when make is killed


def ignore_signals() -> None:
    """Ignore signals to stop, because the process is already stopping."""
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _stop(number: int, frame: FrameType | None) -> None:
    ignore_signals()
    raise Stopped(signal.Signals(number))
