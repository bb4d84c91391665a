"""Benchmarks: ratios, since machines differ. Each figure is a median with its least and its most."""

from tests.drills.figures import figures, pytest_terminal_summary

__all__ = ["figures", "pytest_terminal_summary"]
