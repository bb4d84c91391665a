"""What a person is told when something of theirs is in the way: one plain sentence, never a traceback."""

import sys
from collections.abc import Callable


class SetupError(Exception):
    """Something the person at the keyboard can put right. Its text says what happened and what to do."""


def report(command: Callable[[], int]) -> int:
    """The exit status of `command`; a `SetupError` becomes its sentence on the error stream and status 1."""
    try:
        return command()
    except SetupError as problem:
        print(problem, file=sys.stderr, flush=True)
        return 1
