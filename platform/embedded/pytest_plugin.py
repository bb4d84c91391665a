"""A pytest plugin that starts Postgres, Valkey and a mail server for the tests.

Their data is in a temporary folder, which is deleted afterwards. A server that the environment configures
(DB_HOST, REDIS_URL, EMAIL_URL) is not started.

All workers of pytest-xdist use the same Postgres and Valkey, each with a database of its own
(`tests/conftest.py` creates the one in Postgres). Each worker has its own mail server, unless EMAIL_URL is
set.
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
    "TZ": "Europe/Paris",  # neither the server's zone (UTC) nor that of a demo clinic
    "PYTHONTZPATH": "",
    # All test clients have one address.
    "READ_LIMIT_PER_ADDRESS": "1000000",
    "EXPLAIN_LIMIT_PER_ADDRESS": "1000000",
    "DOCS_LIMIT_PER_ADDRESS": "1000000",
    "LINK_LIMIT_PER_ADDRESS": "1000000",
}


def _cache_bytecode() -> None:
    """Write compiled modules to .venv if the environment forbids writing them next to their sources.

    Containers often forbid it. Then each process of a test run would compile all of Django again.
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
            addresses = _servers_of_worker(int(worker.removeprefix("gw")), home, launch)
        else:
            addresses = servers.start_all(home, launch, os.environ, non_durable=True)
            if any(server.program.name == "postgres" for server in running):
                addresses["POSTGRES_LOG"] = str(home.log("postgres"))  # read by tests
    except SetupError as problem:
        raise pytest.UsageError(str(problem)) from None
    settings = servers.with_settings(os.environ, _SETTINGS | addresses)
    os.environ.clear()
    os.environ.update(settings)
    time.tzset()


def _servers_of_worker(number: int, home: Home, launch: servers.Launch) -> dict[str, str]:
    """Return the settings that differ between worker `number` and the process that started it."""
    url = urlsplit(os.environ["REDIS_URL"])
    first = int(url.path.strip("/") or 0)
    addresses = {"REDIS_URL": url._replace(path=f"/{first + 1 + number}").geturl()}
    if "MAIL_DIR" in os.environ:
        addresses |= servers.start_mail(home, launch, {})
    return addresses


def _stop(home: Home, running: list[Running]) -> None:
    programs.stop_all(running, seconds=10)
    pointer = home.path / "unprivileged-place"
    if pointer.exists():
        shutil.rmtree(pointer.read_text().strip(), ignore_errors=True)
    shutil.rmtree(home.path, ignore_errors=True)
