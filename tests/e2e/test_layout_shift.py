"""Pages have no layout shifts while they load."""

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import Site

pytestmark = pytest.mark.browser

MAX_SHIFT = 0.02
"""The highest cumulative layout shift allowed (0.1 is good in Core Web Vitals)."""
SHIFTS = """
new Promise(resolve => {
  let sum = 0
  new PerformanceObserver(list => {
    for (const shift of list.getEntries()) if (!shift.hadRecentInput) sum += shift.value
  }).observe({type: 'layout-shift', buffered: true})
  setTimeout(() => resolve(sum), 200)
})
"""


def test_pages_have_almost_no_layout_shift(site: Site, page: Page) -> None:
    shifts = {}
    for path in (
        "/doctors",
        f"/doctors/{site.doctor.pk}",
        "/first-available",
        "/first-available?specialty=general-medicine",
        "/sign-in",
    ):
        page.goto(site.url + path)
        page.wait_for_load_state("networkidle")
        shifts[path] = page.evaluate(SHIFTS)

    assert {path: shift for path, shift in shifts.items() if shift > MAX_SHIFT} == {}
