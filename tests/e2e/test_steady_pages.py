"""Pages do not jump while they load: what somebody is about to tap stays where it is."""

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import Site

pytestmark = pytest.mark.browser

MOST = 0.02
"""The sum of layout shifts up to which nobody notices (Core Web Vitals call 0.1 good)."""
SHIFTS = """
new Promise(tell => {
  let sum = 0
  new PerformanceObserver(list => {
    for (const shift of list.getEntries()) if (!shift.hadRecentInput) sum += shift.value
  }).observe({type: 'layout-shift', buffered: true})
  setTimeout(() => tell(sum), 200)
})
"""


def test_pages_do_not_jump_while_they_load(site: Site, page: Page) -> None:
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

    assert {path: shift for path, shift in shifts.items() if shift > MOST} == {}
