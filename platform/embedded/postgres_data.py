"""The data folder of Postgres: created completely or not at all, and used by one version only."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from embedded.orphaned_processes import command_line
from embedded.setup_error import SetupError
from embedded.unprivileged import give_ownership

_BUILTIN_LOCALES_SINCE = 17


def ensure_data_folder(data: Path, folder: Path, user: tuple[int, int] | None, *, password: str) -> None:
    """Create `data` with the programs in `folder` unless it exists, and check that their version matches.

    :raises SetupError: the programs do not run, or another version created the folder
    """
    version = _version_of(folder, user)
    if not data.exists():
        _create(data, folder, user, version=version, password=password)
    created_by = int((data / "PG_VERSION").read_text())
    if created_by != version:
        raise SetupError(
            f"{data} was created by Postgres {created_by} and this is Postgres {version}: "
            "set another DEMO_HOME, or delete that folder to start again without data."
        )
    _remove_stale_pid_file(data)


def clean_environment() -> dict[str, str]:
    """Return the environment without variables that change the behaviour of Postgres and its tools."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}


def _create(data: Path, folder: Path, user: tuple[int, int] | None, *, version: int, password: str) -> None:
    unfinished = data.with_name("postgres.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    give_ownership(unfinished, user)
    secret = data.with_name("postgres.password")
    secret.touch(mode=0o600)
    give_ownership(secret, user)
    secret.write_text(password)
    options = f"-U postgres -E UTF8 -A scram-sha-256 {_locale(version)}".split()
    try:
        result = _run([str(folder / "initdb"), "-D", str(unfinished), f"--pwfile={secret}", *options], user)
    finally:
        secret.unlink()
    if result.returncode:
        raise SetupError(f"Postgres could not create its data folder {data}:\n{result.stdout.strip()}")
    unfinished.rename(data)


def _locale(version: int) -> str:
    if version >= _BUILTIN_LOCALES_SINCE:
        return "--locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C"
    return "--locale=C.UTF-8" if sys.platform == "linux" else "--locale=C"


def _remove_stale_pid_file(data: Path) -> None:
    """Remove the pid file of a server that crashed if its process id now belongs to another program.

    Postgres itself only checks that some process has this id. The caller holds the lock of the home.
    """
    file = data / "postmaster.pid"
    if file.exists() and "postgres" not in command_line(int(file.read_text().split("\n")[0])):
        file.unlink()


def _version_of(folder: Path, user: tuple[int, int] | None) -> int:
    version = _run([str(folder / "postgres"), "--version"], user).stdout
    try:
        return int(version.split()[2].split(".")[0])
    except (IndexError, ValueError):
        raise SetupError(f"{folder / 'postgres'} does not run on this machine: {version.strip()}") from None


def _run(argv: list[str], user: tuple[int, int] | None) -> subprocess.CompletedProcess[str]:
    uid, gid = user or (None, None)
    return subprocess.run(
        argv,
        env=clean_environment(),
        cwd="/",
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        user=uid,
        group=gid,
        extra_groups=None if user is None else [],
    )
