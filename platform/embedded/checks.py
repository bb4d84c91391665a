"""Runs several commands, even if some of them fail, and prints a summary."""

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
    """A command that passes if its exit status is 0."""

    title: str
    argv: Sequence[str]
    folder: Path = ROOT
    env: Mapping[str, str] | None = field(default=None, repr=False)


def run_all(checks: Sequence[Check]) -> int:
    """Run every check and show its output. Return 0 if all passed, else 1."""
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
        if stopped.signal != signal.SIGINT:  # the terminal sends Ctrl-C to all its processes
            process.send_signal(signal.SIGINT)  # pytest stops its servers on SIGINT
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
        raise
