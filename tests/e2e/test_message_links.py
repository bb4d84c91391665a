"""Confirm, move and cancel from a message, without JavaScript, cookies or signing in."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from notifications.links import Purpose
from scheduling.models import Booking, IntakeQuestion, Slot
from tenants.base.clock import now
from tests.e2e.conftest import SIZES, Site
from tests.factories.people import make_patient, user_of
from tests.factories.schedule import make_booking
from tests.factories.visit_types import make_question, make_visit_type
from tests.notifications.link_requests import path_of

pytestmark = pytest.mark.browser


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    """A page of a phone's size in a browser without JavaScript, in another zone than the clinic."""
    width, height = SIZES["phone"]
    context = browser.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=False, timezone_id="Asia/Kolkata"
    )
    page = context.new_page()
    yield page
    assert context.cookies() == []
    context.close()


def make_future_booking(site: Site) -> Booking:
    """A booking in a few days."""
    slot = Slot.objects.filter(starts_at__gt=now(), doctor=site.doctor).order_by("starts_at")[30]
    return make_booking(slot, make_patient(), now=now())


def url_of(site: Site, booking: Booking, purpose: Purpose) -> str:
    """Return the URL of a link in a message about the booking as it is now."""
    booking.refresh_from_db()
    return site.url + path_of(booking, user_of(booking.patient), purpose)


def test_a_patient_confirms_moves_and_cancels_without_javascript(site: Site, plain_page: Page) -> None:
    booking, page = make_future_booking(site), plain_page

    page.goto(url_of(site, booking, Purpose.CONFIRM))
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="I will come")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Thank you for letting us know")).to_be_visible()

    page.goto(url_of(site, booking, Purpose.MOVE))
    page.get_by_role("button", name="Move my appointment").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("link", name="Choose a time.").click()
    page.get_by_role("radio").nth(2).check()
    page.get_by_role("button", name="Move my appointment").click()
    expect(page.get_by_role("heading", name="Your appointment has a new time")).to_be_visible()

    page.goto(url_of(site, booking, Purpose.CANCEL))
    page.get_by_label("Why do you want to cancel?").fill("I am well again")
    page.get_by_role("button", name="Cancel my appointment").click()
    expect(page.get_by_role("heading", name="Your appointment is cancelled")).to_be_visible()
    page.reload()
    expect(page.get_by_role("link", name="Book a new appointment")).to_be_visible()

    kinds = list(booking.events.order_by("created_at", "id").values_list("kind", flat=True))
    assert kinds == ["booked", "attendance_confirmed", "rescheduled", "cancelled"]


def test_the_pages_fit_a_width_of_320_pixels_and_their_targets_are_large(
    site: Site, plain_page: Page
) -> None:
    booking, page = make_future_booking(site), plain_page
    visit_type = make_visit_type()
    asked = IntakeQuestion.Asked.BEFORE_VISIT
    make_question(visit_type, "Which medicines do you take?", asked=asked, is_required=True)
    make_question(visit_type, "Do you have a fever?", kind="yes_no", asked=asked, position=1)
    Booking.objects.update(visit_type=visit_type)
    page.set_viewport_size({"width": 320, "height": 640})

    for purpose in Purpose:
        page.goto(url_of(site, booking, purpose))
        box = page.locator("html").bounding_box()
        assert box
        assert box["width"] <= 320, purpose
        for target in page.locator("button, label:has(input[type=radio]), p > a:only-child").all():
            size = target.bounding_box()
            assert size
            assert size["height"] >= 44, (purpose, target.inner_text())
            assert size["x"] + size["width"] <= 320, (purpose, target.inner_text())
