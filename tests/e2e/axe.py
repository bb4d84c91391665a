"""Check a page with axe-core, which is not a dependency: `AXE=path/to/axe.min.js` names its file."""

import os
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

_RUN = """
async () => (await axe.run(document, {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
})).violations.map(({ id, nodes }) => [
  id, nodes.slice(0, 3).map(({ html, failureSummary }) => html + failureSummary),
])
"""


def assert_no_violations(page: Page) -> None:
    """Assert that axe finds nothing on the page. Does nothing if its file is not named."""
    script = os.environ.get("AXE")
    if script:
        page.evaluate(Path(script).read_text())
        violations: list[Any] = page.evaluate(_RUN)
        assert violations == [], violations
