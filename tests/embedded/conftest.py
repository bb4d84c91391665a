"""Fixtures for the tests of the embedded servers: homes, programs and an unrelated process."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from embedded import programs
from embedded.programs import Program, Running
from embedded.run_folder import ROOT, Home

Launch = Callable[[Program], Running]

NO_SERVERS = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("DB_", "REDIS_URL", "EMAIL_URL", "MAIL_", "PYTEST", "MAKE"))
} | {"PYTHONPATH": str(ROOT / "platform")}
"""Environment variables for a new Python process, without servers and settings of this test run."""


@pytest.fixture
def home() -> Iterator[Home]:
    """A home that servers of another user can access, unlike the folders of pytest."""
    folder = Path(tempfile.mkdtemp(prefix="embedded-test-"))
    folder.chmod(0o711)
    yield Home(folder)
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def demo_home() -> Iterator[Home]:
    """A home for tests that run the whole demo, one after the other: only the first one has to migrate."""
    folder = Path(tempfile.mkdtemp(prefix="embedded-demo-"))
    folder.chmod(0o711)
    yield Home(folder)
    shutil.rmtree(folder)


@pytest.fixture
def launch(home: Home) -> Iterator[Launch]:
    """Return a function that starts a program in `home`. Stop the programs after the test."""
    running: list[Running] = []

    def start(program: Program) -> Running:
        running.append(programs.start(program, home.log(program.name)))
        return running[-1]

    yield start
    programs.stop_all(running, seconds=5)


@pytest.fixture
def bystander() -> Iterator[subprocess.Popen[bytes]]:
    """An unrelated process, which nothing may stop."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as process:
        yield process
        process.kill()


@pytest.fixture
def python_program() -> Callable[[str, str], Program]:
    """Return a function that makes a program out of a Python script."""

    def make(name: str, script: str) -> Program:
        return Program(name=name, argv=(sys.executable, "-u", "-c", script), env={})

    return make
