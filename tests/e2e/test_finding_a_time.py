"""Finding a time with the keyboard alone: filters, the calendar of a month, doctors side by side."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from clinics.models import Doctor
from scheduling.hours.slot_generator import generate_slots
from tenants.base.clock import now
from tests.e2e.axe import assert_no_violations
from tests.e2e.conftest import Site, on_phone
from tests.e2e.keyboard import Person
from tests.e2e.screenshots import store_screenshots
from tests.e2e.web_app import wait_for_web_app
from tests.factories.people import make_doctor
from tests.factories.schedule import make_hours
from tests.factories.visit_types import make_visit_type

pytestmark = pytest.mark.browser


def add_doctors(*names: str) -> None:
    """Doctors who work in the evening as well."""
    for name in names:
        doctor = make_doctor(name=name)
        make_hours(doctor, *((day, "16:00", "19:00") for day in range(7)), now=now(), slot_minutes=20)
        generate_slots(doctor=doctor, now=now(), last=(now() + timedelta(days=20)).date())


@on_phone
def test_a_patient_finds_an_evening_time_with_the_keyboard(site: Site, page: Page) -> None:
    add_doctors("Adler", "Birch", "Cedar", "Dale")
    Doctor.objects.filter(name="Adler").update(languages=["en", "pl"], sex="female")
    Doctor.objects.filter(name="Birch").update(languages=["en"], sex="male")
    make_visit_type(name="Check-up", duration_minutes=20, price="45.00", currency="GBP")
    person = Person(page, key_ms=0, think_ms=0)
    page.goto(f"{site.url}/doctors")
    wait_for_web_app(page)
    find_doctor_who_speaks_polish(person)
    page.goto(f"{site.url}/first-available")
    wait_for_web_app(page)
    look(page, "first-available")

    find_times_after_five(person)
    day = choose_next_week_in_calendar(person)
    page.wait_for_url(re.compile(f"from={day:%Y-%m-%d}"))
    assert "after=17%3A00" in page.url
    person.activates(page.get_by_role("link", name="Doctors side by side"))
    expect(page.get_by_role("region", name="Dr Adler")).to_be_visible()
    look(page, "side-by-side")
    page.evaluate("document.documentElement.dir = 'rtl'")
    store_screenshots(page, "finding-side-by-side-rtl")
    person.reaches(page.locator("input[name=slot]").first)
    person.presses("Space")
    expect(page.locator(".continue-bar strong")).to_contain_text(re.compile(r"5:\d0 pm"))
    person.activates(page.get_by_role("button", name="Continue"))

    expect(page.get_by_text("20 minutes · In person · £45.00")).to_be_visible()
    assert width_at_320(page, f"{site.url}/first-available?after=17:00") <= 320


def look(page: Page, name: str) -> None:
    """Check the page with axe, and store screenshots."""
    assert_no_violations(page)
    store_screenshots(page, f"finding-{name}")


def find_doctor_who_speaks_polish(person: Person) -> None:
    page = person.page
    look(page, "doctors")
    person.activates(page.get_by_text("More filters"))
    person.reaches(page.get_by_label("Language"))
    person.types("Pol")
    person.activates(page.get_by_role("button", name="Show doctors"))
    expect(page.get_by_role("status").filter(has_text="1 doctor")).to_be_visible()
    look(page, "doctors-filtered")


def find_times_after_five(person: Person) -> None:
    page = person.page
    person.activates(page.get_by_text("Filter times"))
    person.reaches(page.get_by_label("Not before"))
    person.types("5")
    person.activates(page.get_by_role("button", name="Show times"))
    expect(page.get_by_text(re.compile(r"\d+ times match your filters"))).to_be_visible()
    look(page, "filtered")


def choose_next_week_in_calendar(person: Person) -> datetime:
    """Open the calendar, move a week ahead and choose that day."""
    page = person.page
    person.activates(page.get_by_text("Choose a date"))
    grid = page.get_by_role("grid")
    expect(grid).to_be_visible()
    today = page.get_by_label("Show times from").input_value()
    day = datetime.fromisoformat(today) + timedelta(days=7)
    person.reaches(grid.locator('[tabindex="0"]'))
    person.presses("ArrowDown")
    chosen = page.get_by_role("button", name=re.compile(rf" {day.day} {day:%B}, \d+ times"))
    expect(chosen).to_be_focused()
    look(page, "month")
    person.presses("Enter")
    return day


def width_at_320(page: Page, address: str) -> int:
    """Return the width of the page with its calendar, in a window of 320 px."""
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(address)
    wait_for_web_app(page)
    page.get_by_text("Choose a date").click()
    expect(page.get_by_role("grid")).to_be_visible()
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width
