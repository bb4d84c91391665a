"""`make test`: runs the web app's unit tests, then the server's tests, including those in a browser.

With COVERAGE=1 or CI=true, both measure and print the coverage.
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

_PARALLEL = ("-n", "3", "--dist", "worksteal")
"""Three for two cores, since many tests wait for processes. The same options in ARGS override these."""
_COVERAGE = ("--cov", "--cov-report=term")
_WEB_COVERAGE = ("--", "--coverage")


def test(arguments: list[str]) -> int:
    """Run all tests. `arguments` are passed to pytest. Return 0 if all tests passed.

    :raises SetupError: the web app cannot be built
    """
    stop_on_signals()
    try:
        problem = _ensure_browser()
        web_app.build()
        node = web_app.install_packages()
        with_coverage = any(os.environ.get(name) in {"1", "true"} for name in ("CI", "COVERAGE"))
        npm = node.npm_command("test", *(_WEB_COVERAGE if with_coverage else ()))
        pytest = [
            sys.executable,
            "-m",
            "pytest",
            *_PARALLEL,
            *(_COVERAGE if with_coverage else ()),
            *arguments,
        ]
        web = Check("The web app's unit tests", npm, web_app.FOLDER, node.env())
        status = run_all([web, Check("pytest", pytest)])
    except Stopped:
        return 130
    if problem:
        say(problem)
    return status or bool(problem)


def _ensure_browser() -> str:
    """Set CHROMIUM_BIN. Return the problem if there is no Chromium, else an empty string."""
    try:
        os.environ["CHROMIUM_BIN"] = ensure_chromium()
    except SetupError as error:
        return str(error)
    return ""


if __name__ == "__main__":
    sys.exit(run_reporting_errors(partial(test, sys.argv[1:])))
