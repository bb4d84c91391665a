"""Staff move a visit by dragging it and undo it, and move another in a form that says why a time is taken."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from notifications.models import Message
from scheduling.models import Booking, Slot
from tenants.base.clock import now
from tests.e2e.conftest import Site, on_desktop
from tests.e2e.screenshots import store_screenshots
from tests.e2e.sign_in import sign_in
from tests.factories.people import make_patient, make_receptionist
from tests.factories.schedule import make_booking
from tests.factories.waiting import wait_until

pytestmark = pytest.mark.browser


def visit_at(site: Site, day: datetime, name: str) -> Booking:
    slot = Slot.objects.get(doctor=site.doctor, starts_at=day)
    return make_booking(slot, make_patient(first_name=name, last_name="Vale"), now=now())


def drag(page: Page, booking: Booking, *, by: int, from_edge: bool = False) -> None:
    box = page.locator(f"#visit-{booking.pk}").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + (box["height"] - 4 if from_edge else 12)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 10)
    page.mouse.move(x, y + by, steps=5)
    page.mouse.up()


def unsent() -> int:
    return Message.objects.filter(kind__in=["rescheduled", "details_changed"]).count()


@on_desktop
@pytest.mark.refused(422)
@pytest.mark.refused(409)
def test_a_dragged_visit_moves_and_comes_back_and_the_form_does_the_same(page: Page, site: Site) -> None:
    tomorrow = (now() + timedelta(days=1)).replace(hour=10, minute=0, second=0, microsecond=0)
    moving, other = visit_at(site, tomorrow, "Ada"), visit_at(site, tomorrow + timedelta(hours=2), "Ben")
    desk = make_receptionist()
    sign_in(site, page, desk, path=f"/portal/calendar?view=day&date={tomorrow:%Y-%m-%d}")
    block = page.locator(f"#visit-{moving.pk}")
    block.wait_for()
    box = block.bounding_box()
    assert box is not None
    height = box["height"]

    drag(page, moving, by=round(height * 2))
    expect(page.get_by_role("status").filter(has_text="Ada Vale")).to_contain_text("11:00 am to 11:30 am")
    moved = Booking.objects.get(pk=moving.pk)
    assert moved.starts_at == tomorrow + timedelta(hours=1)
    page.get_by_role("button", name="Undo").click()
    undone = page.get_by_role("status").filter(has_text="Move undone. No message was sent to the patient.")
    expect(undone).to_be_visible()
    assert Booking.objects.get(pk=moving.pk).starts_at == tomorrow

    expect(block).to_contain_text("10")
    drag(page, moving, by=round(height / 2), from_edge=True)
    expect(page.get_by_role("status").filter(has_text="10:00 am to 10:45 am")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status").filter(has_text="Move undone")).to_be_visible()
    assert (Booking.objects.get(pk=moving.pk).ends_at - tomorrow) == timedelta(minutes=30)
    assert unsent() == 0

    expect(block).to_contain_text("10:30 am")  # the calendar was read again
    # On a taken time, the form says why not and asks.
    drag(page, moving, by=round(height * 4))
    page.wait_for_url(re.compile(f"/portal/bookings/{moving.pk}/move"))
    expect(page.get_by_role("heading", name="Move the appointment of Ada Vale")).to_be_visible()
    expect(page.get_by_role("heading", name="This time is not free")).to_be_visible()
    expect(page.get_by_text("Ben Vale")).to_be_visible()
    store_screenshots(page, "move-why-not")
    page.get_by_role("button", name="Move appointment").click()
    expect(page.get_by_role("heading", name="Double-book this time?")).to_be_focused()
    store_screenshots(page, "move-confirm")
    page.get_by_role("button", name="Choose another time").click()
    page.get_by_label("Start").fill("10:10")
    expect(page.get_by_role("heading", name="Dr Marsh is free")).to_be_visible()
    store_screenshots(page, "move-free")
    page.get_by_role("button", name="Move appointment").click()
    expect(page.get_by_role("status").filter(has_text="10:10 am to 10:40 am")).to_be_visible()
    assert Booking.objects.get(pk=moving.pk).hand_placed
    assert other.version == 0
    wait_until(lambda: unsent() == 1, "the patient is told of the last move", seconds=40)
