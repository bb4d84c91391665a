"""The product's settings with one more address: a static view for comparison."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.urls"
