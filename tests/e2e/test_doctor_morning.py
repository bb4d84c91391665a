"""A doctor's morning with the keyboard alone: a visit with its note, a move, a blocked hour, time off."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from clinics.models import Doctor, Patient
from scheduling.bookings.attendance import mark_no_show
from scheduling.models import Booking, Slot, TimeOff, VisitNote
from tenants.base.clock import now
from tests.e2e.axe import assert_no_violations
from tests.e2e.conftest import Site, on_desktop
from tests.e2e.keyboard import Person, assert_focus_kept
from tests.e2e.screenshots import store_screenshots
from tests.factories.people import make_dependant, make_patient, user_of
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
    Slot.objects.filter(doctor=doctor, starts_at__lt=start + timedelta(hours=1)).delete()
    last_week = start - timedelta(days=7)
    earlier = make_booking(make_slot(doctor, last_week), patient, now=last_week - timedelta(days=1))
    mark_no_show(booking=earlier, by=user_of(patient), now=start)
    slot = make_slot(doctor, start)
    booking = make_booking(slot, patient, now=start - timedelta(hours=1), reason="Headache for a week")
    Booking.objects.filter(pk=booking.pk).update(visit_type=visit_type)
    return booking


def visit_tomorrow(site: Site) -> Booking:
    """A visit at ten."""
    tomorrow = (now() + timedelta(days=1)).astimezone(site.clinic.zone)
    start = tomorrow.replace(hour=10, minute=0, second=0, microsecond=0)
    slot = Slot.objects.get(doctor=site.doctor, starts_at=start)
    return make_booking(slot, make_patient(first_name="Ada", last_name="Vale"), now=now())


@on_desktop
def test_a_doctor_does_the_work_of_a_morning_with_the_keyboard(site: Site, page: Page) -> None:
    booking, later = make_visit(site.doctor), visit_tomorrow(site)
    assert site.doctor.user is not None
    doctor = Person(page, key_ms=0, think_ms=0)
    doctor.sign_in(site, site.doctor.user, path="/portal")
    sees_the_patient(doctor, booking)
    moves_a_visit(doctor, later)
    tomorrow = later.starts_at.astimezone(site.clinic.zone)
    takes_time_off(doctor, tomorrow, tomorrow + timedelta(days=2))

    rows = TimeOff.objects.filter(doctor=site.doctor).order_by("first_on")
    assert [(row.note, row.opens, row.closes) for row in rows] == [
        ("Meeting", 15 * 60, 16 * 60),
        ("Course", 0, 24 * 60),
    ]


def sees_the_patient(doctor: Person, booking: Booking) -> None:
    """Mark the patient as arrived, write the note, complete the visit; undo a step."""
    page = doctor.page
    doctor.activates(page.get_by_role("button", name=re.compile("^Arrived.*Ines Okonkwo")))
    expect(page.get_by_role("status").get_by_text("Ines Okonkwo has arrived")).to_be_visible()
    assert_focus_kept(page)
    doctor.activates(page.get_by_role("link", name="Ines Okonkwo").first)
    expect(page.get_by_role("heading", name="Ines Okonkwo")).to_be_focused()
    expect(page.get_by_text("Penicillin (rash)")).to_be_visible()
    expect(page.get_by_text("1 missed")).to_be_visible()
    store_screenshots(page, "booking-arrived")
    assert_no_violations(page)
    doctor.activates(page.get_by_role("button", name="Start visit"))
    expect(page.get_by_role("button", name="Complete visit")).to_be_visible()

    note = page.get_by_role("textbox", name="Visit note")
    doctor.reaches(note)
    doctor.types("Tension headache. Rest.")
    expect(note).to_have_value("Tension headache. Rest.")
    page.reload()
    expect(note).to_have_value("Tension headache. Rest.")
    doctor.activates(page.get_by_role("button", name="Save note"))
    expect(page.get_by_text("Version 1, saved")).to_be_visible()
    assert VisitNote.objects.get(booking=booking).text == "Tension headache. Rest."

    doctor.activates(page.get_by_role("button", name="Complete visit"), with_key="Shift+Tab")
    status = page.locator(".booking-head")
    expect(status.get_by_text("Completed")).to_be_visible()
    store_screenshots(page, "booking-completed")
    assert_no_violations(page)
    doctor.activates(page.get_by_role("button", name="Undo “completed”"))
    expect(status.get_by_text("In progress")).to_be_visible()
    doctor.activates(page.get_by_role("button", name="Complete visit"))
    expect(status.get_by_text("Completed")).to_be_visible()
    kinds = list(booking.events.order_by("created_at").values_list("kind", flat=True))
    assert kinds == ["booked", "checked_in", "started", "completed", "reopened", "completed"]


def moves_a_visit(doctor: Person, later: Booking) -> None:
    """Find the visit in tomorrow's calendar, open its panel, and move it by an hour."""
    page = doctor.page
    doctor.activates(page.get_by_role("link", name="Calendar of this day"), with_key="Shift+Tab")
    expect(page.get_by_role("heading", name="Calendar")).to_be_focused()
    expect(page.locator("a.visit", has_text="Ines Okonkwo")).to_be_visible()
    doctor.presses("ArrowRight")
    visit = page.locator(f"#visit-{later.pk}")
    doctor.activates(visit)
    expect(page.get_by_role("heading", name="Ada Vale")).to_be_focused()
    doctor.presses("Escape")
    expect(visit).to_be_focused()
    doctor.presses("Enter")
    doctor.activates(page.get_by_role("link", name="Move", exact=True))
    expect(page.get_by_role("heading", name="Move the appointment of Ada Vale")).to_be_focused()
    doctor.reaches(page.get_by_label("Start"))
    doctor.types("1100AM")
    expect(page.get_by_role("heading", name="Dr Marsh is free")).to_be_visible()
    store_screenshots(page, "move-with-keyboard")
    doctor.presses("Enter")
    expect(page.get_by_role("status").filter(has_text="11:00 am to 11:30 am")).to_be_visible()
    page.wait_for_url("**/portal/calendar**")
    assert_focus_kept(page)
    assert Booking.objects.get(pk=later.pk).starts_at == later.starts_at + timedelta(hours=1)


