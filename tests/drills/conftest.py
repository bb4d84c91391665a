"""Drills: faults and races with the real processes. Figures are shown at the end of the run."""

from tests.drills.figures import figures, pytest_terminal_summary

__all__ = ["figures", "pytest_terminal_summary"]
