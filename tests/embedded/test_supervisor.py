import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from embedded import orphaned_processes
from embedded.programs import Program
from embedded.run_folder import Home
from embedded.supervisor import Supervisor
from tests.embedded.conftest import NO_SERVERS

MakeProgram = Callable[[str, str], Program]

SLEEPER = "import time; print('up'); time.sleep(120)"
IGNORES_SIGNALS_AND_HAS_CHILD = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(120)"])
print(child.pid)
time.sleep(120)
"""


def wait_until(condition: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def _restart_ended(supervisor: Supervisor) -> Supervisor:
    supervisor.restart_ended()
    return supervisor


def test_a_program_that_dies_is_restarted_and_reported(
    home: Home, python_program: MakeProgram, capsys: pytest.CaptureFixture[str]
) -> None:
    supervisor = Supervisor(home)
    first = supervisor.launch(python_program("worker", SLEEPER))
    try:
        wait_until(lambda: "up" in home.log("worker").read_text())
        first.process.kill()
        first.process.wait()
        wait_until(lambda: _restart_ended(supervisor) and home.log("worker").read_text().count("up") == 2)

        assert capsys.readouterr().out.startswith("worker ended (signal 9): restarting it in 0.5 s. Log: ")
        assert supervisor.unexpected_ends("worker") == 1
    finally:
        supervisor.stop()


def test_a_program_that_keeps_dying_is_restarted_after_longer_and_longer_pauses(
    home: Home, python_program: MakeProgram, capsys: pytest.CaptureFixture[str]
) -> None:
    supervisor = Supervisor(home)
    supervisor.launch(python_program("web", "raise SystemExit(3)"))

    wait_until(lambda: _restart_ended(supervisor).unexpected_ends("web") == 3)
    supervisor.stop()

    printed = capsys.readouterr().out
    assert [line.split(". Log")[0] for line in printed.splitlines()] == [
        f"web ended (status 3): restarting it in {pause} s" for pause in ("0.5", "1", "2")
    ]


def test_stopping_ends_programs_that_ignore_signals_with_their_children_and_no_other_process(
    home: Home,
    python_program: MakeProgram,
    bystander: subprocess.Popen[bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    supervisor = Supervisor(home, stopped_last=("postgres",))
    supervisor.launch(python_program("postgres", SLEEPER))
    stubborn = supervisor.launch(python_program("web", IGNORES_SIGNALS_AND_HAS_CHILD))
    wait_until(lambda: home.log("web").read_text().strip())
    grandchild = int(home.log("web").read_text())
    monkeypatch.setattr("embedded.supervisor.STOP_TIMEOUTS", (1.0, 1.0))

    supervisor.stop()

    assert stubborn.process.returncode == -signal.SIGKILL
    wait_until(lambda: not orphaned_processes.start_time(grandchild))
    assert bystander.poll() is None
    assert not (home.path / "running.json").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux notifies children of their parent's death")
def test_programs_end_with_a_supervisor_that_was_killed(home: Home) -> None:
    script = """
import sys, time
from pathlib import Path
from embedded.run_folder import Home
from embedded.programs import Program
from embedded.supervisor import Supervisor
program = Program(name="worker", argv=(sys.executable, "-c", "import time; time.sleep(120)"), env={})
print(Supervisor(Home(Path(sys.argv[1]))).launch(program).process.pid, flush=True)
time.sleep(120)
"""
    command = [sys.executable, "-c", script, str(home.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=NO_SERVERS) as supervisor:
        assert supervisor.stdout is not None
        worker = int(supervisor.stdout.readline())
        supervisor.kill()

    wait_until(lambda: not orphaned_processes.start_time(worker))


def test_the_next_start_ends_leftover_processes_and_no_other_process_with_a_reused_id(
    home: Home, python_program: MakeProgram, bystander: subprocess.Popen[bytes]
) -> None:
    leftover = Supervisor(home).launch(python_program("worker", SLEEPER))
    record = home.path / "running.json"
    # The bystander has the process id of a program that ended long ago.
    record.write_text(json.dumps(json.loads(record.read_text()) | {"web": [bystander.pid, "long ago"]}))

    ended = orphaned_processes.stop_orphans(record)

    assert ended == 1
    assert leftover.process.wait(5) != 0
    assert bystander.poll() is None
    assert not record.exists()


def test_a_new_run_keeps_the_log_of_the_last_one(home: Home, python_program: MakeProgram) -> None:
    for _ in range(2):
        supervisor = Supervisor(home)
        supervisor.launch(python_program("beat", SLEEPER))
        wait_until(lambda: "up" in home.log("beat").read_text())
        supervisor.stop()

    assert home.log("beat").read_text() == "up\n"
    assert Path(f"{home.log('beat')}.1").read_text() == "up\n"
