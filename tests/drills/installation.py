"""The product's own processes, started as the demo starts them, against the database of this test run."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from django.db import connection

from embedded import application, programs
from embedded.ports import free_port
from embedded.programs import Program, Running, log_tail
from embedded.run_folder import ROOT, Home


class House:
    """A folder with logs, and the processes that run in it by name: web, worker, beat."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.port = free_port()
        self.settings = {
            "DB_NAME": str(connection.settings_dict["NAME"]),
            "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
        }
        self.running: dict[str, Running] = {}

    def launch(self, program: Program) -> Running:
        """Start any program; it ends with the house."""
        self.running[program.name] = programs.start(program, self.home.log(program.name))
        return self.running[program.name]

    def start(self, *names: str) -> None:
        """Start some of the product's processes, and wait until the web process serves."""
        ours = application.programs(self.home, os.environ | self.settings, port=self.port)
        for program in ours:
            if program.name in names:
                self.launch(program)
        if "web" in names:
            wait_until(
                self.serves, f"the web process to serve: {log_tail(self.home.log('web'))}", seconds=300
            )

    def kill(self, name: str) -> None:
        """SIGKILL to a process and all its children, and their end."""
        programs.kill_group(self.running[name])
        self.running[name].process.wait()

    def serves(self) -> bool:
        """Whether the web process answers."""
        web = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            web.request("GET", "/health/ready")
            return web.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            web.close()


@contextmanager
def open_house() -> Iterator[House]:
    """A house, empty at first; everything in it ends with it."""
    # Not pytest's temporary folder: servers that root starts run as somebody else, to whom that is closed.
    folder = Path(tempfile.mkdtemp(prefix="clinic-drill-"))
    folder.chmod(0o711)
    house = House(Home(folder))
    try:
        yield house
    finally:
        programs.stop_all(house.running.values(), seconds=10)
        shutil.rmtree(folder)


def wait_until(happened: Callable[[], bool], what: str, *, seconds: float = 30) -> None:
    """Look until it has happened.

    :raises TimeoutError: it has not
    """
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:g} s for {what}")
        time.sleep(0.02)
