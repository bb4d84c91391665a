"""Cancelling a booking: who can do it, until when, and that its slot opens again."""

from datetime import datetime, timedelta

import pytest

from clinics.models import ClinicSettings, Doctor, Patient
from clinics.selectors import clinic_settings
from scheduling.bookings.cancel import can_cancel, cancel_booking
from scheduling.bookings.reschedule import reschedule_booking
from scheduling.errors import BookingNotChangeable, NoticeTooShort, SlotNotOffered
from scheduling.models import Booking, BookingEvent, Slot
from tenants.accounts.models import User
from tenants.models import Clinic
from tests.factories.people import make_patient
from tests.factories.queue import queued_jobs
from tests.factories.schedule import make_booking, make_slot
from tests.factories.waitlist import make_entry


@pytest.fixture
def booking(clinic: Clinic, doctor: Doctor, patient: Patient, now: datetime) -> Booking:
    """A booking two hours from now, at a clinic with a notice period of an hour."""
    ClinicSettings.objects.update(cancellation_notice_minutes=60)
    return make_booking(make_slot(doctor, now + timedelta(hours=2)), patient, now=now)


def user_of(person: Patient | Doctor) -> User:
    assert person.user is not None
    return person.user


def test_cancelling_writes_an_event_and_its_queue_line(
    clinic: Clinic, booking: Booking, patient: Patient, now: datetime
) -> None:
    later = now + timedelta(minutes=5)

    cancelled = cancel_booking(booking=booking, by=user_of(patient), reason="Better", now=later)

    event = BookingEvent.objects.get(kind="cancelled")
    (queue_line,) = queued_jobs(row_id=event.pk)
    assert (cancelled.status, cancelled.cancelled_at) == ("CANCELLED", later)
    assert (event.booking, event.by, event.note, event.created_at) == (
        booking,
        user_of(patient),
        "Better",
        later,
    )
    assert (queue_line.clinic_id, queue_line.kind, queue_line.due_at) == (clinic.pk, "booking_event", later)


def test_the_slot_can_be_booked_again(booking: Booking, patient: Patient, now: datetime) -> None:
    assert booking.slot is not None
    cancel_booking(booking=booking, by=user_of(patient), now=now)

    second_booking = make_booking(booking.slot, make_patient(), now=now)

    assert second_booking.status == "CONFIRMED"
    assert [other.status for other in booking.slot.bookings.order_by("created_at", "status")] == [
        "CANCELLED",
        "CONFIRMED",
    ]


def test_a_slot_outside_the_hours_cannot_be_booked_again(
    booking: Booking, patient: Patient, now: datetime
) -> None:
    Slot.objects.update(fits_hours=False)
    cancel_booking(booking=booking, by=user_of(patient), now=now)
    assert booking.slot is not None

    with pytest.raises(SlotNotOffered):
        make_booking(booking.slot, make_patient(), now=now)


@pytest.mark.parametrize(("minutes_before", "allowed"), [(61, True), (60, True), (59, False)])
def test_a_patient_can_cancel_until_the_notice_period_begins(
    booking: Booking, patient: Patient, minutes_before: int, allowed: bool
) -> None:
    at = booking.starts_at - timedelta(minutes=minutes_before)

    assert can_cancel(booking, rules=clinic_settings(), now=at) is allowed
    if allowed:
        assert cancel_booking(booking=booking, by=user_of(patient), now=at).status == "CANCELLED"
    else:
        with pytest.raises(NoticeTooShort):
            cancel_booking(booking=booking, by=user_of(patient), now=at)


def test_the_doctor_and_staff_can_cancel_until_the_start(
    booking: Booking, doctor: Doctor, admin: User
) -> None:
    last_minute = booking.starts_at - timedelta(minutes=1)

    assert cancel_booking(booking=booking, by=user_of(doctor), now=last_minute).status == "CANCELLED"
    Booking.objects.update(status="CONFIRMED", cancelled_at=None)
    assert cancel_booking(booking=booking, by=admin, now=last_minute).status == "CANCELLED"


@pytest.mark.parametrize("late", [timedelta(0), timedelta(minutes=1)])
def test_a_booking_that_has_started_cannot_be_cancelled(
    booking: Booking, admin: User, late: timedelta
) -> None:
    with pytest.raises(BookingNotChangeable):
        cancel_booking(booking=booking, by=admin, now=booking.starts_at + late)

    assert can_cancel(booking, rules=clinic_settings(), now=booking.starts_at + late) is False


@pytest.mark.parametrize("status", ["CANCELLED", "CHECKED_IN", "COMPLETED", "NO_SHOW"])
def test_a_booking_that_is_no_longer_upcoming_cannot_be_cancelled(
    booking: Booking, admin: User, now: datetime, status: str
) -> None:
    Booking.objects.update(status=status, cancelled_at=now if status == "CANCELLED" else None)

    with pytest.raises(BookingNotChangeable):
        cancel_booking(booking=booking, by=admin, now=now)

    assert BookingEvent.objects.filter(kind="cancelled").count() == 0


def test_cancelling_twice_leaves_one_event(booking: Booking, patient: Patient, now: datetime) -> None:
    cancel_booking(booking=booking, by=user_of(patient), now=now)

    with pytest.raises(BookingNotChangeable):
        cancel_booking(booking=booking, by=user_of(patient), now=now)

    assert BookingEvent.objects.filter(kind="cancelled").count() == 1


def test_cancelling_a_booking_that_was_moved_since_it_was_read_offers_its_new_time(
    booking: Booking, doctor: Doctor, patient: Patient, admin: User, now: datetime
) -> None:
    new = make_slot(doctor, now + timedelta(days=9))
    for _waiting in range(2):
        make_entry(make_patient(), doctor, now=now)
    reschedule_booking(booking=booking, slot_id=new.pk, by=admin, now=now)

    cancelled = cancel_booking(booking=booking, by=user_of(patient), now=now)

    offered = set(Booking.objects.filter(status="HELD").values_list("starts_at", flat=True))
    assert (cancelled.starts_at, offered) == (new.starts_at, {booking.starts_at, new.starts_at})


def test_a_link_to_the_old_time_cancels_no_booking_that_was_moved(
    booking: Booking, doctor: Doctor, patient: Patient, admin: User, now: datetime
) -> None:
    new = make_slot(doctor, now + timedelta(days=9))
    reschedule_booking(booking=booking, slot_id=new.pk, by=admin, now=now)

    with pytest.raises(BookingNotChangeable):
        cancel_booking(booking=booking, by=user_of(patient), same_version=True, now=now)

    assert Booking.objects.get(pk=booking.pk).status == "CONFIRMED"
