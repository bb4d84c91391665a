"""Drills: faults and races with the real processes. Figures are printed at the end of the run."""

from pathlib import Path

import pytest

from tests.drills.figures import pytest_terminal_summary, record_figure

__all__ = ["pytest_terminal_summary", "record_figure"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests in this folder as drills."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker("drill")
