"""What drills and benchmarks measured, as a table below the run."""

from collections.abc import Callable
from statistics import median

import pytest

FIGURES = pytest.StashKey[list[tuple[str, str]]]()

Note = Callable[[str, str], None]
"""Takes what was measured and the figure, both in words."""


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Note:
    """Notes a figure for the table."""
    kept = request.config.stash.setdefault(FIGURES, [])
    return lambda what, figure: kept.append((what, figure))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show the table, also when something failed."""
    rows = terminalreporter.config.stash.get(FIGURES, [])
    if rows:
        terminalreporter.section("figures")
        width = max(len(what) for what, _figure in rows)
        for what, figure in rows:
            terminalreporter.write_line(f"{what:<{width}}  {figure}")


def spread(values: list[float], form: str = "{:.2f}") -> str:
    """Median, and the least and the most: how much the machine wavers."""
    middle, low, high = (form.format(value) for value in (median(values), min(values), max(values)))
    return f"{middle} ({low} to {high}, {len(values)} runs)"


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of `values` lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]
