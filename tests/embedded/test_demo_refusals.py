"""If `make demo` cannot run, it prints one sentence and starts nothing."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from embedded.run_folder import Home
from tests.embedded.conftest import NO_SERVERS


def demo(module: str = "embedded.demo", *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(
        command, env=NO_SERVERS | env, capture_output=True, text=True, check=False, timeout=30
    )


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0", "::1"])
def test_a_port_in_use_is_reported_with_another_one_to_use(tmp_path: Path, address: str) -> None:
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as server:
        server.bind((address, 0))
        server.listen()
        port = server.getsockname()[1]

        run = demo(PORT=str(port), DEMO_HOME=str(tmp_path))

    assert run.returncode == 1
    assert run.stderr.startswith(
        f"Port {port} is in use by another program: stop that program, or choose another port"
    )
    assert "make demo PORT=" in run.stderr
    assert run.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("port", ["http", "0", "70000", "-1", "8000x"])
def test_an_invalid_port_is_refused(tmp_path: Path, port: str) -> None:
    run = demo(PORT=port, DEMO_HOME=str(tmp_path))

    assert (run.returncode, run.stderr.startswith(f"PORT={port} is not a port")) == (1, True)


def test_a_second_demo_in_one_home_is_refused(home: Home) -> None:
    home.lock()

    run = demo(PORT=str(home.port("web")), DEMO_HOME=str(home.path))

    assert run.returncode == 1
    assert run.stderr.startswith(f"A demo is already running in {home.path} (process ")


def test_manage_without_a_demo_says_so(tmp_path: Path) -> None:
    run = demo("embedded.manage", "check", DEMO_HOME=str(tmp_path))

    sentence = (
        f"No demo is running in {tmp_path}: start one with make demo, or set DEMO_HOME to its folder.\n"
    )
    assert (run.returncode, run.stderr) == (1, sentence)


def test_clean_refuses_while_a_demo_is_running(home: Home) -> None:
    home.lock()
    script = str(Path(__file__).parents[2] / "platform" / "embedded" / "bootstrap.py")

    run = subprocess.run(
        [sys.executable, script, "clean"],
        env=NO_SERVERS | {"DEMO_HOME": str(home.path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.stderr == f"A demo is running in {home.path}: stop it first (Ctrl-C in its terminal).\n"
    assert (home.path / "secrets").is_dir()
