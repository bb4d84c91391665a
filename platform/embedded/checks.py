"""Runs several commands to their end, whatever each comes to, and sums up at the end."""

import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from embedded.interrupts import Stopped
from embedded.progress import say
from embedded.run_folder import ROOT
from embedded.setup_error import SetupError


@dataclass(frozen=True)
class Check:
    """A command whose status 0 means that all is well."""

    title: str
    argv: Sequence[str]
    folder: Path = ROOT
    env: Mapping[str, str] | None = field(default=None, repr=False)


def run_all(checks: Sequence[Check]) -> int:
    """Run every check with its output shown; 0 when all passed, else 1."""
    results = []
    for check in checks:
        say(f"\n== {check.title}")
        started = time.monotonic()
        status = _run(check)
        results.append((check.title, status == 0, time.monotonic() - started))
    say("")
    for title, passed, seconds in results:
        say(f"{'passed' if passed else 'FAILED'}  {title} ({seconds:.0f} s)")
    return 0 if all(passed for _, passed, _ in results) else 1


def _run(check: Check) -> int:
    try:
        process = subprocess.Popen(check.argv, cwd=check.folder, env=check.env, stdin=subprocess.DEVNULL)
    except OSError as error:
        raise SetupError(f"{check.argv[0]} cannot be run: {error.strerror}") from error
    try:
        return process.wait()
    except Stopped as stopped:
        if stopped.signal != signal.SIGINT:  # a Ctrl-C goes to all of the terminal's processes by itself
            process.send_signal(signal.SIGINT)  # on this one pytest puts its servers away
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
        raise
