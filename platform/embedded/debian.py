"""Finds programs that tests need, or installs them (as root on Debian or Ubuntu)."""

import os
import shutil

from embedded import commands
from embedded.progress import step
from embedded.run_folder import ROOT
from embedded.setup_error import SetupError


def ensure_program(package: str, *, names: tuple[str, ...] = (), needed_by: str) -> str:
    """Return the path of a program. Install its package if necessary and possible.

    :param names: the names of the program, by default the package's
    :param needed_by: who needs it, for the message
    :raises SetupError: it was not found and cannot be installed
    """
    names = names or (package,)
    if path := _find(names):
        return path
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _install(package, needed_by)
        if path := _find(names):
            return path
    raise SetupError(
        f"{needed_by} need {package}: install it (Debian and Ubuntu: apt-get install {package})."
    )


def _find(names: tuple[str, ...]) -> str | None:
    return next((path for path in map(shutil.which, names) if path), None)


def _install(package: str, needed_by: str) -> None:
    log = ROOT / ".venv" / f"{package}.log"
    env = dict(os.environ) | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        with step(f"Installing {package}"):
            commands.run(["apt-get", "update"], log=log, folder=ROOT, env=env)
            install = ["apt-get", "install", "--yes", "--no-install-recommends", package]
            commands.run(install, log=log, folder=ROOT, env=env)
    except commands.CommandFailed:
        raise SetupError(
            f"{package}, which {needed_by} need, could not be installed. The full output is in {log}"
        ) from None
