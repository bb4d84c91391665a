"""The front desk's board: a patient arrives, a request is confirmed, and the admin opens as well."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from scheduling.models import Booking
from tenants.base.clock import now
from tests.e2e.conftest import Site, on_desktop
from tests.e2e.sign_in import sign_in
from tests.factories.people import make_doctor, make_patient, make_receptionist
from tests.factories.schedule import make_booking, make_slot

pytestmark = pytest.mark.browser


def book(site: Site, *, last_name: str, minutes: int, status: str = "CONFIRMED") -> Booking:
    """A visit in so many minutes, with a doctor of its own."""
    doctor = make_doctor(name=f"Of {last_name}", title="Dr")
    slot = make_slot(doctor, now() + timedelta(minutes=minutes), minutes=20)
    booking = make_booking(slot, make_patient(first_name="Sam", last_name=last_name), now=now())
    Booking.objects.filter(pk=booking.pk).update(status=status)
    return booking


@on_desktop
def test_a_desk_takes_a_patient_through_the_visit_and_opens_the_admin_without_signing_in_again(
    site: Site, page: Page
) -> None:
    desk = make_receptionist(first_name="Rita", last_name="Reed")
    visit = book(site, last_name="Fisher", minutes=10)
    book(site, last_name="Asker", minutes=15, status="PENDING")

    sign_in(site, page, desk, path="/portal")

    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Arrived.*Sam Fisher")).click()
    expect(page.get_by_role("region", name="Arrived 1").get_by_text("Just arrived")).to_be_visible()
    expect(page.get_by_role("link", name="Sam Fisher")).to_be_focused()
    page.get_by_role("button", name=re.compile("^Confirm.*Sam Asker")).last.click()
    expect(page.get_by_text("There are no requests.")).to_be_visible()

    page.goto(f"{site.url}/admin/scheduling/booking/")
    expect(page.get_by_text("Sam Fisher").first).to_be_visible()

    visit.refresh_from_db()
    assert visit.status == Booking.Status.CHECKED_IN
