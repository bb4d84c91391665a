"""The admin tells the two passes of an hour that the clock repeats apart, wherever it shows a time."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from clinics.models import Doctor, Patient
from scheduling.models import Booking, Slot
from tenants.accounts.models import User
from tenants.current import current_clinic
from tests.factories.admin_pages import get_form, get_page, submit_form
from tests.factories.clinic_client import ClinicClient
from tests.factories.schedule import make_booking, make_slot

FIRST, SECOND = datetime(2027, 10, 31, 0, 30, tzinfo=UTC), datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
"""Twice 01:30 in London."""
PASSES = ["1:30 a.m. (BST)", "1:30 a.m. (GMT)"]


@pytest.fixture
def slots(doctor: Doctor) -> list[Slot]:
    """A slot in each pass of the hour."""
    return [make_slot(doctor, start) for start in (FIRST, SECOND)]


def shown(page: str) -> list[bool]:
    """Whether each pass is named on a page."""
    text = page.replace("am (", "a.m. (")
    return [name in text for name in PASSES]


def test_slots_and_bookings_in_both_passes_are_listed_apart(
    desk: ClinicClient, slots: list[Slot], patient: Patient
) -> None:
    booking = make_booking(slots[1], patient, now=FIRST - timedelta(days=1))

    assert shown(get_page(desk, "scheduling/slot/")) == [True, True]
    assert shown(get_page(desk, "scheduling/booking/")) == [False, True]
    assert shown(get_page(desk, f"scheduling/booking/{booking.pk}/change/")) == [False, True]


@pytest.mark.parametrize(("moment", "names"), [(FIRST, [True, False]), (SECOND, [False, True])])
def test_times_of_events_are_shown_apart(
    slots: list[Slot], patient: Patient, admin: User, moment: datetime, names: list[bool]
) -> None:
    later = make_slot(slots[0].doctor, SECOND + timedelta(days=2))
    booking = make_booking(later, patient, now=SECOND - timedelta(days=9))
    Booking.objects.filter(pk=booking.pk).update(
        created_at=moment, status=Booking.Status.CANCELLED, cancelled_at=moment
    )
    with time_machine.travel(SECOND + timedelta(days=1), tick=False):
        desk = ClinicClient(current_clinic())
        desk.force_login(admin)
        page = get_page(desk, f"scheduling/booking/{booking.pk}/change/")

    assert shown(page) == names


@pytest.mark.parametrize("number", [0, 1])
def test_a_slot_in_either_pass_can_be_blocked_and_keeps_its_time(
    desk: ClinicClient, slots: list[Slot], number: int
) -> None:
    slot = slots[number]
    path = f"scheduling/slot/{slot.pk}/change/"
    names = shown(get_page(desk, path))

    submit_form(desk, path, get_form(desk, path) | {"status": "blocked"})

    stored = Slot.objects.get(pk=slot.pk)
    assert names[number]
    assert (stored.status, stored.starts_at) == ("blocked", slot.starts_at)
