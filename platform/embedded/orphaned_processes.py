"""Finds and stops processes that an earlier run left behind because it was killed."""

import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from embedded.programs import Running
from embedded.run_folder import write_private


def record_processes(file: Path, programs: list[Running]) -> None:
    """Save the process ids of `programs` and when each process started."""
    pids = {running.program.name: running.process.pid for running in programs}
    write_private(file, json.dumps({name: [pid, start_time(pid)] for name, pid in pids.items()}))


def stop_orphans(file: Path, *, seconds: float = 15) -> int:
    """Stop the processes recorded in `file` and return their number.

    A process that has reused one of the ids is recognised by its start time and not stopped.
    """
    recorded: dict[str, tuple[int, str]] = json.loads(file.read_text()) if file.exists() else {}
    orphans = [pid for pid, started in recorded.values() if started and start_time(pid) == started]
    for pid in orphans:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)  # a fast shutdown for Postgres; like SIGTERM for the others
    deadline = time.monotonic() + seconds
    for pid in orphans:
        while start_time(pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)  # the rest of its group, and itself if it ignored SIGINT
    file.unlink(missing_ok=True)
    return len(orphans)


def start_time(pid: int) -> str:
    """Return when the process `pid` started, as an opaque string; empty if it does not exist."""
    try:
        name_and_rest = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return "" if Path("/proc/self").exists() else _ps(pid, "lstart=")
    fields = name_and_rest.rpartition(")")[2].split()
    return "" if fields[0] == "Z" else fields[19]


def command_line(pid: int) -> str:
    """Return the command line of the process `pid`; empty if it does not exist."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").replace("\0", " ").strip()
    except FileNotFoundError:
        return "" if Path("/proc/self").exists() else _ps(pid, "command=")


def _ps(pid: int, column: str) -> str:
    result = subprocess.run(["ps", "-o", column, "-p", str(pid)], capture_output=True, text=True, check=False)
    return result.stdout.strip()
