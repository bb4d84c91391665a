"""One whole life of a demo, as a person or a program starts it."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis

from embedded import leftovers, preparing
from embedded.home import Home
from embedded.ports import free_port, is_free
from tests.embedded.conftest import NO_SERVERS

KEYS = ["base_url", "console_url", "database_url", "redis_url", "mail_url", "operator", "clinics"]


@contextmanager
def running_demo(home: Home, port: int, output: Path) -> Iterator[subprocess.Popen[bytes]]:
    # The static files are none of this test's business, and take longer than all the rest.
    (home.path / "static").mkdir()
    (home.path / "stamps" / "static").write_text(preparing.static_mark())
    env = NO_SERVERS | {"PORT": str(port), "DEMO_HOME": str(home.path)}
    command = [sys.executable, "-m", "embedded.demo"]
    with output.open("wb") as out, subprocess.Popen(command, env=env, stdout=out, stderr=out) as demo:
        try:
            yield demo
        finally:
            demo.terminate()


def status_of(address: str) -> int:
    """The status of a GET: Python does not know names below localhost, so they go into the Host header."""
    parts = urlsplit(address)
    connection = HTTPConnection("127.0.0.1", parts.port or 80, timeout=20)
    try:
        connection.request("GET", parts.path or "/", headers={"Host": parts.netloc})
        return connection.getresponse().status
    except (OSError, HTTPException):
        return 0
    finally:
        connection.close()


def pids(home: Home) -> dict[str, int]:
    named = json.loads((home.path / "running.json").read_text())
    return {name: pid for name, (pid, _) in named.items()}


def wait_for(
    happened: Callable[[], object], demo: subprocess.Popen[bytes], output: Path, seconds: float = 180
) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert demo.poll() is None, output.read_text()
        assert time.monotonic() < deadline, output.read_text()
        time.sleep(0.1)


def test_a_demo_gets_ready_mends_itself_and_stops_all_it_started_and_nothing_else(
    home: Home, tmp_path: Path, bystander: subprocess.Popen[bytes]
) -> None:
    port, output = free_port(), tmp_path / "output"
    published = home.path / "demo.json"

    with running_demo(home, port, output) as demo:
        wait_for(published.exists, demo, output)
        facts = json.loads(published.read_text())
        first_pids = pids(home)

        assert list(facts) == KEYS
        assert stat.S_IMODE(published.stat().st_mode) == 0o600
        assert [clinic["time_zone"] for clinic in facts["clinics"]] == ["Europe/London", "America/New_York"]
        addresses = [clinic["url"] + "/api/clinic/" for clinic in facts["clinics"]]
        addresses += [facts["base_url"] + "/health/ready", facts["mail_url"]]
        assert [status_of(address) for address in addresses] == [200, 200, 200, 200]
        psycopg.connect(facts["database_url"]).close()
        with redis.Redis.from_url(facts["redis_url"]) as client:
            assert client.ping()
        shown = output.read_text()
        assert all(clinic["url"] in shown for clinic in facts["clinics"])
        assert facts["mail_url"] in shown
        assert "admin@hospital.com / admin123pass!" in shown

        os.kill(first_pids["web"], signal.SIGKILL)
        said = "web ended (signal 9): starting it again in 0.5 s."
        wait_for(lambda: said in output.read_text(), demo, output)
        wait_for(lambda: status_of(facts["base_url"] + "/health/ready") == 200, demo, output)
        last_pids = pids(home)
        assert last_pids["web"] != first_pids["web"]

        asked = time.monotonic()
        demo.send_signal(signal.SIGTERM)
        assert demo.wait(30) == 0
        took = time.monotonic() - asked

    assert took < 20
    assert [name for name, pid in (first_pids | last_pids).items() if leftovers.birth(pid)] == []
    assert is_free(port)
    assert not published.exists()
    assert bystander.poll() is None
