"""What a run that was killed left behind, recognised without doubt, and ended by the next one."""

import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from embedded.home import write_private
from embedded.programs import Running


def remember(file: Path, programs: list[Running]) -> None:
    """Write down which processes are ours: their numbers, and when each was born."""
    pids = {running.program.name: running.process.pid for running in programs}
    write_private(file, json.dumps({name: [pid, birth(pid)] for name, pid in pids.items()}))


def end_leftovers(file: Path, *, seconds: float = 15) -> int:
    """End the processes that `file` names and that are still the same ones; how many there were."""
    named: dict[str, tuple[int, str]] = json.loads(file.read_text()) if file.exists() else {}
    ours = [pid for pid, born in named.values() if born and birth(pid) == born]
    for pid in ours:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)  # quick and clean for Postgres, and for the others as good as SIGTERM
    deadline = time.monotonic() + seconds
    for pid in ours:
        while birth(pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)  # what it left of its group, itself included if it is deaf
    file.unlink(missing_ok=True)
    return len(ours)


def birth(pid: int) -> str:
    """When the process `pid` was started; no later one of that number says the same. Empty if it is gone."""
    try:
        name_and_rest = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return "" if Path("/proc/self").exists() else _ask(pid, "lstart=")
    fields = name_and_rest.rpartition(")")[2].split()
    return "" if fields[0] == "Z" else fields[19]


def command(pid: int) -> str:
    """The words that the process `pid` was started with; empty if it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").replace("\0", " ").strip()
    except FileNotFoundError:
        return "" if Path("/proc/self").exists() else _ask(pid, "command=")


def _ask(pid: int, column: str) -> str:
    answer = subprocess.run(["ps", "-o", column, "-p", str(pid)], capture_output=True, text=True, check=False)
    return answer.stdout.strip()
