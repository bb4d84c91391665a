"""Processor time of running programs. Other load on the machine affects it far less than elapsed time."""

import os
from pathlib import Path

from embedded.programs import Running


def processor_seconds(running: Running) -> float:
    """Return the processor time used by a program and its children; 0 on systems other than Linux."""
    ticks = 0
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # the process has ended meanwhile
        if int(fields[2]) == running.process.pid:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
