"""Benchmarks: ratios, since machines differ. Each figure is a median with its least and its most."""

from tests.drills.database import django_db_setup
from tests.drills.figures import figures, pytest_terminal_summary

__all__ = ["django_db_setup", "figures", "pytest_terminal_summary"]
