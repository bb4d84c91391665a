"""The demo, started for the audit in a folder of its own."""

import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from embedded import programs
from embedded.ports import free_port
from embedded.programs import Program, log_tail
from embedded.run_folder import ROOT
from tests.factories.waiting import wait_until

_SERVERS_OF_THE_TESTS = ("DB_", "REDIS_URL", "EMAIL_URL", "MAIL_", "POSTGRES_LOG")
_START_SECONDS = 600


@dataclass(frozen=True)
class Demo:
    """A clinic of a running demo."""

    folder: Path
    url: str

    @property
    def mail_folder(self) -> Path:
        """The folder with the emails that were sent."""
        return self.folder / "mail"

    def paths(self) -> dict[str, str]:
        """Return the paths of the pages that a visitor finds a time on."""
        (visit_type,) = set(re.findall(r"/doctors\?visit_type=([\w-]+)[^>]*>Consultation<", self._read("/")))
        doctors = f"/doctors?visit_type={visit_type}"
        doctor = re.findall(r'href="(/doctors/[\w-]+\?[^"]*)"', self._read(doctors))[0]
        specialty = re.findall(r"/doctors\?specialty=([\w-]+)", self._read("/"))[0]
        return {
            "home": "/",
            "doctors": doctors,
            "times": doctor.replace("&amp;", "&"),
            "first available": f"/first-available?visit_type={visit_type}&specialty={specialty}",
        }

    def _read(self, path: str) -> str:
        address = urlsplit(self.url)
        # The names of the clinics below localhost are known to browsers only.
        with closing(HTTPConnection("127.0.0.1", address.port or 80)) as connection:
            connection.request("GET", path, headers={"Host": address.netloc})
            response = connection.getresponse()
            assert response.status == 200, (path, response.status)
            return response.read().decode()


@contextmanager
def open_demo() -> Iterator[Demo]:
    """Run the demo while the block runs."""
    # Not pytest's temporary folder: servers started by root run as another user, who has no access there.
    folder = Path(tempfile.mkdtemp(prefix="clinic-audit-"))
    folder.chmod(0o711)
    # The demo starts servers of its own.
    env = {name: value for name, value in os.environ.items() if not name.startswith(_SERVERS_OF_THE_TESTS)}
    settings = {
        "PORT": str(free_port()),
        "DEMO_HOME": str(folder),
        "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
    }
    log = folder / "demo.log"
    demo = programs.start(
        Program(name="demo", argv=(sys.executable, "-m", "embedded.demo"), env=env | settings, folder=ROOT),
        log,
    )
    ready = folder / "demo.json"
    try:
        wait_until(
            lambda: ready.exists() or demo.process.poll() is not None, "the demo", seconds=_START_SECONDS
        )
        assert ready.exists(), log_tail(log)
        clinic = json.loads(ready.read_text())["clinics"][0]
        yield Demo(folder, clinic["url"])
    finally:
        programs.stop_all([demo], seconds=60)
        shutil.rmtree(folder, ignore_errors=True)
