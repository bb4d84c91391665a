"""A patient tells the clinic that they will come."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from clinics.models import Doctor, Patient
from scheduling.bookings.attendance import confirm_attendance
from scheduling.bookings.reschedule import reschedule_booking
from scheduling.errors import BookingNotChangeable
from scheduling.models import Booking, BookingEvent
from tenants.accounts.models import User
from tenants.base.clock import now as clock_now
from tenants.models import Clinic
from tests.factories.admin_pages import get_page
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_doctor, make_patient, user_of
from tests.factories.schedule import make_booking, make_slot
from tests.factories.threads import run_concurrently

HOUR = timedelta(hours=1)
BOOKINGS = "/api/appointments/bookings/"


@pytest.fixture
def booking(doctor: Doctor, patient: Patient, now: datetime) -> Booking:
    """A booking that starts in five hours."""
    return make_booking(make_slot(doctor, now + 5 * HOUR), patient, now=now)


def confirmations(booking: Booking) -> list[tuple[Any, datetime]]:
    """Return who confirmed that they will come, and when."""
    events = booking.events.filter(kind=BookingEvent.Kind.ATTENDANCE_CONFIRMED)
    return list(events.values_list("by", "created_at"))


def test_the_first_confirmation_is_recorded_and_a_second_one_changes_nothing(
    booking: Booking, user: User, now: datetime
) -> None:
    confirm_attendance(booking=booking, by=user, now=now)
    again = confirm_attendance(booking=booking, by=user, now=now + HOUR)

    assert again.attendance_confirmed_at == now
    assert again.status == "CONFIRMED"
    assert confirmations(booking) == [(user.pk, now)]


@pytest.mark.parametrize("status", ["PENDING", "CHECKED_IN", "COMPLETED", "NO_SHOW", "CANCELLED"])
def test_only_a_confirmed_booking_is_accepted(
    booking: Booking, user: User, status: str, now: datetime
) -> None:
    cancelled_at = now if status == "CANCELLED" else None
    Booking.objects.filter(pk=booking.pk).update(status=status, cancelled_at=cancelled_at)

    with pytest.raises(BookingNotChangeable):
        confirm_attendance(booking=booking, by=user, now=now)

    assert confirmations(booking) == []


def test_it_is_accepted_until_the_start(booking: Booking, user: User) -> None:
    with pytest.raises(BookingNotChangeable):
        confirm_attendance(booking=booking, by=user, now=booking.starts_at)

    confirm_attendance(booking=booking, by=user, now=booking.starts_at - timedelta(seconds=1))


def test_a_booking_that_was_moved_after_it_was_read_is_refused(
    booking: Booking, doctor: Doctor, user: User, now: datetime
) -> None:
    as_read = Booking.objects.get(pk=booking.pk)
    reschedule_booking(booking=booking, slot_id=make_slot(doctor, now + 7 * HOUR).pk, by=user, now=now)

    with pytest.raises(BookingNotChangeable):
        confirm_attendance(booking=as_read, by=user, now=now)

    assert confirmations(booking) == []


def test_a_reschedule_clears_it(booking: Booking, doctor: Doctor, user: User, now: datetime) -> None:
    confirmed = confirm_attendance(booking=booking, by=user, now=now)

    moved = reschedule_booking(
        booking=confirmed, slot_id=make_slot(doctor, now + 7 * HOUR).pk, by=user, now=now
    )
    before = moved.attendance_confirmed_at
    again = confirm_attendance(booking=moved, by=user, now=now + HOUR)

    assert (before, again.attendance_confirmed_at) == (None, now + HOUR)
    assert len(confirmations(booking)) == 2


def test_of_simultaneous_confirmations_one_is_recorded(committed_clinic: Clinic, now: datetime) -> None:
    patient = make_patient()
    booking = make_booking(make_slot(make_doctor(), now + 5 * HOUR), patient, now=now)
    confirm = partial(confirm_attendance, booking=booking, by=user_of(patient), now=now)

    run_concurrently(committed_clinic, *[confirm] * 4)

    assert len(confirmations(booking)) == 1


def test_the_api_confirms_for_the_patient_and_staff_see_it(
    booking: Booking, doctor: Doctor, user: User, as_user: Callable[..., Any], now: datetime
) -> None:
    day = f"?from={booking.starts_at.date()}"

    answer = as_user(user).post(f"{BOOKINGS}{booking.pk}/attendance/")
    (slot,) = data_of(as_user(doctor.user).get(f"/api/appointments/my-appointments/{day}"))["results"]

    assert answer.status_code == 200
    assert data_of(answer)["attendance_confirmed_at"] == "2026-03-02T12:00:00Z"
    assert slot["booking"]["attendance_confirmed_at"] == "2026-03-02T12:00:00Z"
    assert confirmations(booking) == [(user.pk, now)]


def test_another_patient_gets_404(booking: Booking, as_user: Callable[..., Any]) -> None:
    stranger = as_user(make_patient().user)

    answer = stranger.post(f"{BOOKINGS}{booking.pk}/attendance/")

    assert answer.status_code == 404
    assert confirmations(booking) == []


def test_the_admin_shows_who_will_come(
    doctor: Doctor, patient: Patient, user: User, desk: ClinicClient, soon: datetime
) -> None:
    coming = make_booking(make_slot(doctor, soon), patient, now=clock_now())
    make_booking(make_slot(make_doctor(), soon), make_patient(), now=clock_now())
    confirm_attendance(booking=coming, by=user, now=clock_now())

    listed = get_page(desk, "scheduling/booking/?when=all")
    page = get_page(desk, f"scheduling/booking/{coming.pk}/change/")

    assert (listed.count('alt="True"'), listed.count('alt="None"')) == (1, 1)
    assert "Patient will come, said at" in page
