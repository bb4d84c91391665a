"""Drills: faults and races with the real processes. Figures are shown at the end of the run."""

from pathlib import Path

import pytest

from tests.drills.figures import figures, pytest_terminal_summary

__all__ = ["figures", "pytest_terminal_summary"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker("drill")
