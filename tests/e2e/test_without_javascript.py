"""The patient's journey with JavaScript off, and the same pages with and without it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from scheduling.models import Booking
from tests.e2e.axe import assert_no_violations
from tests.e2e.conftest import SIZES, Site, on_phone
from tests.e2e.emailed_codes import code_sent_to
from tests.e2e.screenshots import store_screenshots
from tests.e2e.sign_in import sign_in
from tests.e2e.web_app import wait_for_web_app
from tests.factories.people import PASSWORD, make_dependant, make_patient
from tests.factories.visit_types import make_question, make_visit_type

pytestmark = pytest.mark.browser


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    """A page on a phone with JavaScript off."""
    width, height = SIZES["phone"]
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": width, "height": height}, locale="en-GB"
    )
    yield context.new_page()
    context.close()


def test_a_patient_finds_books_moves_and_cancels_without_javascript(site: Site, plain_page: Page) -> None:
    page, address = plain_page, f"plain-{site.clinic.slug}@people.example"
    page.goto(f"{site.url}/doctors")
    page.get_by_role("link", name="Dr Marsh").click()
    page.get_by_role("link", name="Later").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose a time")
    page.locator("input[name=slot]").first.check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("We are holding this time until")).to_be_visible()
    page.get_by_text("Add a reason for your appointment").click()
    page.get_by_label("What is the reason for your appointment?").fill("A cough since Monday")
    page.get_by_label("First name").fill("Sam")
    page.get_by_label("Last name").fill("Fisher")
    page.get_by_label("Email address").fill(address)
    store_screenshots(page, "newcomer-details-without-javascript")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Code").fill(code_sent_to(address))
    store_screenshots(page, "newcomer-code-without-javascript")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    expect(page.get_by_text("A cough since Monday")).to_be_visible()
    page.get_by_role("button", name="Confirm appointment").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your appointment is booked")
    booked = Booking.objects.booked().get(patient__user__email=address)

    page.get_by_role("link", name="Change date or time").click()
    page.locator("input[name=slot]").first.check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Change appointment").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your appointment has been changed")
    moved = Booking.objects.get(pk=booked.pk)
    page.get_by_role("link", name="Menu").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{site.url}/appointments")
    page.get_by_role("link", name="Email me a code").click()
    page.get_by_label("Email address").fill(address)
    page.get_by_role("button", name="Email me a code").click()
    page.get_by_label("Code").fill(code_sent_to(address, number=2))
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Cancel", exact=True).click()
    page.get_by_role("button", name="Cancel appointment").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your appointment has been cancelled")

    booked.refresh_from_db()
    assert (booked.reason, booked.status) == ("A cough since Monday", "CANCELLED")
    assert moved.starts_at != booked.starts_at or moved.version > 0


def seen(page: Page) -> dict[str, Any]:
    """What a page has in both forms: heading, fields with labels, times, rows of the summary."""
    fields = page.locator("main :is(input, select, textarea):not([type=hidden])")
    ids = [fields.nth(number).get_attribute("id") for number in range(fields.count())]
    return {
        "heading": page.locator("h1").inner_text(),
        "fields": ids,
        "values": [fields.nth(number).input_value() for number in range(fields.count())],
        "labels": [_plain(text) for text in page.locator("main :is(label, legend)").all_inner_texts()],
        "rows": [_plain(text) for text in page.locator("main .summary-row").all_inner_texts()],
        "headings": [_plain(text) for text in page.locator("main h2").all_inner_texts()],
    }


def _plain(text: str) -> str:
    # The device of the test is in another time zone, which only the web app knows.
    return re.sub(r"\s+", " ", re.sub(r"\d+:\d\d [ap]m(, \w+ \d+ \w+)? where you are", "", text)).strip()


@on_phone
def test_pages_have_the_same_slots_labels_and_ids_with_and_without_javascript(
    site: Site, page: Page, plain_page: Page
) -> None:
    patient = make_patient()
    assert patient.user is not None
    make_dependant(patient, first_name="Mia", last_name="Lind")
    visit_type = make_visit_type(name="Check-up", price="45.00", currency="GBP", duration_minutes=30)
    question = make_question(visit_type, "Since when?", is_required=True)
    sign_in(site, page, patient.user)
    plain_page.goto(f"{site.url}/sign-in")
    plain_page.get_by_label("Email address").fill(patient.user.email)
    plain_page.get_by_label("Password").fill(PASSWORD)
    plain_page.get_by_role("main").get_by_role("button", name="Sign in").click()
    pages = {}
    for path in (
        "/doctors",
        f"/doctors/{site.doctor.pk}",
        f"/waiting-list?doctor={site.doctor.pk}",
    ):
        plain_page.goto(site.url + path)
        page.goto(site.url + path)
        wait_for_web_app(page)
        pages[path] = (seen(plain_page), seen(page))
    plain_page.goto(f"{site.url}/doctors/{site.doctor.pk}")
    plain_page.locator(".day-fold summary").last.click()
    plain_page.locator("input[name=slot]").last.check()
    plain_page.get_by_role("button", name="Continue").click()
    page.goto(plain_page.url)
    wait_for_web_app(page)
    pages["details"] = (seen(plain_page), seen(page))
    for each in (plain_page, page):
        each.get_by_label("Me", exact=True).check()
        each.get_by_label("Since when?").fill("May")
        each.get_by_role("button", name="Continue").click()
        expect(each.get_by_role("heading", level=1)).to_have_text("Check your answers")
    wait_for_web_app(page)
    pages["check"] = (seen(plain_page), seen(page))

    for name, (without, with_it) in pages.items():
        assert without == with_it, name
    assert pages["details"][0]["fields"][2] == f"question-{question.pk}"
    assert len([text for text in pages[f"/doctors/{site.doctor.pk}"][0]["fields"] if text]) > 20


@on_phone
def test_the_app_keeps_the_chosen_time_and_the_focus_and_leaves_a_typed_form_alone(
    site: Site, page: Page
) -> None:
    """The script is delayed until the user has begun."""
    waiting: list[Any] = []
    page.route("**/assets/main-*.js", lambda route: waiting.append(route))  # noqa: PLW0108
    page.goto(f"{site.url}/doctors/{site.doctor.pk}", wait_until="commit")
    radio = page.locator("input[name=slot]").nth(3)
    radio.check()
    chosen = radio.get_attribute("id")
    assert_no_violations(page)
    store_screenshots(page, "times-without-javascript")
    waiting.pop().continue_()
    wait_for_web_app(page)

    assert page.locator("input[name=slot]:checked").get_attribute("id") == chosen
    assert page.evaluate("document.activeElement.id") == chosen
    expect(page.locator(".continue-bar strong")).to_be_visible()

    page.goto(f"{site.url}/register", wait_until="commit")
    page.get_by_label("First name").fill("Sam")
    waiting.pop().continue_()
    page.wait_for_load_state("networkidle")

    assert page.get_by_label("First name").input_value() == "Sam"
    assert page.locator("a.menu-button").count() == 1
