"""A table of the figures that drills and benchmarks measured, printed after the run."""

from collections.abc import Callable
from statistics import median

import pytest

FIGURES = pytest.StashKey[list[tuple[str, str]]]()

RecordFigure = Callable[[str, str], None]
"""Takes a title and a figure, both as text."""


@pytest.fixture
def record_figure(request: pytest.FixtureRequest) -> RecordFigure:
    """Return a function that adds a figure to the table."""
    rows = request.config.stash.setdefault(FIGURES, [])
    return lambda title, figure: rows.append((title, figure))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table, even if tests failed."""
    rows = terminalreporter.config.stash.get(FIGURES, [])
    if rows:
        terminalreporter.section("figures")
        width = max(len(title) for title, _figure in rows)
        for title, figure in rows:
            terminalreporter.write_line(f"{title:<{width}}  {figure}")


def spread(values: list[float], template: str = "{:.2f}") -> str:
    """Return the median with minimum and maximum, as text."""
    median_text, low, high = (template.format(value) for value in (median(values), min(values), max(values)))
    return f"{median_text} ({low} to {high}, {len(values)} runs)"


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of `values` lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]
