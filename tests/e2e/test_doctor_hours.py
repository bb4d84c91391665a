"""A doctor changes their hours with the keyboard, decides about an appointment, and takes time off."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from scheduling.models import Booking, Slot, TimeOff, WorkingHours
from tenants.base.clock import now
from tests.e2e.conftest import Site, on_desktop
from tests.e2e.screenshots import store_screenshots
from tests.e2e.sign_in import sign_in
from tests.factories.people import make_patient
from tests.factories.schedule import make_booking

pytestmark = pytest.mark.browser


def book_at_hour(site: Site, hour: int, *, days: int) -> Booking:
    """Book the doctor's first slot from this local hour on, some days ahead."""
    start = (now() + timedelta(days=days)).astimezone(site.clinic.zone).replace(hour=hour, minute=0)
    slot = Slot.objects.filter(doctor=site.doctor, starts_at__gte=start.replace(second=0, microsecond=0))
    return make_booking(
        slot.earliest("starts_at"), make_patient(first_name="Pat", last_name="Early"), now=now()
    )


@on_desktop
def test_a_doctor_changes_hours_with_the_keyboard_and_takes_time_off(site: Site, page: Page) -> None:
    booking = book_at_hour(site, 16, days=5)
    weekday = booking.starts_at.astimezone(site.clinic.zone).strftime("%A")
    user = site.doctor.user
    assert user is not None
    sign_in(site, page, user, path="/portal/hours")

    expect(page.get_by_role("heading", name="Weekly hours")).to_be_visible()
    end = page.get_by_label(f"{weekday}: end")
    end.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("4 pm")
    page.keyboard.press("Tab")
    expect(end).to_have_value("16:00")
    # Two of the fourteen days lose two times each.
    expect(page.get_by_role("status").filter(has_text="→")).to_be_visible()
    store_screenshots(page, "hours-edited")
    end.press("Enter")

    expect(page.get_by_role("heading", name="Appointments affected by this change")).to_be_focused()
    choice = page.get_by_label("Pat Early")
    choice.focus()
    choice.press("ArrowDown")
    store_screenshots(page, "hours-decide")
    choice.press("Enter")
    page.get_by_role("button", name="Save this change").press("Enter")

    expect(page.get_by_role("heading", name="Your hours are saved")).to_be_focused()
    expect(page.get_by_text("Moved →")).to_be_visible()
    store_screenshots(page, "hours-saved")
    booking.refresh_from_db()
    assert (booking.status, booking.ends_at.astimezone(site.clinic.zone).hour < 17) == ("CONFIRMED", True)
    assert WorkingHours.objects.filter(doctor=site.doctor, closes=16 * 60).count() == 1

    day = booking.starts_at.astimezone(site.clinic.zone).date()
    page.goto(f"{site.url}/portal/time-off/new?from={day}")
    page.get_by_label("Reason").fill("Conference")
    page.get_by_role("button", name="Continue").press("Enter")
    page.get_by_role("button", name="Cancel all").press("Enter")
    page.get_by_role("button", name="Save this change").press("Enter")
    expect(page.get_by_role("heading", name="The time off is added")).to_be_focused()
    booking.refresh_from_db()
    assert (booking.status, TimeOff.objects.get().note) == ("CANCELLED", "Conference")

    page.get_by_role("link", name="Back to time off").press("Enter")
    page.get_by_role("link", name="Remove time off").press("Enter")
    expect(page.get_by_text("1 appointment was changed:")).to_be_visible()
    store_screenshots(page, "time-off-remove")
    page.get_by_role("button", name="Remove time off").press("Enter")
    expect(page.get_by_text("booked again for")).to_be_visible()
    assert Booking.objects.filter(status="CONFIRMED", starts_at=booking.starts_at).exists()
