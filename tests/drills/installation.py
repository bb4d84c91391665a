"""The product's processes, started like those of the demo, on the database of this test run."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from django.db import connection

from embedded import application, programs
from embedded.ports import free_port
from embedded.programs import Program, Running, log_tail
from embedded.run_folder import ROOT, Home
from tests.factories.waiting import wait_until


class Installation:
    """A folder with logs, and running processes by name: web, worker, delivery, beat."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.port = free_port()
        self.settings = {
            "DB_NAME": str(connection.settings_dict["NAME"]),
            "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
        }
        self.running: dict[str, Running] = {}

    def launch(self, program: Program) -> Running:
        """Start a program. It is stopped with the installation."""
        self.running[program.name] = programs.start(program, self.home.log(program.name))
        return self.running[program.name]

    def start(self, *names: str) -> None:
        """Start some of the product's processes. Wait until the web process responds."""
        product_programs = application.programs(self.home, os.environ | self.settings, port=self.port)
        for program in product_programs:
            if program.name in names:
                self.launch(program)
        if "web" in names:
            wait_until(
                self.serves, f"the web process to serve: {log_tail(self.home.log('web'))}", seconds=300
            )

    def start_another(self, name: str, *, suffix: str = "-2", **env: str) -> None:
        """Start one more process of a role. It is called `name` and `suffix`.

        :param env: settings of this process alone
        """
        for program in application.programs(self.home, os.environ | self.settings, port=self.port):
            if program.name == name:
                argv = [word.replace("@%h", f"{suffix}@%h") for word in program.argv]
                self.launch(
                    replace(program, name=name + suffix, argv=tuple(argv), env={**program.env, **env})
                )

    def start_without_adapter(self) -> None:
        """Start granian's own WSGI server as the web process. For comparison and controls."""
        web, *_others = application.programs(self.home, os.environ | self.settings, port=self.port)
        command = f"granian --interface wsgi config.wsgi:application --port {self.port} --workers 2"
        argv = (sys.executable, "-m", *command.split(), "--blocking-threads", "4")
        self.launch(replace(web, argv=argv))
        wait_until(self.serves, f"granian to serve: {log_tail(self.home.log('web'))}", seconds=300)

    def kill(self, name: str) -> None:
        """Send SIGKILL to a process and all its children, and wait until it has ended."""
        programs.kill_group(self.running[name])
        self.running[name].process.wait()

    def serves(self) -> bool:
        """Whether the web process responds."""
        connection_ = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection_.request("GET", "/health/ready")
            return connection_.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection_.close()


@contextmanager
def open_installation() -> Iterator[Installation]:
    """Create an installation without processes. Stop all its processes afterwards."""
    # Not pytest's temporary folder: servers started by root run as another user, who has no access there.
    folder = Path(tempfile.mkdtemp(prefix="clinic-drill-"))
    folder.chmod(0o711)
    installation = Installation(Home(folder))
    try:
        yield installation
    finally:
        programs.stop_all(installation.running.values(), seconds=10)
        shutil.rmtree(folder)
