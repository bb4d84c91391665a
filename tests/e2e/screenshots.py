"""Screenshots of the pages that a test visits, to look at them."""

import os
from pathlib import Path

from playwright.sync_api import Page

_SIZES = ((390, 844), (768, 1024), (1280, 900))


def store_screenshots(page: Page, name: str) -> None:
    """Store screenshots in three sizes if the environment variable SCREENSHOTS names a folder."""
    folder = os.environ.get("SCREENSHOTS")
    if not folder:
        return
    before = page.viewport_size
    for width, height in _SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    if before:
        page.set_viewport_size(before)
