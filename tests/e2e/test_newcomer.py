"""A newcomer books on a phone: at most six screens and four fields, and no password."""

import pytest
from playwright.sync_api import Page, expect

from scheduling.models import Booking
from tests.e2e.axe import assert_no_violations
from tests.e2e.conftest import Site, on_phone
from tests.e2e.emailed_codes import code_sent_to
from tests.e2e.screenshots import store_screenshots
from tests.e2e.web_app import wait_for_web_app

pytestmark = pytest.mark.browser

_FIELDS = "main :is(input, textarea, select):visible:not([type=radio], [type=hidden])"


@on_phone
def test_a_newcomer_books_without_a_password(site: Site, page: Page) -> None:
    address = f"newcomer-{site.clinic.slug}@people.example"
    screens: list[str] = []
    fields: list[str] = []

    def look(name: str) -> None:
        """Check a screen, and count its fields."""
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        screens.append(page.get_by_role("heading", level=1).inner_text())
        fields.extend(page.locator(_FIELDS).evaluate_all("inputs => inputs.map(input => input.id)"))
        assert_no_violations(page)
        store_screenshots(page, f"newcomer-{name}")

    page.goto(site.url)
    wait_for_web_app(page)
    look("home")
    page.get_by_role("link", name="Dr Marsh").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dr Marsh")
    look("time")
    page.get_by_role("radio").last.check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("We are holding this time until")).to_be_visible()
    held = Booking.objects.get()
    look("details")
    page.get_by_label("First name").fill("Nadia")
    page.get_by_label("Last name").fill("New")
    page.get_by_label("Email address").fill(address)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Enter the code")).to_be_focused()
    expect(page.get_by_text("We are holding this time until")).to_be_visible()
    look("code")
    page.get_by_label("Code").fill(code_sent_to(address))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Check your answers")).to_be_focused()
    expect(page.get_by_text("We are holding this time until")).to_be_visible()
    look("check")
    page.get_by_role("button", name="Confirm appointment").click()
    expect(page.get_by_role("heading", name="Your appointment is booked")).to_be_focused()
    look("booked")

    booked = Booking.objects.select_related("patient__user").get()
    assert (held.pk, held.status) == (booked.pk, "HELD")
    assert (booked.status, booked.patient.full_name) == ("CONFIRMED", "Nadia New")
    assert booked.patient.user is not None
    assert not booked.patient.user.has_usable_password()
    assert len(screens) == 6
    assert fields == ["first_name", "last_name", "email", "code"]
