"""The patient's pages in dark mode, in Windows high contrast and with text of twice the size."""

import re

import pytest
from playwright.sync_api import Page, expect

from clinics.planning import DARK_PAGE, contrast
from scheduling.models import Slot
from tenants.base.clock import now
from tests.e2e.axe import assert_no_violations
from tests.e2e.conftest import Site, on_phone
from tests.e2e.screenshots import store_screenshots
from tests.e2e.sign_in import sign_in
from tests.e2e.web_app import wait_for_web_app
from tests.factories.people import make_patient, user_of
from tests.factories.schedule import make_booking

pytestmark = pytest.mark.browser

_BACKGROUND = "element => getComputedStyle(element).backgroundColor"
_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_SMALL_TARGETS = """
() => [...document.querySelectorAll('.site-footer a, .summary-action a, .back-link, .btn')]
  .filter(element => element.checkVisibility() && element.getBoundingClientRect().height < 43.5)
  .map(element => element.outerHTML)
"""


def hex_of(colour: str) -> str:
    """Return `rgb(1, 2, 3)` as `#010203`. Chromium's highlight is not quite opaque: `rgba(5, 0, 73, 0.8)`."""
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", colour)[:3])


def check_all_modes(page: Page, name: str) -> None:
    """Check a page in dark mode, in high contrast and with doubled text."""
    assert page.evaluate(_SMALL_TARGETS) == [], name
    page.emulate_media(color_scheme="dark", forced_colors="none")
    assert hex_of(page.locator("body").evaluate(_BACKGROUND)) == DARK_PAGE
    assert_no_violations(page)
    store_screenshots(page, f"{name}-dark")
    page.emulate_media(media="print")
    assert hex_of(page.locator("body").evaluate(_BACKGROUND)) == "#ffffff"
    page.emulate_media(media="screen", color_scheme="light", forced_colors="active")
    assert_no_violations(page)
    store_screenshots(page, f"{name}-forced-colours")
    page.emulate_media(forced_colors="none")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate(_OVERFLOW) == 0, name
    store_screenshots(page, f"{name}-doubled-text")
    page.evaluate("document.documentElement.style.fontSize = ''")


@on_phone
def test_pages_can_be_read_in_dark_mode_in_high_contrast_and_with_doubled_text(
    site: Site, page: Page
) -> None:
    patient = make_patient()
    slot = Slot.objects.filter(doctor=site.doctor, starts_at__gt=now()).order_by("starts_at")[20]
    booking = make_booking(slot, patient, now=now())
    sign_in(site, page, user_of(patient), path="/doctors")
    check_all_modes(page, "doctors")
    for path in ("/", f"/appointments/{booking.pk}"):
        page.goto(site.url + path)
        wait_for_web_app(page)
        check_all_modes(page, path.strip("/").partition("/")[0] or "home")

    page.goto(f"{site.url}/doctors/{site.doctor.pk}")
    wait_for_web_app(page)
    times = page.get_by_role("radio")
    times.nth(1).check()
    page.emulate_media(forced_colors="active")
    labels = [page.locator(f"label[for='{times.nth(number).get_attribute('id')}']") for number in (0, 1)]
    other, chosen = (hex_of(label.evaluate(_BACKGROUND)) for label in labels)
    assert contrast(other, chosen) > 3
    check_all_modes(page, "times")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("We are holding this time until")).to_be_visible()
    check_all_modes(page, "details")
