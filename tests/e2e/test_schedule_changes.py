"""Admins see whom shorter hours affect before they save them."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from scheduling.models import Booking, Slot, WorkingHours
from scheduling.slots.services import withdraw_slot
from tenants.base.clock import now
from tests.e2e.conftest import Site
from tests.e2e.screenshots import store_screenshots
from tests.factories.people import PASSWORD, make_admin, make_patient
from tests.factories.schedule import make_booking

pytestmark = pytest.mark.browser


def sign_in_to_admin(site: Site, page: Page) -> None:
    """Sign in to the clinic's admin."""
    user = make_admin()
    page.goto(f"{site.url}/admin/")
    page.locator("[name=username]").fill(user.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[type=submit]").click()


def test_shorter_hours_show_the_affected_appointment_and_move_it(site: Site, page: Page) -> None:
    day = now().replace(minute=0, second=0, microsecond=0) + timedelta(days=5)
    slot = Slot.objects.filter(doctor=site.doctor, starts_at__gte=day.replace(hour=16)).earliest("starts_at")
    booking = make_booking(slot, make_patient(first_name="Pat", last_name="Early"), now=now())
    sign_in_to_admin(site, page)
    page.goto(f"{site.url}/admin/clinics/doctor/{site.doctor.pk}/change/")
    for number in range(7):
        page.locator(f"[name=working_hours-{number}-closes]").fill("16:00")
    page.locator("[name=_save]").click()

    expect(page.get_by_role("heading", name="Appointments affected by this change")).to_be_visible()
    expect(page.get_by_text("Pat Early, Dr Marsh")).to_be_visible()
    store_screenshots(page, "preview")
    page.get_by_label("Move it to").first.check()
    page.get_by_role("button", name="Save this change").click()

    expect(page.get_by_text("1 appointment was affected: 1 rescheduled.")).to_be_visible()
    store_screenshots(page, "saved")
    booking.refresh_from_db()
    assert booking.status == Booking.Status.CONFIRMED
    assert booking.starts_at != slot.starts_at
    assert WorkingHours.objects.filter(doctor=site.doctor, closes=16 * 60).count() == 7


def test_removed_times_are_listed_and_offered_again(site: Site, page: Page) -> None:
    slot = Slot.objects.filter(doctor=site.doctor, starts_at__gt=now() + timedelta(days=2)).earliest(
        "starts_at"
    )
    withdraw_slot(slot=slot, now=now())
    sign_in_to_admin(site, page)
    page.goto(f"{site.url}/admin/scheduling/slot/?status__exact=withdrawn")
    store_screenshots(page, "removed")
    page.locator(".action-select").first.check()
    page.locator("[name=action]").select_option(label="Offer the selected removed times again")
    page.get_by_role("button", name="Go").click()

    expect(page.get_by_text("1 time is offered again.")).to_be_visible()
    offered = Slot.objects.offered().filter(doctor=site.doctor, starts_at=slot.starts_at)
    assert offered.exists()
