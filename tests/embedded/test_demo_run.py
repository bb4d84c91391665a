"""One run of a demo from its start to its end."""

import os
import signal
import stat
import subprocess
import time
from pathlib import Path

import psycopg
import pytest
import redis

from embedded import orphaned_processes
from embedded.ports import is_free
from embedded.run_folder import Home
from tests.embedded.demo_process import get, running_demo

KEYS = ["base_url", "console_url", "database_url", "redis_url", "mail_url", "operator", "clinics"]

pytestmark = pytest.mark.xdist_group("demo")


def test_a_demo_gets_ready_restarts_a_killed_process_and_stops_everything_it_started(
    demo_home: Home, tmp_path: Path, bystander: subprocess.Popen[bytes]
) -> None:
    output = tmp_path / "output"

    with running_demo(demo_home, output) as demo:
        facts = demo.facts()
        first_pids = demo.pids()
        port = int(facts["base_url"].rpartition(":")[2])

        assert list(facts) == KEYS
        assert stat.S_IMODE(demo.published.stat().st_mode) == 0o600
        assert [clinic["time_zone"] for clinic in facts["clinics"]] == ["Europe/London", "America/New_York"]
        addresses = [clinic["url"] + "/api/clinic/" for clinic in facts["clinics"]]
        addresses += [facts["base_url"] + "/health/ready", facts["mail_url"]]
        assert [get(address)[0] for address in addresses] == [200, 200, 200, 200]
        psycopg.connect(facts["database_url"]).close()
        with redis.Redis.from_url(facts["redis_url"]) as client:
            assert client.ping()
        shown = output.read_text()
        assert all(clinic["url"] in shown for clinic in facts["clinics"])
        assert facts["mail_url"] in shown
        assert "admin@hospital.com / admin123pass!" in shown

        os.kill(first_pids["web"], signal.SIGKILL)
        demo.wait_until(lambda: "web ended (signal 9): restarting it in 0.5 s." in output.read_text())
        demo.wait_until(lambda: get(facts["base_url"] + "/health/ready")[0] == 200)
        last_pids = demo.pids()
        assert last_pids["web"] != first_pids["web"]

        stop_requested = time.monotonic()
        demo.process.send_signal(signal.SIGTERM)
        assert demo.process.wait(30) == 0
        duration = time.monotonic() - stop_requested

    assert duration < 20
    assert [
        name for name, pid in (first_pids | last_pids).items() if orphaned_processes.start_time(pid)
    ] == []
    assert is_free(port)
    assert not demo.published.exists()
    assert bystander.poll() is None
