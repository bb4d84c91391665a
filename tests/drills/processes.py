"""The processes of a running program, and the memory they use. Linux only."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from embedded.programs import Running
from tests.factories.database_logins import owner_connection

_KIB_PER_MIB = 1024


def children_of(parent: int) -> list[int]:
    """Return the ids of the processes that a process has started."""
    return sorted(pid for pid, parent_of_pid in _processes() if parent_of_pid == parent)


def memory_of(running: Running) -> float:
    """Return the memory that a program and its children use, in MiB. Shared pages count once."""
    kib = 0
    for pid in [running.process.pid, *children_of(running.process.pid)]:
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue  # the process has ended meanwhile
        kib += int(rollup.partition("\nPss:")[2].split()[0])
    return kib / _KIB_PER_MIB


class Peak:
    """The highest memory that was seen, in MiB."""

    mib = 0.0


@contextmanager
def peak_memory_of(running: Running) -> Iterator[Peak]:
    """Watch the memory of a program during the `with` block."""
    peak, stopped = Peak(), threading.Event()

    def watch() -> None:
        while not stopped.wait(0.01):
            peak.mib = max(peak.mib, memory_of(running))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield peak
    finally:
        stopped.set()
        thread.join()


def postgres_process() -> int:
    """Return the id of the first process of the test's Postgres, which has started the others."""
    with owner_connection() as owner:
        folder = owner.execute("SHOW data_directory").fetchone()
    assert folder is not None
    return int((Path(folder[0]) / "postmaster.pid").read_text().split()[0])


@contextmanager
def frozen(parent: int) -> Iterator[None]:
    """Stop a process and those that it has started with SIGSTOP during the `with` block."""
    stopped: list[int] = []
    try:
        _signal(parent, signal.SIGSTOP)  # first: now it starts no others
        stopped = [parent, *children_of(parent)]
        for pid in stopped:
            _signal(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in [*stopped, parent]:
            _signal(pid, signal.SIGCONT)


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _processes() -> Iterator[tuple[int, int]]:
    """Yield id and parent of every process."""
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        yield int(entry.parent.name), int(fields[1])
