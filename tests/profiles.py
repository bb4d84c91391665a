"""Sizes of the tests with generated cases: a sample in `make test`, everything in `make drills`.

`TEST_PROFILE=full` selects the full size. No other module reads this variable.
"""

import os
import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

FULL = os.environ.get("TEST_PROFILE", "quick") == "full"


def examples(*, quick: int, full: int) -> int:
    """Return the number of examples for the profile of this run."""
    return full if FULL else quick


def sample(values: Sequence[T], *, quick: int) -> list[T]:
    """Return all `values` in the full profile, otherwise a random selection of `quick` of them.

    The selection differs in each run. pytest-randomly prints the seed: `--randomly-seed=…` repeats it.
    """
    return list(values) if FULL else random.sample(list(values), min(quick, len(values)))
