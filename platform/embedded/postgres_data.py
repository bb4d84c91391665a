"""The data folder of a Postgres: made whole or not at all, and only used by the version that made it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from embedded.leftovers import command
from embedded.setup_error import SetupError
from embedded.unprivileged import give

_BUILTIN_LOCALES_SINCE = 17


def ensure(data: Path, folder: Path, user: tuple[int, int] | None, *, password: str) -> None:
    """Make `data` with the programs in `folder` if it is not there, and see that these may use it.

    :raises SetupError: the programs do not run, or another version made it
    """
    version = _version_of(folder, user)
    if not data.exists():
        _make(data, folder, user, version=version, password=password)
    made_by = int((data / "PG_VERSION").read_text())
    if made_by != version:
        raise SetupError(
            f"{data} was made by Postgres {made_by} and this is Postgres {version}: "
            "use another DEMO_HOME, or delete that folder to start afresh."
        )
    _forget_a_dead_owner(data)


def plain_env() -> dict[str, str]:
    """Our environment without what changes the ways of Postgres and its tools."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}


def _make(data: Path, folder: Path, user: tuple[int, int] | None, *, version: int, password: str) -> None:
    unfinished = data.with_name("postgres.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    give(unfinished, user)
    secret = data.with_name("postgres.password")
    secret.touch(mode=0o600)
    give(secret, user)
    secret.write_text(password)
    orders = f"-U postgres -E UTF8 -A scram-sha-256 {_locale(version)}".split()
    try:
        made = _run([str(folder / "initdb"), "-D", str(unfinished), f"--pwfile={secret}", *orders], user)
    finally:
        secret.unlink()
    if made.returncode:
        raise SetupError(f"Postgres could not make its data folder {data}:\n{made.stdout.strip()}")
    unfinished.rename(data)


def _locale(version: int) -> str:
    if version >= _BUILTIN_LOCALES_SINCE:
        return "--locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C"
    return "--locale=C.UTF-8" if sys.platform == "linux" else "--locale=C"


def _forget_a_dead_owner(data: Path) -> None:
    """Remove the pid file of a server that is gone where another process has got its number since.

    Postgres itself only looks whether that number is alive. The caller holds the lock of the whole home.
    """
    file = data / "postmaster.pid"
    if file.exists() and "postgres" not in command(int(file.read_text().split("\n")[0])):
        file.unlink()


def _version_of(folder: Path, user: tuple[int, int] | None) -> int:
    answer = _run([str(folder / "postgres"), "--version"], user).stdout
    try:
        return int(answer.split()[2].split(".")[0])
    except (IndexError, ValueError):
        raise SetupError(f"{folder / 'postgres'} does not run on this machine: {answer.strip()}") from None


def _run(argv: list[str], user: tuple[int, int] | None) -> subprocess.CompletedProcess[str]:
    uid, gid = user or (None, None)
    return subprocess.run(
        argv,
        env=plain_env(),
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
