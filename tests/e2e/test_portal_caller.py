"""The desk books for callers with the keyboard, at the speed of a person. Its actions are counted."""

import time
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect

from clinics.models import Patient
from scheduling.models import Booking
from tests.e2e.axe import assert_no_violations
from tests.e2e.conftest import Site, on_desktop
from tests.e2e.screenshots import store_screenshots
from tests.e2e.sign_in import sign_in
from tests.factories.people import make_patient, make_receptionist
from tests.factories.visit_types import make_visit_type

pytestmark = pytest.mark.browser
KEY_MS, THINK_MS = 120, 600
"""How long a person takes to press a key, and to decide on an action."""
MAX_ACTIONS, MAX_SECONDS, MAX_SECONDS_NEW = 6, 15, 30


@dataclass
class Person:
    """Somebody at the desk. Typing one text, or one press of another key, is an action."""

    page: Page
    actions: int = 0
    started: float = field(default_factory=time.monotonic)

    def types(self, text: str) -> None:
        """Think, then type."""
        self._think()
        self.page.keyboard.type(text, delay=KEY_MS)

    def presses(self, key: str) -> None:
        """Think, then press a key."""
        self._think()
        self.page.keyboard.press(key, delay=KEY_MS)

    def _think(self) -> None:
        self.actions += 1
        self.page.wait_for_timeout(THINK_MS)

    @property
    def seconds(self) -> float:
        """The time since the call began."""
        return time.monotonic() - self.started


@on_desktop
def test_the_desk_books_an_existing_and_a_new_patient_with_the_keyboard(site: Site, page: Page) -> None:
    make_visit_type(name="Check-up", duration_minutes=30)
    make_patient(first_name="Nia", last_name="Newman", phone="+447400123456", date_of_birth="1980-05-04")
    make_patient(first_name="Nia", last_name="Newton", date_of_birth="1991-05-04")
    sign_in(site, page, make_receptionist(), path="/portal")
    expect(page.get_by_role("link", name="New booking")).to_be_visible()

    person = Person(page)
    person.presses("n")
    person.types("newm")
    expect(page.get_by_role("option", name="Nia Newman")).to_be_visible()
    store_screenshots(page, "caller-find")
    person.presses("Enter")
    expect(page.get_by_role("radio").first).to_be_focused()
    person.presses("Enter")
    expect(page.get_by_text("Held until")).to_be_visible()
    person.presses("Enter")
    expect(page.get_by_role("heading", name="Booked for Nia Newman")).to_be_visible()
    expect(page.get_by_text("You will get a confirmation by email")).to_be_visible()
    existing = (person.actions, person.seconds)
    store_screenshots(page, "caller-booked")
    assert_no_violations(page)

    person = Person(page)
    person.presses("n")
    person.types("Zoe Zimmer")
    expect(page.get_by_role("option", name="Register a new patient")).to_be_visible()
    person.presses("Enter")
    person.types("04051992")
    person.presses("Tab")
    person.types("07400123999")
    person.presses("Enter")
    expect(page.get_by_role("radio").first).to_be_focused()
    person.presses("Enter")
    expect(page.get_by_text("Held until")).to_be_visible()
    store_screenshots(page, "caller-time")
    assert_no_violations(page)
    person.presses("Enter")
    expect(page.get_by_text("We have no email address for you, so please write this down.")).to_be_visible()
    new = (person.actions, person.seconds)

    # Shown with `-s`.
    print(f"existing patient: {existing[0]} actions, {existing[1]:.1f} s")  # noqa: T201
    print(f"new patient: {new[0]} actions, {new[1]:.1f} s")  # noqa: T201
    assert Booking.objects.booked().count() == 2
    assert Patient.objects.get(last_name="Zimmer").phone == "+447400123999"
    assert existing[0] <= MAX_ACTIONS
    assert existing[1] <= MAX_SECONDS
    assert new[1] <= MAX_SECONDS_NEW


@on_desktop
def test_the_desk_enters_a_caller_on_the_waiting_list_and_offers_a_time(site: Site, page: Page) -> None:
    make_visit_type(name="Check-up", duration_minutes=30)
    make_patient(first_name="Nia", last_name="Newman", phone="+447400123456", date_of_birth="1980-05-04")
    Patient.objects.create(first_name="Zoe", last_name="Zimmer", phone="+447400123999")
    sign_in(site, page, make_receptionist(), path="/portal")
    expect(page.get_by_role("link", name="New booking")).to_be_visible()
    for name in ("Newman", "Zimmer"):
        page.goto(f"{site.url}/portal/waiting-list?add=1")
        page.get_by_role("combobox", name="Find the patient").fill(name)
        page.get_by_role("option", name=name).click()
        page.get_by_label("Doctor or specialty").select_option(label="Dr Marsh")
        page.get_by_role("button", name="Add to the waiting list").click()
        expect(page.get_by_role("heading", name=name)).to_be_visible()
    expect(page.get_by_text("The patient has no email address, so no time is offered.")).to_be_visible()
    entry = page.get_by_role("listitem").filter(has_text="Newman")
    entry.get_by_role("button", name="Free times").click()
    expect(entry.get_by_role("button", name="Offer").first).to_be_visible()
    store_screenshots(page, "waiting-list")
    assert_no_violations(page)
    entry.get_by_role("button", name="Offer").last.click()

    expect(entry.get_by_text("Answer by")).to_be_visible()
    assert Booking.objects.filter(status="HELD", offer__isnull=False).count() == 1
