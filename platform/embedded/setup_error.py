"""Problems that the user can solve: they are printed as one sentence, not as a traceback."""

import sys
from collections.abc import Callable


class SetupError(Exception):
    """A problem that the user can solve. Its message says what happened and what to do."""


def run_reporting_errors(command: Callable[[], int]) -> int:
    """Run `command` and return its exit status. Print a `SetupError` to stderr and return 1."""
    try:
        return command()
    except SetupError as error:
        print(error, file=sys.stderr, flush=True)
        return 1
