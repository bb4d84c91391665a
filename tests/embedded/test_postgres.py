import os
import subprocess
from pathlib import Path

import psycopg
import pytest

from embedded import postgres, programs
from embedded.run_folder import Home
from embedded.setup_error import SetupError
from tests.embedded.conftest import Launch

ROOT = os.geteuid() == 0


def test_postgres_runs_unprivileged_with_a_password_and_stops_when_asked(home: Home, launch: Launch) -> None:
    port = home.port("postgres")
    running = launch(postgres.prepare(home.path, port=port, password="right"))
    postgres.wait_until_ready(running, port=port, password="right", log=home.log("postgres"))

    with psycopg.connect(postgres.address(port=port, password="right")) as connection:
        row = connection.execute(
            "SELECT lower('ÄÉ'), current_setting('max_locks_per_transaction'), current_setting('fsync')"
        ).fetchone()
    owner = (
        Path(f"/proc/{running.process.pid}").stat().st_uid if Path("/proc/self").exists() else os.geteuid()
    )
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(postgres.address(port=port, password="wrong"))
    programs.stop_all([running], seconds=10)

    assert row == ("äé", "256", "on")
    assert (owner != 0) is True
    assert running.process.returncode == 0
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(postgres.address(port=port, password="right"))


def test_a_database_survives_a_server_that_was_killed(home: Home, launch: Launch) -> None:
    port = home.port("postgres")
    first = launch(postgres.prepare(home.path, port=port, password="right"))
    postgres.wait_until_ready(first, port=port, password="right", log=home.log("postgres"))
    postgres.create_database("clinics", port=port, password="right")
    first.process.kill()
    first.process.wait()
    # As after a reboot: the process id of the dead server now belongs to another process.
    pid_file = next(home.path.glob("postgres/postmaster.pid"))
    pid_file.write_text(f"{os.getpid()}\n" + pid_file.read_text().partition("\n")[2])

    second = launch(postgres.prepare(home.path, port=port, password="right"))
    postgres.wait_until_ready(second, port=port, password="right", log=home.log("postgres"))
    postgres.create_database("clinics", port=port, password="right")

    with psycopg.connect(postgres.address(port=port, password="right", database="clinics")) as connection:
        assert connection.execute("SELECT current_database()").fetchone() == ("clinics",)


def test_data_of_another_version_are_not_changed(home: Home) -> None:
    data = home.path / "postgres"
    data.mkdir()
    (data / "PG_VERSION").write_text("9\n")

    with pytest.raises(
        SetupError, match=r"was created by Postgres 9 and this is Postgres \d+: set another DEMO_HOME"
    ):
        postgres.prepare(home.path, port=1, password="right")

    assert sorted(path.name for path in data.iterdir()) == ["PG_VERSION"]


def test_postgres_that_does_not_start_shows_the_end_of_its_log(home: Home, launch: Launch) -> None:
    port = home.port("postgres")
    program = postgres.prepare(home.path, port=port, password="right")
    broken = next(home.path.glob("postgres/postgresql.conf"))
    broken.write_text("no_such_setting = on\n")

    with pytest.raises(SetupError, match="no_such_setting"):
        postgres.wait_until_ready(launch(program), port=port, password="right", log=home.log("postgres"))


@pytest.mark.skipif(not ROOT, reason="only servers started by root run as another user")
def test_postgres_runs_when_root_uses_a_folder_closed_to_others(home: Home, launch: Launch) -> None:
    closed = Home(home.path / "closed")
    closed.path.chmod(0o700)
    port = closed.port("postgres")

    running = launch(postgres.prepare(closed.path, port=port, password="right"))
    postgres.wait_until_ready(running, port=port, password="right", log=home.log("postgres"))

    place = Path((closed.path / "unprivileged-place").read_text().strip())
    assert (place / "postgres" / "PG_VERSION").exists()
    programs.stop_all([running], seconds=10)
    subprocess.run(["rm", "-r", str(place)], check=True)
