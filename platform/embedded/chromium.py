"""Finds Chromium for the browser tests, or installs it (as root on Debian or Ubuntu)."""

import os
import shutil

from embedded.debian import ensure_program
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
    configured = os.environ.get("CHROMIUM_BIN") or next(filter(None, map(shutil.which, _MACOS_PATHS)), None)
    if configured:
        return configured
    try:
        return ensure_program("chromium", names=_LINUX_NAMES, needed_by="the browser tests")
    except SetupError as problem:
        raise SetupError(f"{problem} Or set CHROMIUM_BIN to the path of Chromium or Chrome.") from None
