"""Problems that the user can solve: they are printed as one sentence, not as a traceback."""

import sys
from collections.abc import Callable


class SetupError(Exception):
    """A problem that the user can solve. The message says what happened and what to do."""


def run_reporting_errors(command: Callable[[], int]) -> int:
    """The exit status of `command`; a `SetupError` is printed to stderr and gives status 1."""
    try:
        return command()
    except SetupError as problem:
        print(problem, file=sys.stderr, flush=True)
        return 1
