"""Around a visit: calendars, booking for the family, checking in at the door, booking again, own data."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from clinics.models import ClinicSettings
from scheduling.models import Booking
from tenants.base.clock import now
from tests.e2e.axe import assert_no_violations
from tests.e2e.conftest import Site, on_phone
from tests.e2e.screenshots import store_screenshots
from tests.e2e.sign_in import sign_in
from tests.e2e.web_app import wait_for_web_app
from tests.factories.people import PASSWORD, make_admin, make_dependant, make_doctor, make_patient
from tests.factories.schedule import make_booking, make_slot

pytestmark = pytest.mark.browser


def see(page: Page, name: str) -> None:
    """Check the page with axe and store screenshots of it."""
    assert_no_violations(page)
    store_screenshots(page, name)


@on_phone
def test_a_carer_books_for_the_family_checks_in_and_books_again(site: Site, page: Page) -> None:
    patient = make_patient()
    assert patient.user is not None
    make_dependant(patient, first_name="Kit", last_name="Reed")
    sign_in(site, page, patient.user, path=f"/doctors/{site.doctor.pk}")
    page.locator("input[name=slot]").first.check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Me", exact=True).check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Confirm appointment").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your appointment is booked")
    page.get_by_text("Add to calendar").click()
    expect(page.get_by_role("link", name="Google Calendar")).to_be_visible()
    others = page.get_by_role("region", name="Book for another person")
    expect(others.get_by_role("link")).to_have_count(4)
    see(page, "booked-with-calendars")
    page.emulate_media(media="print")
    store_screenshots(page, "appointment-printed")
    page.emulate_media(media="screen")
    with page.expect_download() as download:
        page.get_by_role("link", name="Apple Calendar").click()
    others.get_by_role("link").first.click()
    page.get_by_label("Kit Reed").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Confirm appointment").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your appointment is booked")
    own, childs = Booking.objects.booked().order_by("created_at")

    ClinicSettings.objects.update(online_check_in=True)
    soon = make_booking(
        make_slot(make_doctor(name="Reed"), now() + timedelta(minutes=30)), patient, now=now()
    )
    page.goto(f"{site.url}/appointments/{soon.pk}")
    wait_for_web_app(page)
    see(page, "appointment-to-check-in")
    page.goto(f"{site.url}/check-in")
    wait_for_web_app(page)
    see(page, "check-in")
    page.get_by_role("button", name="I am here").click()
    expect(page.get_by_text("You are checked in. The clinic knows that you are here.")).to_be_visible()
    see(page, "checked-in")
    Booking.objects.filter(pk=own.pk).update(status="COMPLETED")
    page.goto(f"{site.url}/appointments/{own.pk}")
    wait_for_web_app(page)
    see(page, "past-appointment")
    page.get_by_role("link", name="Book again").click()
    expect(page.get_by_role("heading", name="Choose a time")).to_be_visible()

    soon.refresh_from_db()
    assert download.value.suggested_filename == "appointment.ics"
    assert (childs.patient.full_name, childs.doctor, childs.status) == ("Kit Reed", site.doctor, "CONFIRMED")
    assert abs(childs.starts_at - own.starts_at) == timedelta(minutes=30)
    assert soon.status == "CHECKED_IN"


@on_phone
def test_a_patient_reads_and_prints_their_data_and_an_admin_prints_the_sign(site: Site, page: Page) -> None:
    ClinicSettings.objects.update(online_check_in=True)
    patient = make_patient()
    assert patient.user is not None
    make_booking(make_slot(site.doctor, now() + timedelta(days=30)), patient, now=now(), reason="A cough")
    sign_in(site, page, patient.user, path="/profile/data/print")
    expect(page.get_by_role("heading", name="Appointments")).to_be_visible()
    see(page, "my-data")
    in_app = page.locator(".my-data-section").all_inner_texts()
    page.emulate_media(media="print")
    store_screenshots(page, "my-data-printed")
    page.emulate_media(media="screen")
    page.goto(f"{site.url}/admin/login/?next=/admin/clinics/clinicsettings/check-in-sign/")
    page.get_by_label("Email address").fill(make_admin().email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    see(page, "check-in-sign")
    page.emulate_media(media="print")
    store_screenshots(page, "check-in-sign-printed")

    assert any("A cough" in text for text in in_app)
