"""Starts and stops programs, each in its own process group and with its output in a log."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from embedded.progress import waiting_for
from embedded.setup_error import SetupError

START_TIMEOUT = 300.0
"""Seconds a program may take to answer. Long, because a busy machine is slow."""
_CHILD = Path(__file__).with_name("child_process.py")


@dataclass(frozen=True, kw_only=True)
class Program:
    """A command to run.

    `argv[0]` is an absolute path. `user` is a user and group id, or None for the current user.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    folder: Path = Path("/")
    stop_signal: signal.Signals = signal.SIGTERM
    user: tuple[int, int] | None = None


@dataclass(frozen=True)
class Running:
    """A program that was started."""

    program: Program
    process: subprocess.Popen[bytes]


def start(program: Program, log: Path) -> Running:
    """Start `program` and append its output to `log`.

    On Linux the program ends with the *thread* that calls this, so call it from the main thread.
    """
    uid, gid = program.user or (-1, -1)
    options = [str(number) for number in (os.getpid(), int(program.stop_signal), uid, gid)]
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(_CHILD), *options, *program.argv],
            env=dict(program.env),
            cwd=program.folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Running(program, process)


def wait_until_ready(
    running: Running,
    is_ready: Callable[[], bool],
    *,
    title: str,
    log: Path,
    seconds: float = START_TIMEOUT,
) -> None:
    """Wait until `is_ready()`; `title` names the program in messages, such as "the mail server".

    :raises SetupError: the program ended, or took longer than `seconds`
    """
    deadline = time.monotonic() + seconds
    with waiting_for(f"{title} to answer"):
        while running.process.poll() is None:
            if is_ready():
                return
            if time.monotonic() > deadline:
                raise SetupError(not_started(title, f"did not answer within {seconds:.0f} s", log))
            time.sleep(0.05)
    raise SetupError(not_started(title, "ended while it started", log))


def not_started(title: str, outcome: str, log: Path) -> str:
    """Return the message about a program that did not start, with the end of its log."""
    return f"{title[0].upper()}{title[1:]} {outcome}. The end of {log}:\n{log_tail(log)}"


def stop_all(programs: Iterable[Running], *, seconds: float) -> None:
    """Ask all of `programs` to stop, wait up to `seconds` for all of them, then kill the rest."""
    programs = list(programs)
    for running in programs:
        if running.process.poll() is None:
            running.process.send_signal(running.program.stop_signal)
    deadline = time.monotonic() + seconds
    for running in programs:
        try:
            running.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            pass
        finally:
            kill_group(running)
            running.process.wait()


def kill_group(running: Running) -> None:
    """Kill the process group of `running`: children may outlive a parent that crashed."""
    try:
        os.killpg(running.process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return  # nothing left (macOS raises PermissionError for a group of zombies)


def log_tail(log: Path, lines: int = 12) -> str:
    """Return the last lines of `log`."""
    text = log.read_text(errors="replace") if log.exists() else ""
    return "\n".join(text.splitlines()[-lines:])
