"""How much the tests try that make up their own cases: a sample in `make test`, everything in `make drills`.

`TEST_PROFILE=full` chooses everything. No other module reads that variable.
"""

import os
import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

FULL = os.environ.get("TEST_PROFILE", "quick") == "full"


def examples(*, quick: int, full: int) -> int:
    """The number of examples in the profile of this run."""
    return full if FULL else quick


def sample(values: Sequence[T], *, quick: int) -> list[T]:
    """All `values` in the full profile; otherwise `quick` of them, other ones in each run.

    pytest-randomly prints the seed of a run: `--randomly-seed=…` draws the same again.
    """
    return list(values) if FULL else random.sample(list(values), min(quick, len(values)))
