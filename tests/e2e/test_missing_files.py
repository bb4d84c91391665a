"""Files of the web app that are missing or blocked, and a connection that is lost between two pages."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.axe import assert_no_violations
from tests.e2e.conftest import Site, on_phone
from tests.e2e.screenshots import store_screenshots
from tests.e2e.sign_in import sign_in
from tests.e2e.web_app import wait_for_web_app
from tests.factories.people import make_patient, user_of

pytestmark = [pytest.mark.browser, pytest.mark.offline]


def block(route: Route) -> None:
    """Do not load a file."""
    route.abort("internetdisconnected")


@on_phone
def test_the_server_s_page_stays_if_a_file_of_the_app_is_blocked(site: Site, page: Page) -> None:
    loads: list[bool] = []
    page.on("request", lambda request: loads.append(request.is_navigation_request()))
    page.route("**/assets/doctor-page-*.js", block)

    page.goto(f"{site.url}/doctors/{site.doctor.pk}")
    page.wait_for_timeout(3000)  # a page that reloads itself does so again and again

    assert 1 <= sum(loads) <= 2
    page.locator("input[name=slot]").first.check(force=True)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("We are holding this time until")).to_be_visible()


@on_phone
def test_a_connection_lost_between_two_pages_does_not_leave_the_site(site: Site, page: Page) -> None:
    page.goto(site.url)
    wait_for_web_app(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Find a doctor").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are offline")
    expect(page.get_by_role("main").get_by_role("link", name="+44 20 7946 0000")).to_be_visible()
    assert_no_violations(page)
    store_screenshots(page, "lost-connection")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are offline")

    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Find a doctor")


@on_phone
def test_a_page_whose_main_script_is_blocked_says_so_and_names_the_phone_number(
    site: Site, page: Page
) -> None:
    sign_in(site, page, user_of(make_patient()), path="/profile/calendar")
    page.route("**/assets/main-*.js", block)

    page.goto(f"{site.url}/profile/calendar")

    notice = page.get_by_text("This page is taking a long time to load.")
    expect(notice).to_be_hidden()
    expect(notice).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link", name="+44 20 7946 0000")).to_be_visible()
    assert_no_violations(page)
    store_screenshots(page, "blocked-script")
