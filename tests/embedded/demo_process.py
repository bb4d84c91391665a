"""Starts `make demo` and `make dev` as a user does, and inspects them from outside."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from embedded import prepare
from embedded.run_folder import Home
from tests.embedded.conftest import NO_SERVERS


@dataclass(frozen=True)
class Demo:
    """A demo process and what it prints."""

    home: Home
    process: subprocess.Popen[bytes]
    output: Path

    @property
    def published(self) -> Path:
        """The file that names the demo's addresses and sign-ins, there once the demo is ready."""
        return self.home.path / "demo.json"

    def facts(self) -> Any:
        """The content of demo.json, as soon as the demo is ready."""
        self.wait_until(self.published.exists)
        return json.loads(self.published.read_text())

    def pids(self) -> dict[str, int]:
        """The process ids of the demo's programs, by name."""
        named = json.loads((self.home.path / "running.json").read_text())
        return {name: pid for name, (pid, _) in named.items()}

    def wait_until(self, condition: Callable[[], object], seconds: float = 300) -> None:
        """Wait until `condition()`; fail with the demo's output if it ends or takes too long."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert self.process.poll() is None, self.output.read_text()
            assert time.monotonic() < deadline, self.output.read_text()
            time.sleep(0.1)


@contextmanager
def running_demo(home: Home, output: Path, *options: str) -> Iterator[Demo]:
    """Start the demo in `home` with the `options` of its command line, and stop it after the block.

    It has no month of data: `tests/console/test_demo_month.py` tests that.
    """
    # Skip collecting static files. It takes longer than everything else and these tests do not need them.
    (home.path / "static").mkdir(exist_ok=True)
    (home.path / "stamps" / "static").write_text(prepare.static_fingerprint())
    env = NO_SERVERS | {"PORT": str(home.port("test")), "DEMO_HOME": str(home.path), "DEMO_DATA": "empty"}
    command = [sys.executable, "-m", "embedded.demo", *options]
    with output.open("wb") as out, subprocess.Popen(command, env=env, stdout=out, stderr=out) as process:
        try:
            yield Demo(home, process, output)
        finally:
            process.terminate()


def get(address: str) -> tuple[int, str]:
    """Status and body of a GET, or 0 where nothing answers.

    Python cannot resolve names below localhost, so the name goes into the Host header only.
    """
    parts = urlsplit(address)
    connection = HTTPConnection("127.0.0.1", parts.port or 80, timeout=20)
    try:
        connection.request("GET", parts.path or "/", headers={"Host": parts.netloc})
        response = connection.getresponse()
        return response.status, response.read().decode()
    except (OSError, HTTPException):
        return 0, ""
    finally:
        connection.close()
