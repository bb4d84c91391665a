"""Waits for the web app, which replaces the page that the server has sent."""

from playwright.sync_api import Page


def wait_for_web_app(page: Page) -> None:
    """Wait until the web app has replaced the server's page, after which links do not load pages."""
    page.locator("button.menu-button").wait_for(state="attached")
