"""Check a page with axe-core, from the packages of the web app."""

from typing import Any

from playwright.sync_api import Page

from embedded.web_app import FOLDER

_SCRIPT = FOLDER / "node_modules" / "axe-core" / "axe.min.js"
_RUN = """
async () => (await axe.run(document, {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
})).violations.map(({ id, nodes }) => [
  id, nodes.slice(0, 3).map(({ html, failureSummary }) => html + failureSummary),
])
"""


def assert_no_violations(page: Page) -> None:
    """Assert that axe finds nothing on the page."""
    page.evaluate(_SCRIPT.read_text())
    violations: list[Any] = page.evaluate(_RUN)
    assert violations == [], violations
