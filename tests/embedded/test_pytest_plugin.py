"""The pytest plugin, tested with a separate pytest in a separate folder."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.embedded.conftest import NO_SERVERS

OPTIONS = ("-p", "embedded.pytest_plugin", "-p", "no:django", "-p", "no:randomly", "-q", "-s")
CHECK_SERVERS = """
import os, smtplib, sys
import psycopg, redis

def test_servers():
    names = ("DB_HOST", "DB_PORT", "DB_OWNER_USER", "DB_OWNER_PASSWORD", "DB_NAME")
    host, port, user, password, name = (os.environ[variable] for variable in names)
    with psycopg.connect(host=host, port=port, user=user, password=password, dbname=name) as connection:
        print("home", connection.execute("SELECT current_setting('data_directory')").fetchone()[0])
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        assert client.ping()
    with smtplib.SMTP(*os.environ["EMAIL_URL"].removeprefix("smtp://").split(":")) as client:
        client.sendmail("a@example.org", ["b@example.org"], b"Subject: hello")
    assert len(os.listdir(os.environ["MAIL_DIR"])) == 1
    sys.stdout.flush()
"""
WAIT = "    import time; time.sleep(60)\n"


def pytest_run(folder: Path, test: str, *arguments: str, **env: str) -> subprocess.Popen[str]:
    (folder / "test_it.py").write_text(test)
    (folder / "pytest.ini").write_text("[pytest]\n")
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", *OPTIONS, *arguments, str(folder)],
        cwd=folder,
        env=NO_SERVERS | env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_a_run_has_its_own_servers_and_leaves_nothing_behind_even_when_interrupted(tmp_path: Path) -> None:
    with pytest_run(tmp_path, CHECK_SERVERS + WAIT) as run:
        assert run.stdout is not None
        data = next(Path(line.split()[-1]) for line in run.stdout if "home" in line)
        owner = int((data / "postmaster.pid").read_text().split()[0])
        run.send_signal(signal.SIGINT)
        output = run.stdout.read()

    assert "KeyboardInterrupt" in output
    assert not data.exists()
    assert not Path(f"/proc/{owner}").exists()
    assert not data.parent.exists()


def test_servers_named_in_the_environment_are_used_and_none_is_started(tmp_path: Path) -> None:
    test = """
import os

def test_settings():
    assert os.environ["DB_HOST"] == "db.example"
    assert os.environ["REDIS_URL"] == "redis://cache.example/0"
    assert os.environ["EMAIL_URL"] == "smtp://mail.example:25"
    assert "MAIL_DIR" not in os.environ
"""
    environment = {
        "DB_HOST": "db.example",
        "DB_NAME": "clinics",
        "DB_USER": "clinics",
        "DB_PASSWORD": "right",
        "REDIS_URL": "redis://cache.example/0",
        "EMAIL_URL": "smtp://mail.example:25",
    }

    with pytest_run(tmp_path, test, **environment) as run:
        output = run.communicate(timeout=30)[0]

    assert "1 passed" in output


def test_incomplete_server_settings_are_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest_run(tmp_path, "", DB_HOST="db.example", DB_USER="clinics") as run:
        output = run.communicate(timeout=30)[0]

    assert run.returncode == 4
    assert "ERROR: DB_HOST is set, so these must be set too: DB_NAME, DB_PASSWORD." in output


def test_this_run_has_all_required_settings() -> None:
    names = ("SECRET_KEY", "JWT_SECRET", "DB_HOST", "REDIS_URL", "EMAIL_URL", "BASE_DOMAIN", "TZ")

    assert [name for name in names if not os.environ.get(name)] == []
