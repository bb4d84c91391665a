"""Ctrl-C, SIGTERM and a closed terminal: each ends the work in hand, once, with time to put things away."""

import os
import signal
from types import FrameType

from embedded.child import end_with_parent

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """We were asked to stop, by `signal`. No `Exception`, so nothing on the way takes it for a failure."""

    def __init__(self, by: signal.Signals) -> None:
        super().__init__(by)
        self.signal = by


def stop_on_signals() -> None:
    """From now on a signal to stop raises `Stopped` in the main thread; later ones change nothing."""
    for number in _SIGNALS:
        # nohup asks to outlive its terminal, and only that.
        if not (number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN):
            signal.signal(number, _stop)
    if "MAKELEVEL" in os.environ:
        end_with_parent(signal.SIGTERM)  # a make that was killed takes us along


def ignore_signals() -> None:
    """From now on we cannot be asked to stop: we are stopping."""
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _stop(number: int, frame: FrameType | None) -> None:
    ignore_signals()
    raise Stopped(signal.Signals(number))
