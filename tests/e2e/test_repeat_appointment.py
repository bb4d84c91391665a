"""A patient signs in on the page for repeating an appointment, and books two more dates. One is taken."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from scheduling.models import Slot
from tenants.base.clock import now
from tests.e2e.axe import assert_no_violations
from tests.e2e.conftest import Site, on_phone
from tests.e2e.screenshots import store_screenshots
from tests.e2e.sign_in import sign_in
from tests.factories.people import make_patient, user_of
from tests.factories.schedule import make_booking

pytestmark = pytest.mark.browser


@on_phone
def test_a_patient_repeats_an_appointment(page: Page, site: Site) -> None:
    patient = make_patient(first_name="Sam", last_name="Reed")
    slot = Slot.objects.filter(starts_at__gt=now() + timedelta(days=2)).earliest("starts_at")
    taken = Slot.objects.get(starts_at=slot.starts_at + timedelta(weeks=1))
    make_booking(taken, make_patient(), now=now())
    booking = make_booking(slot, patient, now=now())
    sign_in(site, page, user_of(patient), path=f"/appointments/{booking.pk}/repeat")

    page.get_by_label("How many more").select_option("2")
    page.get_by_role("button", name="Show the dates").click()
    expect(page.get_by_role("heading", name="Check the dates")).to_be_visible()
    assert_no_violations(page)
    store_screenshots(page, "repeat-dates")
    page.get_by_role("button", name="Book these dates").click()

    expect(page.get_by_role("heading", name="1 appointment is booked")).to_be_visible()
    expect(page.get_by_text("Not booked")).to_be_visible()
    assert_no_violations(page)
    store_screenshots(page, "repeat-result")
