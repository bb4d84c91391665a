"""Nobody books a time that has begun, staff included: not by API, in the admin or by moving a booking."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from clinics.models import Doctor, Patient
from scheduling.models import Booking, BookingEvent, Slot, WaitlistOffer
from tenants.accounts.models import User
from tenants.models import Clinic
from tests.factories.admin_pages import submit_form
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import make_patient
from tests.factories.queue import queued_job_kinds
from tests.factories.schedule import make_booking, make_slot
from tests.factories.waitlist import make_entry

API = "/api/appointments"
AsUser = Callable[[User | None], ClinicClient]


@pytest.fixture
def now() -> datetime:
    """Tuesday 5 January 2027, five past twelve in London."""
    return datetime(2027, 1, 5, 12, 5, tzinfo=UTC)


BEGUN = [timedelta(minutes=-5), timedelta(minutes=-65), timedelta(days=-1, minutes=-5)]
"""The slot under way, the one before it, and one of yesterday."""


@pytest.fixture(params=BEGUN, ids=["12:00", "11:00", "yesterday"])
def slot(request: pytest.FixtureRequest, doctor: Doctor, now: datetime) -> Slot:
    """A slot of half an hour that has begun. Somebody is waiting for the doctor."""
    make_entry(make_patient(), doctor, now=now - timedelta(days=2))
    return make_slot(doctor, now + request.param)


def nothing_was_written() -> bool:
    return not (
        Booking.objects.exists()
        or BookingEvent.objects.exists()
        or WaitlistOffer.objects.exists()
        or queued_job_kinds()
    )


@pytest.mark.parametrize("overbook", [False, True])
def test_staff_cannot_book_a_time_that_has_begun_by_api(
    slot: Slot, patient: Patient, admin: User, *, as_user: AsUser, overbook: bool
) -> None:
    """BC31."""
    body = {"slot": str(slot.pk), "patient": str(patient.pk), "overbook": overbook}

    refused = as_user(admin).post(f"{API}/bookings/", body)

    assert (refused.status_code, refused.json()["code"]) == (409, "slot_started")
    assert nothing_was_written()


def test_staff_cannot_book_a_time_that_has_begun_in_the_admin(
    slot: Slot, patient: Patient, admin: User, clinic: Clinic, at_now: datetime
) -> None:
    """BC31."""
    desk = ClinicClient(clinic)
    desk.force_login(admin)
    form = {"patient": str(patient.pk), "slot": str(slot.pk), "reason": "Walk-in", "overbook": "on"}

    page = submit_form(desk, "scheduling/booking/add/", form)

    assert "This time has already started." in page
    assert nothing_was_written()


def test_staff_cannot_move_a_booking_to_a_time_that_has_begun(
    slot: Slot, doctor: Doctor, patient: Patient, admin: User, *, as_user: AsUser, now: datetime
) -> None:
    """BC31."""
    booking = make_booking(make_slot(doctor, now + timedelta(days=1)), patient, now=now)

    refused = as_user(admin).post(f"{API}/bookings/{booking.pk}/reschedule/", {"slot": str(slot.pk)})

    assert (refused.status_code, refused.json()["code"]) == (409, "slot_started")
    assert Booking.objects.get().starts_at == booking.starts_at
