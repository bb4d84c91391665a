"""The front desk merges two records of one patient in the portal, and undoes it."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from clinics.models import Patient
from scheduling.bookings.book import book_slot
from scheduling.models import Booking, Slot
from tenants.base.clock import now
from tests.e2e.conftest import Site, on_phone
from tests.e2e.screenshots import store_screenshots
from tests.e2e.sign_in import sign_in
from tests.factories.people import make_patient, make_receptionist

pytestmark = pytest.mark.browser


@on_phone
def test_the_desk_compares_two_records_merges_them_and_undoes_it(site: Site, page: Page) -> None:
    desk = make_receptionist()
    survivor = make_patient(
        first_name="Ada", last_name="Quill", phone="+442079460101", date_of_birth=date(1980, 2, 3)
    )
    other = Patient.objects.create(
        first_name="Ada M", last_name="Quill", phone="+442079460102", address="3 Old Street\nLondon"
    )
    slot = Slot.objects.filter(doctor=site.doctor, starts_at__gt=now() + timedelta(days=1)).earliest(
        "starts_at"
    )
    booking = book_slot(slot_id=slot.pk, patient=other, by=desk, now=now())
    sign_in(site, page, desk, path=f"/portal/patients/{survivor.pk}/merge")

    expect(page.get_by_role("heading", name="Merge two records of one patient")).to_be_visible()
    page.get_by_role("combobox", name="Find the other record").fill("ada m quill")
    expect(page.get_by_role("option", name="Ada M Quill")).to_be_visible()
    store_screenshots(page, "merge-choose")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 upcoming appointment")).to_be_visible()
    page.get_by_label("+44 20 7946 0102").check()
    store_screenshots(page, "merge-compare")
    page.get_by_role("button", name="Merge the records").click()

    expect(page.get_by_role("link", name="Open the record")).to_be_visible()
    store_screenshots(page, "merge-done")
    survivor.refresh_from_db()
    assert (survivor.first_name, survivor.phone, survivor.address) == (
        "Ada",
        "+442079460102",
        "3 Old Street\nLondon",
    )
    assert Booking.objects.get(pk=booking.pk).patient_id == survivor.pk
    page.get_by_role("button", name="Undo the merge").click()
    expect(page.get_by_text("The merge is undone.")).to_be_visible()
    survivor.refresh_from_db()
    assert (survivor.phone, survivor.address) == ("+442079460101", "")
    assert Booking.objects.get(pk=booking.pk).patient_id == other.pk
