"""The front desk records that a doctor is ill, and decides about the appointments."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from scheduling.models import Booking, Slot, TimeOff
from tenants.accounts.models import User
from tenants.base.clock import now
from tests.e2e.conftest import Site, on_desktop
from tests.e2e.screenshots import store_screenshots
from tests.e2e.sign_in import sign_in
from tests.factories.people import make_patient, make_receptionist, user_of
from tests.factories.schedule import make_booking

pytestmark = pytest.mark.browser


@on_desktop
def test_the_desk_moves_one_appointment_of_an_ill_doctor_and_cancels_another(site: Site, page: Page) -> None:
    day = (now() + timedelta(days=2)).date()
    slots = Slot.objects.filter(doctor=site.doctor, starts_at__date=day).order_by("starts_at")
    reached, called = (
        make_patient(first_name="Rea", last_name="Ched"),
        make_patient(first_name="Cal", last_name="Led", phone="+442079460999"),
    )
    User.objects.filter(pk=user_of(called).pk).update(email_undeliverable_at=now())
    bookings = [
        make_booking(slot, who, now=now()) for slot, who in zip(slots, [reached, called], strict=False)
    ]

    sign_in(site, page, make_receptionist(), path=f"/portal/absences?doctor={site.doctor.pk}&date={day}")
    expect(page.get_by_label("First day")).to_have_value(str(day))
    store_screenshots(page, "absence-form")
    page.get_by_role("button", name="Show the appointments").click()
    expect(page.get_by_text("1 patient cannot get a message. Call them.")).to_be_visible()
    expect(page.get_by_text("2 to move, 0 to keep, 0 to cancel")).to_be_visible()
    page.get_by_label("What happens to the appointment of Cal Led").select_option(
        label="Cancel the appointment"
    )
    page.get_by_label("Reason for the patients").fill("The doctor is away.")
    page.get_by_text("Preview the message about a cancellation").click()
    expect(page.get_by_text("Appointment cancelled:")).to_be_visible()
    store_screenshots(page, "absence-decide")
    page.get_by_role("button", name="Record the absence").click()

    expect(page.get_by_role("heading", name="Patients to call (1)")).to_be_visible()
    expect(page.get_by_role("link", name="+44 20 7946 0999")).to_be_visible()
    store_screenshots(page, "absence-result")
    assert [Booking.objects.get(pk=booking.pk).status for booking in bookings] == ["CONFIRMED", "CANCELLED"]
    assert TimeOff.objects.get().doctor == site.doctor
