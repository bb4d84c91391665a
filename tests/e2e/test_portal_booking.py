"""A doctor takes a visit from arrival to completion with the keyboard alone, and undoes a step."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from clinics.models import Doctor, Patient
from scheduling.bookings.attendance import mark_no_show
from scheduling.models import Booking, VisitNote
from tenants.base.clock import now
from tests.e2e.axe import assert_no_violations
from tests.e2e.conftest import Site, on_desktop
from tests.e2e.screenshots import store_screenshots
from tests.e2e.sign_in import sign_in
from tests.factories.people import make_dependant, make_doctor, make_patient, user_of
from tests.factories.schedule import make_booking, make_slot
from tests.factories.visit_types import make_visit_type

pytestmark = pytest.mark.browser


def make_visit(doctor: Doctor) -> Booking:
    """A visit that started ten minutes ago, of a patient with alerts, an earlier visit and a child."""
    patient = make_patient(first_name="Ines", last_name="Okonkwo", phone="020 7946 0018")
    Patient.objects.filter(pk=patient.pk).update(allergies="Penicillin (rash)", date_of_birth="1984-03-03")
    make_dependant(patient)
    visit_type = make_visit_type(name="Video call", mode="video", video_link="https://video.example/room")
    start = now().replace(second=0, microsecond=0) - timedelta(minutes=10)
    last_week = start - timedelta(days=7)
    earlier = make_booking(make_slot(doctor, last_week), patient, now=last_week - timedelta(days=1))
    mark_no_show(booking=earlier, by=user_of(patient), now=start)
    slot = make_slot(doctor, start)
    booking = make_booking(slot, patient, now=start - timedelta(hours=1), reason="Headache for a week")
    Booking.objects.filter(pk=booking.pk).update(visit_type=visit_type)
    return booking


def press(page: Page, button: str) -> None:
    """Reach a button with the Tab key, and press it."""
    target = page.get_by_role("button", name=button, exact=True)
    expect(target).to_be_visible()
    for _step in range(60):
        if target.evaluate("button => button === document.activeElement"):
            page.keyboard.press("Enter")
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"The Tab key does not reach {button}.")


@on_desktop
def test_a_doctor_takes_a_visit_from_arrival_to_completion_with_the_keyboard(site: Site, page: Page) -> None:
    doctor = make_doctor(name="Adeyemi")  # without hours, so that a visit can start ten minutes ago
    booking = make_visit(doctor)
    assert doctor.user is not None
    sign_in(site, page, doctor.user, path=f"/portal/bookings/{booking.pk}")
    expect(page.get_by_role("heading", name="Ines Okonkwo")).to_be_visible()
    expect(page.get_by_text("Penicillin (rash)")).to_be_visible()
    expect(page.get_by_text("1 missed")).to_be_visible()
    store_screenshots(page, "confirmed")
    assert_no_violations(page)

    press(page, "Arrived")
    expect(page.get_by_role("status").get_by_text("Ines Okonkwo has arrived")).to_be_visible()
    press(page, "Start visit")
    expect(page.get_by_role("button", name="Complete visit")).to_be_visible()

    note = page.get_by_role("textbox", name="Visit note")
    note.focus()
    page.keyboard.type("Tension headache. Rest.")
    expect(note).to_have_value("Tension headache. Rest.")
    page.reload()
    expect(note).to_have_value("Tension headache. Rest.")
    press(page, "Save note")
    expect(page.get_by_text("Version 1, saved")).to_be_visible()
    assert VisitNote.objects.get(booking=booking).text == "Tension headache. Rest."

    press(page, "Complete visit")
    expect(page.locator(".booking-head").get_by_text("Completed")).to_be_visible()
    store_screenshots(page, "completed")
    assert_no_violations(page)
    press(page, "Undo “completed”")
    expect(page.locator(".booking-head").get_by_text("In progress")).to_be_visible()
    booking.refresh_from_db()
    assert booking.status == "IN_PROGRESS"
    kinds = booking.events.order_by("created_at").values_list("kind", flat=True)
    assert list(kinds) == ["booked", "checked_in", "started", "completed", "reopened"]
