"""`make test`: the web app's unit tests, then all tests of the server, the ones in a browser among them.

With COVERAGE=1 (or CI=true) both measure which lines were run, and print it.
"""

import os
import sys
from functools import partial

from embedded import web_app
from embedded.checks import Check, run_all
from embedded.chromium import ensure_chromium
from embedded.interrupts import Stopped, stop_on_signals
from embedded.progress import say
from embedded.setup_error import SetupError, run_reporting_errors

_PARALLEL = ("-n", "2", "--dist", "worksteal")
"""Overridden by the same options in ARGS."""
_COVERAGE = ("--cov", "--cov-report=term")
_WEB_COVERAGE = ("--", "--coverage")


def test(words: list[str]) -> int:
    """Run all tests, pytest with `words`; 0 when all passed.

    :raises SetupError: the web app cannot be built here
    """
    stop_on_signals()
    try:
        missing = _ensure_browser()
        web_app.build()
        node = web_app.install_packages()
        measured = any(os.environ.get(name) in {"1", "true"} for name in ("CI", "COVERAGE"))
        npm = node.npm_command("test", *(_WEB_COVERAGE if measured else ()))
        pytest = [sys.executable, "-m", "pytest", *_PARALLEL, *(_COVERAGE if measured else ()), *words]
        web = Check("The web app's unit tests", npm, web_app.FOLDER, node.env())
        status = run_all([web, Check("pytest", pytest)])
    except Stopped:
        return 130
    if missing:
        say(missing)
    return status or bool(missing)


def _ensure_browser() -> str:
    """Name Chromium in the environment; a sentence where there is none."""
    try:
        os.environ["CHROMIUM_BIN"] = ensure_chromium()
    except SetupError as problem:
        return str(problem)
    return ""


if __name__ == "__main__":
    sys.exit(run_reporting_errors(partial(test, sys.argv[1:])))
