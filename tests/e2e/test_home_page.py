"""A first visit: the clinic's home page in the browser, with and without JavaScript, in two brandings."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from clinics.models import ClinicSettings, Doctor
from clinics.services.photos import set_photo
from console.demo_home import add_home_page
from console.demo_month.portraits import LOOKS, portrait
from scheduling.models import Place
from tests.e2e.axe import assert_no_violations
from tests.e2e.conftest import Site, on_desktop
from tests.e2e.screenshots import store_screenshots
from tests.factories.people import make_admin, make_doctor
from tests.factories.visit_types import make_visit_type

TEAM = {
    "Emma Smith": "MBBS, MRCGP",
    "Ngozi Okafor": "MCSP",
    "Astrid Lindqvist": "BDS",
    "Layla Haddad": "MBBS",
}


@pytest.fixture
def filled(site: Site) -> Site:
    """The clinic with a home page, a team, places and visit types."""
    by = make_admin()
    add_home_page("riverside", by=by)
    for name, qualification in TEAM.items():
        doctor: Doctor = make_doctor(name=name, title="Dr", qualification=qualification)
        set_photo(doctor=doctor, upload=portrait(LOOKS[name.split()[-1]]), by=by)
    Place.objects.create(
        name="Bankside Rooms", address="3 Bankside Yard\nLondon", time_zone="Europe/London",
        directions="Second floor. There is a lift.",
    )  # fmt: skip
    make_visit_type(name="Consultation", description="For anything that is new.", duration_minutes=30)
    make_visit_type(name="Vaccination", duration_minutes=15, price="25.00", currency="GBP")
    return site


@on_desktop
def test_a_visitor_learns_who_the_clinic_is_and_begins_to_book(
    filled: Site, page: Page, browser: Browser
) -> None:
    page.goto(f"{filled.url}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Good care, right by the river")
    page.wait_for_load_state("networkidle")  # the app has taken the page over
    store_screenshots(page, "home")
    assert_no_violations(page)
    assert page.evaluate("document.querySelector('.home-picture').naturalWidth") > 0
    ClinicSettings.objects.update(primary_color="#6b2d5c", accent_color="#f6e9f2")

    plain_context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    plain = plain_context.new_page()
    plain.goto(f"{filled.url}/")
    assert plain.locator(".home").inner_text() == page.locator(".home").inner_text()
    assert plain.evaluate("document.documentElement.scrollWidth") == 320
    store_screenshots(plain, "home-plain")
    plain.goto(f"{filled.url}/privacy")
    store_screenshots(plain, "privacy-plain")
    plain_context.close()

    page.get_by_role("link", name="Privacy notice").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Privacy notice")
    expect(page).to_have_title(re.compile("^Privacy notice"))
    assert_no_violations(page)
    page.go_back()
    page.get_by_role("main").get_by_role("link", name="Book an appointment").click()
    expect(page).to_have_url(f"{filled.url}/first-available")
