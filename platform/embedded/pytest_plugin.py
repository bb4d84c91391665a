"""For `pytest -p embedded.pytest_plugin`: a Postgres, a Valkey and a mail sink for this run of the tests.

They live in a temporary folder and are gone afterwards. A kind of server that the environment names (DB_HOST,
REDIS_URL, EMAIL_URL) is not started.

The workers of pytest-xdist use the same Postgres, where `tests/conftest.py` gives each its own database. Each
has its own database in the Valkey, and its own mail sink unless EMAIL_URL named a server.
"""

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from embedded import programs, servers
from embedded.programs import Program, Running
from embedded.run_folder import Home
from embedded.setup_error import SetupError

_SETTINGS = {
    "SECRET_KEY": "only-for-tests-and-long-enough-for-every-check-of-its-length",
    "JWT_SECRET": "only-for-tests-too-and-long-enough-for-every-check-of-its-length",
    "BASE_DOMAIN": "example.localhost",
    "PUBLIC_SCHEME": "http",
    "PUBLIC_PORT": "",
    "TZ": "Europe/Paris",  # a zone of neither the server (UTC) nor the demo's clinics
    "PYTHONTZPATH": "",
}


def _cache_bytecode() -> None:
    """Keep compiled modules in .venv where the environment forbids to keep them beside their sources.

    Containers often do, and then each of the many processes of a run would compile all of Django again.
    """
    if sys.dont_write_bytecode and sys.prefix != sys.base_prefix:
        cache = f"{sys.prefix}/pycache"
        sys.dont_write_bytecode, sys.pycache_prefix = False, cache
        os.environ |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": cache}


_cache_bytecode()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Start the servers before pytest-django imports the settings."""
    running: list[Running] = []
    home = Home(Path(tempfile.mkdtemp(prefix="clinic-tests-")))
    early_config.add_cleanup(lambda: _stop(home, running))
    home.path.chmod(0o711)

    def launch(program: Program) -> Running:
        running.append(programs.start(program, home.log(program.name)))
        return running[-1]

    try:
        if worker := os.environ.get("PYTEST_XDIST_WORKER"):
            found = _servers_of_worker(int(worker.removeprefix("gw")), home, launch)
        else:
            found = servers.start_all(home, launch, os.environ, forgetful=True)
    except SetupError as problem:
        raise pytest.UsageError(str(problem)) from None
    settings = servers.with_settings(os.environ, _SETTINGS | found)
    os.environ.clear()
    os.environ.update(settings)
    time.tzset()


def _servers_of_worker(number: int, home: Home, launch: servers.Launch) -> dict[str, str]:
    """The settings that worker `number` does not share with the process that started it."""
    url = urlsplit(os.environ["REDIS_URL"])
    first = int(url.path.strip("/") or 0)
    found = {"REDIS_URL": url._replace(path=f"/{first + 1 + number}").geturl()}
    if "MAIL_DIR" in os.environ:
        found |= servers.start_mail(home, launch, {})
    return found


def _stop(home: Home, running: list[Running]) -> None:
    programs.stop_all(running, seconds=10)
    place = home.path / "unprivileged-place"
    if place.exists():
        shutil.rmtree(place.read_text().strip(), ignore_errors=True)
    shutil.rmtree(home.path, ignore_errors=True)
