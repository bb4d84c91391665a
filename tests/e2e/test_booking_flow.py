"""The main journey in a browser: find a doctor, choose a time, register, book, read the email, cancel."""

import email
import email.policy
import os
import re
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import icalendar
import pytest
from playwright.sync_api import Page, expect

from scheduling.models import Booking, Slot, VisitType
from tenants.base.clock import now
from tests.e2e.conftest import Site
from tests.e2e.web_app import wait_for_web_app
from tests.factories.people import PASSWORD, make_doctor, make_patient
from tests.factories.schedule import make_booking, make_slot
from tests.factories.waiting import wait_until

pytestmark = pytest.mark.browser


def test_a_patient_registers_books_and_cancels_an_appointment(site: Site, page: Page) -> None:
    address = f"e2e-{site.clinic.slug}@people.example"
    choose_time(site, page)
    register(page, address)
    confirm(page)
    booking = Booking.objects.booked().get(patient__user__email=address)
    invitation = mails_to(address, 1)[0]
    cancel(page)
    cancelled = mails_to(address, 2)[1]

    booking.refresh_from_db()
    assert (booking.reason, booking.status) == ("A cough since Monday", "CANCELLED")
    assert subject_begins(invitation) == "Appointment booked"
    assert subject_begins(cancelled) == "Appointment cancelled"
    assert calendar_of(invitation) == ("REQUEST", 0, booking.starts_at)
    assert calendar_of(cancelled) == ("CANCEL", 1, booking.starts_at)


def test_a_slot_is_held_then_booked_then_rescheduled(site: Site, page: Page) -> None:
    address = f"change-{site.clinic.slug}@people.example"
    choose_time(site, page)
    register(page, address)
    expect(page.get_by_text(re.compile(r"holding this time until \d+:\d\d [ap]m, "))).to_be_visible()
    held = Booking.objects.get(patient__user__email=address)
    confirm(page)
    booked = Booking.objects.booked().get(patient__user__email=address)
    change_to_first_time(page)

    moved = Booking.objects.select_related("slot").get(pk=held.pk)
    assert (held.status, booked.pk, booked.status) == ("HELD", held.pk, "CONFIRMED")
    assert (moved.status, moved.reason) == ("CONFIRMED", "A cough since Monday")
    assert moved.slot is not None
    assert moved.starts_at == moved.slot.starts_at < booked.starts_at


def test_first_available_books_the_doctor_with_the_fewest_bookings(site: Site, page: Page) -> None:
    other = make_doctor(name="Idle", title="Dr")
    make_doctor(name="Tooth", specialties=["dentistry"])
    # The first times on the page, which are not folded.
    booked, free = Slot.objects.filter(starts_at__gt=now() + timedelta(minutes=30)).order_by("starts_at")[:2]
    make_booking(booked, make_patient(), now=now())
    earliest = make_slot(other, free.starts_at)
    page.goto(f"{site.url}/doctors")
    wait_for_web_app(page)
    page.get_by_role("link", name="First available").click()
    # With several specialties, the page asks for one first.
    page.get_by_role("link", name="General medicine").click()
    page.locator(f'input[value="{earliest.pk}"]').check()
    expect(page.get_by_text("Dr Idle")).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    give_reason(page)
    register(page, "first-available@people.example")
    confirm(page)

    made = Booking.objects.booked().get(patient__user__email="first-available@people.example")
    assert (made.doctor, made.starts_at) == (other, free.starts_at)


def test_a_patient_chooses_a_visit_type_and_answers_its_questions(site: Site, page: Page) -> None:
    visit = two_visit_types()
    address = f"visit-{site.clinic.slug}@people.example"
    page.goto(f"{site.url}/doctors")
    wait_for_web_app(page)
    expect(page.get_by_role("heading", name="What type of visit do you need?")).to_be_visible()
    page.get_by_role("radio", name="Vaccination").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Dr Marsh").first.click()
    page.get_by_role("radio").last.check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("group", name="Are you well today?")).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("group", name="Are you well today?").get_by_label("Yes").check()
    register(page, address)
    page.get_by_role("button", name="Request appointment").click()
    expect(page.get_by_role("heading", name="We have received your request")).to_be_visible()

    booking = Booking.objects.booked().get(patient__user__email=address)
    assert (booking.status, booking.visit_type) == ("PENDING", visit)
    assert [(answer["text"], answer["answer"]) for answer in booking.answers] == [
        ("Are you well today?", "yes")
    ]


