"""The front desk's morning with the keyboard alone, at the speed of a person: its actions are counted."""

from statistics import median

import pytest
from playwright.sync_api import Page, expect

from clinics.models import Patient
from scheduling.models import Booking, WaitlistEntry
from tests.e2e.axe import assert_no_violations
from tests.e2e.conftest import Site, on_desktop
from tests.e2e.keyboard import Person, assert_focus_kept
from tests.e2e.screenshots import store_screenshots
from tests.factories.people import make_patient, make_receptionist
from tests.factories.visit_types import make_visit_type
from tests.profiles import FULL

pytestmark = pytest.mark.browser
MAX_ACTIONS, MAX_SECONDS, MAX_SECONDS_NEW, MAX_SECONDS_WAITING = 6, 15, 30, 30
CALLERS = [("newm", "Nia Newman"), ("oko", "Ines Okonkwo"), ("04051990", "Ada Vale")]
"""What the desk types for each caller, and whom it means: names, and a date of birth."""


def make_callers() -> None:
    make_patient(first_name="Nia", last_name="Newman", phone="+447400123456", date_of_birth="1980-05-04")
    make_patient(first_name="Nia", last_name="Newton", date_of_birth="1991-05-04")
    make_patient(first_name="Ines", last_name="Okonkwo", date_of_birth="1984-03-03")
    make_patient(first_name="Ada", last_name="Vale", date_of_birth="1990-05-04")
    Patient.objects.create(first_name="Dev", last_name="Waters", phone="+447400123999")


@on_desktop
def test_the_desk_does_the_work_of_a_morning_with_the_keyboard(site: Site, page: Page) -> None:
    make_visit_type(name="Check-up", duration_minutes=30)
    make_callers()
    Person(page, key_ms=0, think_ms=0).sign_in(site, make_receptionist(), path="/portal")
    expect(page.get_by_role("link", name="New booking")).to_be_visible()

    figures = [books_for_a_patient(page, typed, name) for typed, name in CALLERS]
    new = registers_and_books(page)
    waiting = adds_to_the_waiting_list(page)
    offers_a_time(page)

    # Shown with `-s`.
    for name, (actions, seconds) in {
        **{f"existing patient {number + 1}": figure for number, figure in enumerate(figures)},
        "new patient": new,
        "waiting list": waiting,
    }.items():
        print(f"{name}: {actions} actions, {seconds:.1f} s")  # noqa: T201
    assert Booking.objects.booked().count() == len(CALLERS) + 1
    assert Patient.objects.get(last_name="Zimmer").phone == "+447400123998"
    assert max(actions for actions, _seconds in figures) <= MAX_ACTIONS
    if FULL:
        assert median(seconds for _actions, seconds in figures) <= MAX_SECONDS
        assert new[1] <= MAX_SECONDS_NEW
        assert waiting[1] <= MAX_SECONDS_WAITING


def books_for_a_patient(page: Page, typed: str, name: str) -> tuple[int, float]:
    """Book the next free time. Return the number of actions and the seconds."""
    desk = Person(page)
    desk.presses("n")
    expect(page.get_by_role("combobox", name="Find the patient")).to_be_focused()
    desk.types(typed)
    expect(page.get_by_role("option", name=name)).to_be_visible()
    store_screenshots(page, "desk-find")
    desk.presses("Enter")
    expect(page.get_by_role("radio").first).to_be_focused()
    desk.presses("Enter")
    expect(page.get_by_text("Held until")).to_be_visible()
    desk.presses("Enter")
    expect(page.get_by_role("heading", name=f"Booked for {name}")).to_be_focused()
    expect(page.get_by_text("You will get a confirmation by email")).to_be_visible()
    figure = (desk.actions, desk.seconds)
    if name == CALLERS[0][1]:
        store_screenshots(page, "desk-booked")
        assert_no_violations(page)
    return figure


def registers_and_books(page: Page) -> tuple[int, float]:
    """Book for a new patient who has no email address."""
    desk = Person(page)
    desk.presses("n")
    expect(page.get_by_role("combobox", name="Find the patient")).to_be_focused()
    desk.types("Zoe Zimmer")
    expect(page.get_by_role("option", name="Register a new patient")).to_be_visible()
    desk.presses("Enter")
    desk.types("04051992")
    desk.presses("Tab")
    desk.types("07400123998")
    desk.presses("Enter")
    expect(page.get_by_role("radio").first).to_be_focused()
    desk.presses("Enter")
    expect(page.get_by_text("Held until")).to_be_visible()
    store_screenshots(page, "desk-time")
    desk.presses("Enter")
    expect(page.get_by_text("We have no email address for you, so please write this down.")).to_be_visible()
    return desk.actions, desk.seconds


def adds_to_the_waiting_list(page: Page) -> tuple[int, float]:
    """Add a caller, and a second one who can be reached by telephone only."""
    desk = Person(page)
    desk.activates(page.get_by_role("link", name="Waiting list"), with_key="Shift+Tab")
    expect(page.get_by_role("heading", name="Waiting list")).to_be_focused()
    enters(desk, "newm", "Nia Newman")
    figure = (desk.actions, desk.seconds)
    enters(Person(page, key_ms=0, think_ms=0), "waters", "Dev Waters")
    expect(page.get_by_text("The patient has no email address, so no time is offered.")).to_be_visible()
    assert WaitlistEntry.objects.count() == 2
    return figure


def enters(desk: Person, typed: str, name: str) -> None:
    page = desk.page
    desk.activates(page.get_by_role("button", name="Add a caller"))
    expect(page.get_by_role("combobox", name="Find the patient")).to_be_focused()
    desk.types(typed)
    expect(page.get_by_role("option", name=name)).to_be_visible()
    desk.presses("Enter")
    expect(page.get_by_label("Doctor or specialty")).to_be_focused()
    desk.types("Dr Marsh")
    desk.activates(page.get_by_role("button", name="Add to the waiting list"))
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    expect(page.get_by_role("button", name="Add a caller")).to_be_focused()


def offers_a_time(page: Page) -> None:
    """Offer the first caller of the waiting list a time."""
    desk, entry = Person(page, key_ms=0, think_ms=0), page.get_by_role("listitem").filter(has_text="Newman")
    desk.activates(entry.get_by_role("button", name="Free times"))
    expect(entry.get_by_role("button", name="Offer").first).to_be_visible()
    store_screenshots(page, "desk-waiting-list")
    assert_no_violations(page)
    desk.activates(entry.get_by_role("button", name="Offer").first)
    expect(entry.get_by_text("Answer by")).to_be_visible()
    expect(entry.get_by_role("heading", name="Nia Newman")).to_be_focused()
    assert_focus_kept(page)
    assert Booking.objects.filter(status="HELD", offer__isnull=False).count() == 1