def takes_time_off(doctor: Person, tomorrow: datetime, course: datetime) -> None:
    """Block an hour of the day that the calendar shows, then add a day off."""
    page = doctor.page
    doctor.activates(page.get_by_role("link", name="Block time"))
    expect(page.get_by_role("heading", name="Block part of a day")).to_be_focused()
    expect(page.get_by_label("First day")).to_have_value(f"{tomorrow:%Y-%m-%d}")
    doctor.reaches(page.get_by_label("From"))
    page.keyboard.press("Control+a")
    doctor.types("15")
    doctor.reaches(page.get_by_label("Until"))
    page.keyboard.press("Control+a")
    doctor.types("16")
    doctor.reaches(page.get_by_label("Reason"))
    doctor.types("Meeting")
    doctor.presses("Enter")
    expect(page.get_by_role("heading", name="Time off", exact=True)).to_be_focused()
    expect(page.get_by_text("Meeting")).to_be_visible()

    doctor.activates(page.get_by_role("link", name="Add time off"))
    expect(page.get_by_role("heading", name="Add time off")).to_be_focused()
    doctor.reaches(page.get_by_label("First day"))
    doctor.types(f"{course:%m%d%Y}")
    doctor.reaches(page.get_by_label("Reason"))
    doctor.types("Course")
    store_screenshots(page, "time-off-with-keyboard")
    assert_no_violations(page)
    doctor.presses("Enter")
    expect(page.get_by_role("heading", name="Time off", exact=True)).to_be_focused()
    expect(page.get_by_text("Course")).to_be_visible()
    assert_focus_kept(page)
