"""`make lint` and `make format`: style, types and the direction of imports, of the server and the web app."""

import os
import sys
from functools import partial
from pathlib import Path

from embedded import web_app
from embedded.checks import Check, run_all
from embedded.interrupts import Stopped, stop_on_signals
from embedded.node import Node
from embedded.setup_error import run_reporting_errors

_TOOLS = Path(sys.executable).parent
_LINT = {
    "Style": "ruff check",
    "Layout": "ruff format --check",
    "Types": "mypy",
    "Imports": "lint-imports",
    "Links in the documents": "python -m embedded.doc_links",
    "Style of the web app": "npm run lint",
    "Types of the web app": "npm run typecheck",
}
_FIXES = {
    "Style": "ruff check --fix-only",
    "Layout": "ruff format",
    "Message catalogues": "python -m embedded.catalogues",
    "The web app": "npm run format",
}
# mypy's plugin for Django reads the settings, which refuse to load without these. Nothing is connected to.
_REQUIRED_SETTINGS = ("SECRET_KEY", "JWT_SECRET", "BASE_DOMAIN", "DB_HOST", "DB_NAME", "DB_USER", "DB_PASSWORD")
_ENV = (
    dict.fromkeys(_REQUIRED_SETTINGS, "for-linting-only") | {"REDIS_URL": "redis://127.0.0.1:6379/0"} | dict(os.environ)
)


def lint(*, fix: bool) -> int:
    """Look at the code, or `mend` what the tools can mend; 0 when all is well.

    :raises SetupError: the web app's packages cannot be installed here
    """
    stop_on_signals()
    try:
        node = web_app.install_packages()
        return run_all([_check(title, line, node) for title, line in (_FIXES if fix else _LINT).items()])
    except Stopped:
        return 130


def _check(title: str, line: str, node: Node) -> Check:
    tool, *words = line.split()
    if tool == "npm":
        return Check(title, node.npm_command(*words), web_app.FOLDER, node.env())
    return Check(title, [str(_TOOLS / tool), *words], env=_ENV)


if __name__ == "__main__":
    sys.exit(run_reporting_errors(partial(lint, fix="--mend" in sys.argv)))
