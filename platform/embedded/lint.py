"""`make lint` and `make format`, for the server and the web app."""

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
# mypy's plugin for Django loads the settings, which require these variables. It connects to no server.
_REQUIRED_SETTINGS = (
    "SECRET_KEY",
    "JWT_SECRET",
    "BASE_DOMAIN",
    "DB_HOST",
    "DB_NAME",
    "DB_USER",
    "DB_PASSWORD",
)
_ENV = (
    dict.fromkeys(_REQUIRED_SETTINGS, "for-linting-only")
    | {"REDIS_URL": "redis://127.0.0.1:6379/0"}
    | dict(os.environ)
)


def lint(*, fix: bool) -> int:
    """Run all linters, or with `fix` apply their automatic fixes. Return 0 on success.

    :raises SetupError: the web app's packages cannot be installed
    """
    stop_on_signals()
    try:
        node = web_app.install_packages()
        return run_all(
            [_check(title, command, node) for title, command in (_FIXES if fix else _LINT).items()]
        )
    except Stopped:
        return 130


def _check(title: str, command: str, node: Node) -> Check:
    tool, *arguments = command.split()
    if tool == "npm":
        return Check(title, node.npm_command(*arguments), web_app.FOLDER, node.env())
    return Check(title, [str(_TOOLS / tool), *arguments], env=_ENV)


if __name__ == "__main__":
    sys.exit(run_reporting_errors(partial(lint, fix="--fix" in sys.argv)))
