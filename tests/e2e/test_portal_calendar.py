"""The front desk looks at a full day of eight doctors, and sees what others book meanwhile."""

from datetime import date, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from clinics.models import Doctor
from scheduling.bookings.attendance import check_in, complete_booking
from scheduling.bookings.book import book_slot
from scheduling.bookings.cancel import cancel_booking
from scheduling.bookings.hold import hold_slot
from scheduling.clock.planning import Hours
from scheduling.hours.services import set_working_hours
from scheduling.hours.slot_generator import generate_slots
from scheduling.models import Booking, Slot, TimeOff
from tenants.accounts.models import User
from tenants.base.clock import now
from tests.e2e.axe import assert_no_violations
from tests.e2e.conftest import Site, on_desktop
from tests.e2e.screenshots import store_screenshots
from tests.e2e.sign_in import sign_in
from tests.factories.people import make_doctor, make_patient, make_receptionist, user_of
from tests.factories.schedule import make_booking
from tests.factories.visit_types import make_room, make_visit_type

pytestmark = pytest.mark.browser
NAMES = ["Okafor", "Novak", "Silva", "Lindqvist", "Haddad", "Murray-Featherstone", "Chen"]


def make_doctors(site: Site) -> list[Doctor]:
    """Eight doctors who work every day."""
    doctors = [site.doctor]
    for number, name in enumerate(NAMES):
        doctor = make_doctor(name=name)
        opens = 8 * 60 + 30 * (number % 3)
        week = [Hours(day, opens, opens + 8 * 60, slot_minutes=15 if number == 2 else 30) for day in range(7)]
        set_working_hours(doctor=doctor, week=week, now=now())
        generate_slots(doctor=doctor, now=now(), last=(now() + timedelta(days=3)).date())
        doctors.append(doctor)
    return doctors


def fill_day(site: Site, doctors: list[Doctor], day: date, desk: User) -> None:
    """Book two of three times of a day, in every state."""
    types = [
        make_visit_type(name="Check-up", colour="#0b5c8a"),
        make_visit_type(name="Consultation", duration_minutes=60, buffer_after_minutes=15),
        make_visit_type(name="Video call", mode="video", video_link="https://video.example/room"),
    ]
    make_room(name="Room 2")
    for number, doctor in enumerate(doctors):
        slots = slots_on(doctor, day)
        for place, slot in enumerate(slots):
            if (place + number) % 3 == 2 or (place == 4 and number == 1):
                continue
            patient = make_patient(first_name=["Ada", "Ben", "Cleo", "Dev"][place % 4])
            visit_type = types[(place + number) % 3] if number % 2 else types[0]
            try:
                book_slot(slot_id=slot.pk, patient=patient, by=desk, visit_type=visit_type, now=now())
            except Exception:
                continue
    first = list(Booking.objects.filter(doctor=doctors[0]).order_by("starts_at"))
    cancel_booking(booking=first[1], by=desk, now=now())
    for booking in first[2:4]:
        check_in(booking=booking, by=desk, now=booking.starts_at)
    complete_booking(booking=first[3], by=desk, now=first[3].ends_at)
    Booking.objects.filter(pk=first[4].pk).update(status="NO_SHOW")
    Booking.objects.filter(pk=first[5].pk).update(status="PENDING")
    Booking.objects.filter(pk=first[6].pk).update(attendance_confirmed_at=now())
    Booking.objects.filter(pk=first[7].pk).update(status="IN_PROGRESS")
    taken = first[6].slot
    assert taken is not None
    book_slot(slot_id=taken.pk, patient=make_patient(first_name="Extra"), by=desk, overbook=True, now=now())
    TimeOff.objects.create(doctor=doctors[3], first_on=day, last_on=day, opens=720, closes=780, note="Lunch")
    TimeOff.objects.create(doctor=doctors[6], first_on=day, last_on=day, note="Annual leave")
    free = free_slot(doctors[2], day)
    patient = make_patient()
    hold_slot(slot_id=free.pk, patient=patient, by=user_of(patient), now=now())
    Slot.objects.filter(pk=free_slot(doctors[4], day).pk).update(status="blocked")


def slots_on(doctor: Doctor, day: date) -> list[Slot]:
    """The doctor's slots of a day."""
    return list(Slot.objects.filter(doctor=doctor, starts_at__date=day).order_by("starts_at"))


def free_slot(doctor: Doctor, day: date) -> Slot:
    """The doctor's first slot of a day that nobody has."""
    slots = Slot.objects.offered().untaken(now=now()).filter(doctor=doctor, starts_at__date=day)
    return slots.earliest("starts_at")


@on_desktop
@pytest.mark.offline
def test_the_desk_sees_a_full_day_and_each_change_within_five_seconds(site: Site, page: Page) -> None:
    doctors, desk = make_doctors(site), make_receptionist()
    day = (now() + timedelta(days=1)).date()
    fill_day(site, doctors, day, desk)
    sign_in(site, page, desk, path=f"/portal/calendar?view=day&date={day}")
    expect(page.locator(".calendar-column")).to_have_count(8, timeout=30_000)
    expect(page.get_by_text("Time off: Annual leave").first).to_be_visible()
    store_screenshots(page, "day")
    assert_no_violations(page)

    # A booking made elsewhere arrives without a reload. Focus and scroll stay.
    visit = page.locator("a.visit").nth(3)
    visit.focus()
    page.keyboard.press("ArrowDown")
    focused = page.evaluate("document.activeElement.id || document.activeElement.href")
    scrolled = page.evaluate("document.querySelector('.calendar-grid').scrollTop")
    patient = make_patient(first_name="Nova", last_name="Newcomer")
    make_booking(free_slot(doctors[0], day), patient, now=now())
    expect(page.get_by_text("New booking: Nova Newcomer").first).to_be_visible(timeout=8_000)
    expect(page.locator("a.visit", has_text="Nova Newcomer")).to_be_visible()
    assert page.evaluate("document.activeElement.id || document.activeElement.href") == focused
    assert page.evaluate("document.querySelector('.calendar-grid').scrollTop") == scrolled

    # A panel opens beside the calendar, and the focus comes back when it closes.
    page.locator("a.visit", has_text="Nova Newcomer").click()
    page.wait_for_url("**/portal/calendar/bookings/*")
    page.go_back()
    expect(page.locator("a.visit", has_text="Nova Newcomer")).to_be_focused()

    # Without a connection the day stays on the screen.
    page.context.set_offline(True)
    expect(page.get_by_text("We last updated this calendar at")).to_be_visible(timeout=30_000)
    expect(page.locator("a.visit", has_text="Nova Newcomer")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("We last updated this calendar at")).to_be_hidden(timeout=20_000)

    # The keyboard switches views, and a few letters switch the doctor.
    page.locator("h1").click()
    page.keyboard.press("l")
    expect(page.locator(".day-list")).to_have_count(8)
    assert_no_violations(page)
    page.keyboard.press("w")
    expect(page.locator(".calendar-column")).to_have_count(7)
    assert_no_violations(page)
    page.get_by_role("combobox", name="Switch to a doctor").fill("sil")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Time off: Lunch").first).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("d")
    expect(page.locator(".calendar-column")).to_have_count(1)
    page.keyboard.press("t")
    expect(page.get_by_label("Date")).to_have_value(f"{datetime.now(site.clinic.zone).date()}")
