"""The product's settings, with one more address: the static view that others are held against."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.urls"
