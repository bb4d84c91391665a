"""A parent adds a child, books for the child and closes the account."""

import re

import pytest
from playwright.sync_api import Page, expect

from clinics.models import Patient
from scheduling.models import Booking
from tenants.accounts.models import User
from tenants.base.clock import now
from tests.e2e.conftest import Site, on_phone
from tests.e2e.test_booking_flow import mails_to, register_instead, subject_begins
from tests.e2e.web_app import wait_for_web_app
from tests.factories.people import PASSWORD

pytestmark = pytest.mark.browser


@on_phone
def test_a_parent_books_for_a_child_and_closes_the_account(site: Site, page: Page) -> None:
    address = f"parent-{site.clinic.slug}@people.example"
    page.goto(f"{site.url}/profile/people/new")
    register_instead(page, address)
    expect(page.get_by_role("heading", name="Add someone you care for")).to_be_visible()
    page.get_by_label("First name").fill("Kit")
    page.get_by_label("Last name").fill("Reed")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name=re.compile("Change"))).to_be_visible()
    # Emails to an address that is not confirmed name nobody, and no farewell is sent to it.
    User.objects.filter(email=address).update(email_verified_at=now())
    book_for_the_child(site, page)
    confirmed = mails_to(address, 1)[0]
    booking = Booking.objects.booked().select_related("patient").get()
    close(site, page)
    farewell = mails_to(address, 2)[1]

    text = confirmed.get_body(("plain",))
    assert text is not None
    assert (booking.patient.full_name, "For: Kit Reed" in text.get_content()) == ("Kit Reed", True)
    booking.refresh_from_db()
    assert (booking.status, booking.reason) == ("CANCELLED", "")
    assert {patient.full_name for patient in Patient.objects.all()} == {"Former patient"}
    assert subject_begins(farewell) == "Your account is closed"


def book_for_the_child(site: Site, page: Page) -> None:
    """Book an appointment for the child, from the list of doctors."""
    page.goto(f"{site.url}/doctors")
    wait_for_web_app(page)
    page.get_by_role("link", name="Dr Marsh").first.click()
    page.get_by_role("radio").last.check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("radio", name="Kit Reed").check()
    page.get_by_label("What is the reason for your appointment?").fill("A rash")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Confirm appointment").click()
    expect(page.get_by_role("heading", name="Your appointment is booked")).to_be_visible()


def close(site: Site, page: Page) -> None:
    """Close the account."""
    page.goto(f"{site.url}/profile/data")
    wait_for_web_app(page)
    page.get_by_role("link", name="Close my account").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Close my account permanently").click()
    expect(page.get_by_role("heading", name="Your account is closed")).to_be_visible()
