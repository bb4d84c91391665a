"""The admin warns before it signs out an idle member of staff, in every tab."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, Response, expect

from clinics.models import ClinicSettings
from tenants.accounts.models import UserSession
from tenants.base.clock import now
from tests.e2e.conftest import Site, on_desktop
from tests.factories.people import PASSWORD, make_admin

pytestmark = pytest.mark.browser


@on_desktop
def test_an_idle_admin_is_warned_and_then_signed_out_in_every_tab(site: Site, page: Page) -> None:
    admin = make_admin()
    page.clock.install()
    page.goto(f"{site.url}/admin/login/?next=/admin/")
    page.get_by_label("Email address").fill(admin.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("input[type=submit]").click()
    expect(page.get_by_role("heading", name="Clinic administration")).to_be_visible()
    page.wait_for_load_state()  # the script that warns has started
    dialog = page.get_by_role("dialog", name="You will be signed out in 2 min")

    page.clock.run_for(27 * 60 * 1000)
    expect(dialog).to_be_hidden()
    # The page asks the server before it warns. Only the browser's clock has moved so far.
    UserSession.objects.filter(user=admin).update(last_input_at=now() - timedelta(minutes=28, seconds=2))
    page.clock.run_for(62 * 1000)
    expect(dialog).to_be_visible()
    with page.expect_response(_is_input_report) as report:
        page.get_by_role("button", name="Stay signed in").click()
    expect(dialog).to_be_hidden()
    assert report.value.json()["seconds_left"] > 1700

    other = page.context.new_page()
    other.goto(f"{site.url}/admin/clinics/")
    ClinicSettings.objects.update(staff_idle_minutes=0)
    page.clock.run_for(31 * 60 * 1000)

    # One of the tabs shows why, whichever was first.
    expect(page.get_by_label("Password")).to_be_visible()
    expect(other.get_by_label("Password")).to_be_visible()


def _is_input_report(response: Response) -> bool:
    """Whether the page reported an input, rather than read how long the session lasts."""
    return response.url.endswith("/admin/session-activity/") and response.request.method == "POST"
