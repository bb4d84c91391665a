"""Finds Chromium for the browser tests, or installs it (as root on Debian or Ubuntu)."""

import os
import shutil

from embedded import commands
from embedded.progress import step
from embedded.run_folder import ROOT
from embedded.setup_error import SetupError

_LINUX_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MACOS_PATHS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def ensure_chromium() -> str:
    """Return the path of Chromium or Chrome. Install Chromium if necessary and possible.

    :raises SetupError: it was not found and cannot be installed
    """
    path = os.environ.get("CHROMIUM_BIN") or _installed_path()
    if path:
        return path
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _install()
        if path := _installed_path():
            return path
    raise SetupError(
        "The browser tests need Chromium: install it (Debian and Ubuntu: apt-get install chromium), "
        "or set CHROMIUM_BIN to its path."
    )


def _installed_path() -> str | None:
    on_path = (shutil.which(name) for name in _LINUX_NAMES)
    return next((path for path in (*on_path, *map(shutil.which, _MACOS_PATHS)) if path), None)


def _install() -> None:
    log = ROOT / ".venv" / "chromium.log"
    env = dict(os.environ) | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        with step("Installing Chromium"):
            commands.run(["apt-get", "update"], log=log, folder=ROOT, env=env)
            install = ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"]
            commands.run(install, log=log, folder=ROOT, env=env)
    except commands.CommandFailed:
        raise SetupError(
            f"Chromium, which the browser tests need, could not be installed. The full output is in {log}"
        ) from None
