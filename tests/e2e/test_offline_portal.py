"""The portal is offline for 20 seconds in the middle of its work: nothing is lost or happens twice."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from scheduling.models import Booking, Slot, VisitNote
from tenants.base.clock import now
from tests.e2e.axe import assert_no_violations
from tests.e2e.conftest import Site, on_desktop
from tests.e2e.screenshots import store_screenshots
from tests.e2e.sign_in import sign_in
from tests.factories.people import make_patient, make_receptionist
from tests.factories.schedule import make_booking, make_slot
from tests.factories.visit_types import make_visit_type

pytestmark = [pytest.mark.browser, pytest.mark.drill, pytest.mark.offline]
OFFLINE_MS = 20_000
NOTICE = "What you have typed stays here"


@contextmanager
def offline(page: Page) -> Iterator[None]:
    """Cut the connection for 20 seconds, longer than it takes to act and to read the message."""
    page.context.set_offline(True)
    expect(page.get_by_text(NOTICE)).to_be_in_viewport()
    yield
    page.wait_for_timeout(OFFLINE_MS)
    page.context.set_offline(False)
    expect(page.get_by_text(NOTICE)).to_be_hidden()


def visit_now(site: Site) -> Booking:
    """A visit that started ten minutes ago."""
    start = now().replace(second=0, microsecond=0) - timedelta(minutes=10)
    Slot.objects.filter(doctor=site.doctor, starts_at__lt=start + timedelta(hours=1)).delete()
    patient = make_patient(first_name="Ines", last_name="Okonkwo")
    return make_booking(make_slot(site.doctor, start), patient, now=start - timedelta(hours=1))


@on_desktop
def test_a_caller_is_booked_once_although_the_desk_was_offline(site: Site, page: Page) -> None:
    make_visit_type(name="Check-up", duration_minutes=30)
    make_patient(first_name="Nia", last_name="Newman", phone="+447400123456", date_of_birth="1980-05-04")
    sign_in(site, page, make_receptionist(), path="/portal/new")
    page.get_by_role("combobox", name="Find the patient").fill("newm")
    page.get_by_role("option", name="Nia Newman").click()
    page.get_by_role("radio").first.press("Enter")
    expect(page.get_by_text("Held until")).to_be_visible()
    page.get_by_label("Reason").fill("Cough for a week")

    with offline(page):
        page.get_by_role("button", name="Book", exact=True).click()
        expect(page.get_by_role("alert").filter(has_text="You are offline")).to_be_focused()
        store_screenshots(page, "offline-caller")
        assert_no_violations(page)
    expect(page.get_by_label("Reason")).to_have_value("Cough for a week")
    page.get_by_role("button", name="Book", exact=True).press("Enter")

    expect(page.get_by_role("heading", name="Booked for Nia Newman")).to_be_visible()
    assert list(Booking.objects.values_list("status", "reason")) == [("CONFIRMED", "Cough for a week")]


@on_desktop
def test_a_step_and_a_note_survive_twenty_seconds_offline(site: Site, page: Page) -> None:
    booking = visit_now(site)
    assert site.doctor.user is not None
    sign_in(site, page, site.doctor.user, path="/portal")
    arrived = page.get_by_role("button", name=re.compile("^Arrived.*Ines Okonkwo"))
    expect(arrived).to_be_visible()
    with offline(page):
        arrived.press("Enter")
        expect(page.get_by_text("Ines Okonkwo: You are offline.")).to_be_visible()
        store_screenshots(page, "offline-board")
        assert_no_violations(page)
    arrived.press("Enter")
    expect(page.get_by_role("status").get_by_text("Ines Okonkwo has arrived")).to_be_visible()

    page.get_by_role("link", name="Ines Okonkwo").first.press("Enter")
    note = page.get_by_role("textbox", name="Visit note")
    note.press_sequentially("Tension head")
    with offline(page):
        note.press_sequentially("ache.")
        page.get_by_role("button", name="Save note").press("Enter")
        expect(page.get_by_role("alert").filter(has_text="You are offline")).to_be_visible()
        store_screenshots(page, "offline-note")
    expect(note).to_have_value("Tension headache.")
    page.get_by_role("button", name="Save note").press("Enter")
    expect(page.get_by_text("Version 1, saved")).to_be_visible()

    assert VisitNote.objects.get(booking=booking).text == "Tension headache."
    assert list(booking.events.filter(kind="checked_in").values_list("by", flat=True)) == [
        site.doctor.user.pk
    ]
