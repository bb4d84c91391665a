"""The audit: the patients' pages as the demo serves them. Figures are printed at the end of the run."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from embedded import commands
from embedded.chromium import ensure_chromium
from embedded.node import Node, find_node
from tests.audit.demo import Demo, open_demo
from tests.drills.figures import pytest_terminal_summary, record_figure

__all__ = ["pytest_terminal_summary", "record_figure"]

_PACKAGES = Path(__file__).parent / "browser"


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    """A clinic of a demo that runs for the whole audit."""
    with open_demo() as demo:
        yield demo


@pytest.fixture(scope="session")
def paths(demo: Demo) -> dict[str, str]:
    """The pages on which a visitor finds a time, by name."""
    return demo.paths()


@pytest.fixture(scope="session")
def node() -> Node:
    """Node, which runs Lighthouse and Puppeteer."""
    return find_node()


@pytest.fixture(scope="session")
def packages(node: Node, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the packages of `browser/package-lock.json` and the programs that use them."""
    folder = tmp_path_factory.mktemp("audit") / "browser"
    shutil.copytree(_PACKAGES, folder, ignore=shutil.ignore_patterns("node_modules"))
    install = node.npm_command("ci", "--ignore-scripts", "--no-audit", "--no-fund")
    commands.run(install, log=folder / "npm.log", folder=folder, env=node.env())
    return folder


@pytest.fixture
def page() -> Iterator[Page]:
    """A page of Chromium on a phone, without a session."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright runs an event loop in this thread
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=ensure_chromium(), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
        yield context.new_page()
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