def two_visit_types() -> VisitType:
    """Create two visit types and return the one that has a question and needs approval."""
    VisitType.objects.create(name="Check-up", duration_minutes=30)
    visit = VisitType.objects.create(name="Vaccination", duration_minutes=30, needs_approval=True)
    visit.questions.create(text="Are you well today?", kind="yes_no", is_required=True)
    return visit


def change_to_first_time(page: Page) -> None:
    """Change the open appointment to the first time shown."""
    page.get_by_role("link", name="Change date or time").click()
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Change appointment").click()
    expect(page.get_by_role("heading", name="Your appointment has been changed")).to_be_visible()


def choose_time(site: Site, page: Page) -> None:
    """From the home page, choose the last time shown of the only doctor and enter a reason."""
    page.goto(site.url)
    wait_for_web_app(page)
    page.get_by_role("link", name="Book an appointment").first.click()
    expect(page.get_by_role("heading", name="First available")).to_be_visible()
    page.get_by_role("link", name="All doctors").first.click()
    expect(page.get_by_role("heading", name="Find a doctor")).to_be_visible()
    page.get_by_role("link", name="Dr Marsh").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    page.get_by_role("radio").last.check()
    page.get_by_role("button", name="Continue").click()
    give_reason(page)


def give_reason(page: Page) -> None:
    """Enter a reason, which is folded for visitors who are not signed in."""
    page.get_by_text("Add a reason for your appointment").click()
    page.get_by_label("What is the reason for your appointment?").fill("A cough since Monday")


def register(page: Page, address: str) -> None:
    """Register with a password during the booking, which then continues."""
    page.get_by_role("link", name="I already have an account").click()
    register_instead(page, address)


def register_instead(page: Page, address: str) -> None:
    """Register with a password on the page that asks to sign in."""
    page.get_by_role("link", name=re.compile("Register as a patient")).first.click()
    page.get_by_label("First name").fill("Robin")
    page.get_by_label("Last name").fill("Reed")
    page.get_by_label("Email address").fill(address)
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Register").click()


def confirm(page: Page) -> None:
    """Check the answers and confirm the appointment."""
    expect(page.get_by_text("A cough since Monday")).to_be_visible()
    page.get_by_role("button", name="Confirm appointment").click()
    expect(page.get_by_role("heading", name="Your appointment is booked")).to_be_visible()


def cancel(page: Page) -> None:
    """Cancel the open appointment."""
    page.get_by_role("link", name="Cancel appointment").click()
    page.get_by_role("button", name="Cancel appointment").click()
    expect(page.get_by_text("Your appointment has been cancelled")).to_be_visible()


def mails_to(address: str, count: int) -> list[EmailMessage]:
    """Wait for `count` emails to `address` and return them, without the request to confirm the address."""

    def found() -> list[EmailMessage]:
        files = sorted(Path(os.environ["MAIL_DIR"]).glob("*.eml"))
        mails = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]
        ours = [mail for mail in mails if address in str(mail["To"])]
        return [mail for mail in ours if mail["Subject"] != "Confirm your email address"]

    wait_until(lambda: len(found()) >= count, f"{count} mail(s) to {address}")
    assert len(found()) == count
    return found()


def subject_begins(mail: EmailMessage) -> str:
    """Return the part of the subject before the colon."""
    return str(mail["Subject"]).partition(":")[0]


def calendar_of(mail: EmailMessage) -> tuple[str, int, object]:
    """Return method, sequence and start of the attached calendar file."""
    (attached,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    calendar = icalendar.Calendar.from_ical(attached.get_content())
    (event,) = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), event.decoded("SEQUENCE"), event.decoded("DTSTART")
