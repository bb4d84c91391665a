"""An admin words an email, sees it with sample data and saves it, with the keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from notifications.models import MessageWording
from tests.e2e.conftest import Site, on_desktop
from tests.factories.people import PASSWORD, make_admin

pytestmark = pytest.mark.browser


@on_desktop
def test_an_admin_words_an_email_with_the_keyboard(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/admin/login/?next=/admin/notifications/messagewording/add/")
    page.get_by_label("Email address").fill(make_admin().email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Preview")).to_be_visible()

    page.get_by_label("Subject").focus()
    page.keyboard.type("See you on {{ day }}, {{ time }}")
    page.keyboard.press("Tab")
    page.keyboard.type("We look forward to seeing you, {{ name }}.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Add {{ zone }}")).to_be_visible()
    assert not MessageWording.objects.exists()

    page.get_by_label("Subject").focus()
    page.keyboard.press("End")
    page.keyboard.type(" ({{ zone }})")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Preview of your wording")).to_be_visible()
    frame = page.frame_locator("iframe.preview-phone")
    expect(frame.get_by_text("We look forward to seeing you, Alex.")).to_be_visible()
    frame = page.frame_locator("iframe.preview-desktop")
    expect(frame.get_by_text("We look forward to seeing you, Alex.")).to_be_visible()
    assert not MessageWording.objects.exists()

    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("was added successfully")).to_be_visible()
    assert MessageWording.objects.get().body == "We look forward to seeing you, {{ name }}."
