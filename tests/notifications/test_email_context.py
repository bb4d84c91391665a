"""Places, times that occur twice at a clock change, and calendar sequence numbers in emails."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from clinics.models import ClinicSettings, Doctor, Patient
from notifications.visit_context import time_in_words
from scheduling.bookings.cancel import cancel_booking
from scheduling.bookings.hold import confirm_hold, hold_slot
from scheduling.bookings.reschedule import reschedule_booking
from scheduling.models import BookingEvent, Place, Slot
from tenants.accounts.models import User
from tenants.current import current_clinic
from tests.factories.schedule import make_booking, make_slot
from tests.factories.waitlist import user_of
from tests.notifications.conftest import Inbox
from tests.notifications.test_booking_emails import invitation, part

RunQueue = Callable[[], list[str]]
HOUR = timedelta(hours=1)


@pytest.fixture
def slot(doctor: Doctor) -> Slot:
    """Monday 25 May 2026, 18:30 London summer time."""
    return make_slot(doctor, datetime.fromisoformat("2026-05-25T17:30:00Z"))


def test_an_appointment_at_another_place_has_its_time_zone_and_address(
    patient: Patient, doctor: Doctor, run_queue: RunQueue, inbox: Inbox, now: datetime
) -> None:
    ClinicSettings.objects.update(address="1 High St\nLondon")
    place = Place.objects.create(name="Harbour", address="2 Quay\nAzores", time_zone="Atlantic/Azores")
    make_booking(make_slot(doctor, now + 24 * HOUR, place=place), patient, now=now)

    run_queue()

    (mail,) = inbox.mails()
    _, event = invitation(mail)
    assert mail["Subject"] == "Appointment booked: Tuesday 3 March 2026, 11:00 am (Azores time)"
    assert event["LOCATION"] == "Riverside, Harbour, 2 Quay, Azores"
    assert "Azores time" in event["DESCRIPTION"]
    for kind in ("text/plain", "text/html"):
        assert ("Harbour" in part(mail, kind), "2 Quay" in part(mail, kind)) == (True, True)


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        ("2026-10-24T23:59:00Z", "12:59 am"),
        ("2026-10-25T00:00:00Z", "1:00 am (first time, before the clocks go back)"),
        ("2026-10-25T00:59:00Z", "1:59 am (first time, before the clocks go back)"),
        ("2026-10-25T01:00:00Z", "1:00 am (second time, after the clocks have gone back)"),
        ("2026-10-25T01:59:00Z", "1:59 am (second time, after the clocks have gone back)"),
        ("2026-10-25T02:00:00Z", "2:00 am"),
        ("2026-03-29T00:59:00Z", "12:59 am"),
        ("2026-03-29T01:00:00Z", "2:00 am"),
    ],
)
def test_a_time_that_occurs_twice_says_which_one_it_is(clinic: Any, instant: str, text: str) -> None:
    assert time_in_words(datetime.fromisoformat(instant), current_clinic().zone) == text


def test_an_email_about_a_time_that_occurs_twice_says_which_one_it_is(
    doctor: Doctor, patient: Patient, run_queue: RunQueue, inbox: Inbox, now: datetime
) -> None:
    ClinicSettings.objects.update(horizon_days=365)
    make_booking(make_slot(doctor, datetime.fromisoformat("2026-10-25T01:30:00Z")), patient, now=now)

    run_queue()

    (mail,) = inbox.mails()
    time = "1:30 am (second time, after the clocks have gone back)"
    assert mail["Subject"] == f"Appointment booked: Sunday 25 October 2026, {time} (London time)"
    assert time in part(mail, "text/plain")


def test_the_calendar_sequence_starts_at_zero_after_a_hold_and_only_increases(
    patient: Patient, slot: Slot, admin: User, *, run_queue: RunQueue, inbox: Inbox, clock: Any, now: datetime
) -> None:
    by = user_of(patient)
    hold = hold_slot(slot_id=slot.pk, patient=patient, by=by, now=now)
    booking = confirm_hold(hold_id=hold.pk, patient=patient, by=by, now=now)
    run_queue()
    clock.shift(2 * HOUR)
    later = make_slot(slot.doctor, slot.ends_at)
    booking = reschedule_booking(booking=booking, slot_id=later.pk, by=admin, now=now + HOUR)
    run_queue()
    cancel_booking(booking=booking, by=admin, now=now + 2 * HOUR)
    run_queue()

    sequences = [invitation(mail)[1]["SEQUENCE"] for mail in inbox.mails()]
    assert sequences == [0, 1, 2]
    assert BookingEvent.objects.count() == 4
