"""The session survives reloads and concurrent renewals in two tabs, and scripts cannot read its tokens."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site, on_desktop
from tests.factories.people import PASSWORD, make_patient

pytestmark = pytest.mark.browser


@on_desktop
def test_reloads_and_two_tabs_keep_the_session(site: Site, page: Page) -> None:
    address = f"tabs-{site.clinic.slug}@people.example"
    make_patient(email=address)
    page.goto(f"{site.url}/sign-in")
    page.get_by_label("Email address").fill(address)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    heading = "My appointments"
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    other = page.context.new_page()

    for _round in range(5):
        # After a reload each tab renews its access token with the same cookie, both at the same time.
        for tab in (page, other):
            tab.goto(f"{site.url}/appointments", wait_until="commit")
        for tab in (page, other):
            expect(tab.get_by_role("heading", name=heading)).to_be_visible()

    readable = page.evaluate(
        "[document.cookie, JSON.stringify(localStorage), JSON.stringify(sessionStorage)]"
    )
    assert "eyJ" not in "".join(readable)
    (cookie,) = [found for found in page.context.cookies() if found["name"] == "refresh"]
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Strict", "/")

    page.goto(f"{site.url}/profile/sessions")
    page.get_by_role("button", name="Sign out everywhere").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
