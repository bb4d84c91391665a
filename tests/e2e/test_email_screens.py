"""Every email in a browser: at the width of a phone and of a mail program, in light and dark mode.

Each is photographed into `SCREENS_DIR`, to be looked at, and measured: the contrast of every text with its
background, the size of buttons, and whether anything is wider than the screen.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Browser, Page

from clinics.models import ClinicSettings
from notifications.models import Message
from notifications.rendering import email_content
from notifications.services.previews import preview_choices, preview_of
from tenants.current import enter_clinic
from tenants.models import Clinic
from tests.factories.people import make_patient
from tests.factories.sample_emails import SCENARIOS, account_emails, booking_emails, make_scenario

pytestmark = [pytest.mark.browser, pytest.mark.drill]
WIDTHS, SCHEMES = (375, 600), ("light", "dark")
BRANDS = {"riverside": ("#0b5c8a", "#e3f1f8"), "hudson": ("#6b2d5c", "#f6e9f2")}
MEASURE = """() => {
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const linear = c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4;
    const [x, y, z] = [r, g, b].map(c => linear(c / 255));
    return .2126 * x + .7152 * y + .0722 * z;
  };
  const behind = element => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || element.closest('.preheader')) continue;
    const [a, b] = [light(rgb(getComputedStyle(element).color)), light(behind(element))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) faint.push(`${walker.currentNode.data.trim()}: ${ratio.toFixed(2)}`);
  }
  const small = [...document.querySelectorAll('a.button, a.tall')]
    .filter(link => link.getBoundingClientRect().height < 44).map(link => link.textContent);
  return {faint, small, wider: document.documentElement.scrollWidth - document.documentElement.clientWidth};
}"""


def emails(now: datetime) -> Iterator[tuple[str, str]]:
    """Yield the HTML of every email of the current clinic, with a name for its file."""
    for name in SCENARIOS:
        for kind, email in booking_emails(make_scenario(name, now=now), now=now):
            yield f"{kind}-{name}", email_content(email).html
    for kind, email in account_emails(make_patient(first_name="Sam"), now=now):
        yield kind, email_content(email).html
    # Those to staff too.
    for kind, _label in preview_choices():
        if kind in (Message.Kind.STAFF_DAY, Message.Kind.STAFF_DIGEST):
            continue  # about a day, and without a sample
        yield f"preview-{kind}", preview_of(kind, now=now).html


@pytest.mark.parametrize(("width", "scheme"), list(product(WIDTHS, SCHEMES)))
@pytest.mark.parametrize("slug", list(BRANDS))
def test_every_email_is_readable_on_every_screen(
    clinics: tuple[Clinic, Clinic], db: None, now: datetime, browser: Browser, *, tmp_path: Path,
    slug: str, width: int, scheme: Any,
) -> None:  # fmt: skip
    folder = Path(os.environ.get("SCREENS_DIR", tmp_path))
    (clinic,) = [clinic for clinic in clinics if clinic.slug == slug]
    page: Page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    faults = {}
    with time_machine.travel(now, tick=False), enter_clinic(clinic):
        primary, accent = BRANDS[slug]
        ClinicSettings.objects.update(primary_color=primary, accent_color=accent)
        rendered = list(emails(now))
    for name, html in rendered:
        page.set_content(html)
        page.screenshot(path=folder / f"{slug}-{name}-{width}-{scheme}.png", full_page=True)
        measured = page.evaluate(MEASURE)
        if measured != {"faint": [], "small": [], "wider": 0}:
            faults[name] = measured
    page.close()

    assert rendered
    assert faults == {}
