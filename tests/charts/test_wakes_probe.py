"""The liveness probe of worker and beat, run against a process that works and one that is stuck."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the probe reads Linux's /proc")


@pytest.fixture
def waking_pid() -> Iterator[int]:
    """The id of a process whose main thread wakes 20 times a second, like an idle worker but faster."""
    with subprocess.Popen([sys.executable, "-c", "import time\nwhile True: time.sleep(0.05)"]) as process:
        yield process.pid
        process.kill()


@pytest.fixture
def probe(pods: dict[str, dict[str, Any]], waking_pid: int, tmp_path: Path) -> Callable[[], int]:
    """Return a function that runs the worker's probe on the process and returns the exit code."""
    command = pods["worker"]["spec"]["containers"][0]["livenessProbe"]["exec"]["command"]
    script = command[2].replace("/proc/1/", f"/proc/{waking_pid}/").replace("/tmp/", f"{tmp_path}/")

    def run() -> int:
        time.sleep(0.2)
        return subprocess.run([*command[:2], script], check=False).returncode

    return run


def test_the_probe_passes_as_long_as_the_process_wakes(probe: Callable[[], int]) -> None:
    assert [probe(), probe(), probe()] == [0, 0, 0]


def test_the_probe_fails_once_the_process_has_stopped_waking(
    probe: Callable[[], int], waking_pid: int
) -> None:
    probe()
    os.kill(waking_pid, signal.SIGSTOP)
    probe()

    assert probe() == 1


def test_the_probe_fails_when_there_is_no_process(probe: Callable[[], int], waking_pid: int) -> None:
    os.kill(waking_pid, signal.SIGKILL)
    os.waitid(os.P_PID, waking_pid, os.WEXITED)

    assert probe() == 1


def test_beat_has_the_same_probe_and_wakes_more_often_than_it_is_probed(
    pods: dict[str, dict[str, Any]],
) -> None:
    worker, beat = (pods[role]["spec"]["containers"][0] for role in ["worker", "beat"])

    assert beat["livenessProbe"] == worker["livenessProbe"]
    longest_sleep = int(beat["command"][beat["command"].index("--max-interval") + 1])
    assert longest_sleep * 2 < beat["livenessProbe"]["periodSeconds"]
