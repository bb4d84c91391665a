"""Time removed by hand stays removed on another grid of slots, and freed time is offered at once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from clinics.models import Doctor, Patient
from scheduling.bookings.attendance import mark_no_show
from scheduling.bookings.cancel import cancel_booking
from scheduling.bookings.hold import hold_slot
from scheduling.bookings.release_holds import expire_hold
from scheduling.bookings.reschedule import reschedule_booking
from scheduling.errors import SlotStarted
from scheduling.explain.rules import explanation
from scheduling.hours.slot_generator import generate_slots
from scheduling.models import Booking, Slot
from scheduling.slots.services import add_slots, change_slot, restore_slot, withdraw_slot
from tenants.accounts.models import User
from tenants.base.errors import NotFound
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import make_doctor
from tests.factories.schedule import make_booking, make_hours
from tests.factories.time_off import local_time_text, slot_at

DAY = "2026-03-09"  # a Monday
BY_20_MINUTES = ["09:00", "09:20", "09:40", "10:00", "10:20", "10:40", "11:00", "11:20", "11:40"]


@pytest.fixture
def now() -> datetime:
    """Monday 2 March 2026, 08:00 in London."""
    return datetime(2026, 3, 2, 8, tzinfo=UTC)


def generate(doctor: Doctor, *, now: datetime, minutes: int) -> None:
    """Set the hours of Mondays, 09:00 to 12:00, with slots of this length, and generate the slots."""
    make_hours(doctor, (0, "09:00", "12:00"), now=now, slot_minutes=minutes)
    generate_slots(doctor=doctor, now=now)


def offered(doctor: Doctor, *, now: datetime) -> list[str]:
    """The local times of the doctor's open slots on the day of the test."""
    slots = Slot.objects.offered().untaken(now=now).filter(doctor=doctor).order_by("starts_at")
    texts = [local_time_text(slot.starts_at) for slot in slots]
    return [text.removeprefix(f"{DAY} ") for text in texts if text.startswith(DAY)]


@pytest.fixture
def half_hours(clinic: Clinic, doctor: Doctor, now: datetime) -> Doctor:
    """A doctor with slots of half an hour on Mondays from 09:00 to 12:00."""
    generate(doctor, now=now, minutes=30)
    return doctor


def test_times_removed_and_blocked_by_hand_stay_away_when_the_slot_length_changes(
    half_hours: Doctor, now: datetime
) -> None:
    """I18."""
    withdraw_slot(slot=slot_at(half_hours, f"{DAY} 09:00"), now=now)
    change_slot(slot=slot_at(half_hours, f"{DAY} 10:00"), status=Slot.Status.BLOCKED, now=now)

    generate(half_hours, now=now, minutes=20)

    assert offered(half_hours, now=now) == ["09:40", "10:40", "11:00", "11:20", "11:40"]


def test_the_old_time_of_a_slot_moved_by_hand_stays_away_when_the_slot_length_changes(
    half_hours: Doctor, now: datetime
) -> None:
    slot = slot_at(half_hours, f"{DAY} 09:00")
    afternoon = slot.starts_at + timedelta(hours=5)
    change_slot(slot=slot, starts_at=afternoon, ends_at=afternoon + timedelta(minutes=30), now=now)

    generate(half_hours, now=now, minutes=20)

    assert offered(half_hours, now=now) == [*BY_20_MINUTES[2:], "14:00"]


def test_a_booked_slot_in_a_removed_period_stays_and_is_reported(
    half_hours: Doctor, patient: Patient, now: datetime
) -> None:
    booking = make_booking(slot_at(half_hours, f"{DAY} 09:00"), patient, now=now)
    Slot.objects.create(
        doctor=half_hours,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at + timedelta(minutes=5),
        status=Slot.Status.WITHDRAWN,
    )

    assert generate_slots(doctor=half_hours, now=now).unfitting == 1
    assert Booking.objects.get().slot_id == booking.slot_id


def test_the_explanation_names_a_removed_period_on_another_grid(half_hours: Doctor, now: datetime) -> None:
    slot = slot_at(half_hours, f"{DAY} 09:00")
    withdraw_slot(slot=slot, now=now)
    generate(half_hours, now=now, minutes=20)

    found = explanation(
        half_hours, slot.starts_at + timedelta(minutes=20), visit_type=None, patient=None, now=now
    )

    assert [reason.rule for reason in found.reasons] == ["withdrawn"]


def test_a_restored_period_is_offered_at_once_on_the_current_grid(half_hours: Doctor, now: datetime) -> None:
    slot = slot_at(half_hours, f"{DAY} 09:00")
    withdraw_slot(slot=slot, now=now)
    generate(half_hours, now=now, minutes=20)

    restored = restore_slot(slot=slot, now=now)

    assert [local_time_text(each.starts_at)[-5:] for each in restored] == ["09:00", "09:20"]
    assert offered(half_hours, now=now) == BY_20_MINUTES
    with pytest.raises(NotFound):
        restore_slot(slot=slot, now=now)


def test_a_slot_added_by_hand_is_restored_as_it_was(clinic: Clinic, doctor: Doctor, now: datetime) -> None:
    (slot,) = add_slots(
        doctor=doctor, periods=[(now + timedelta(days=1), now + timedelta(days=1, minutes=25))], now=now
    )
    withdraw_slot(slot=slot, now=now)

    assert [each.pk for each in restore_slot(slot=slot, now=now)] == [slot.pk]
    withdraw_slot(slot=slot, now=now)
    with pytest.raises(SlotStarted):
        restore_slot(slot=slot, now=now + timedelta(days=1))


def test_the_api_lists_removed_periods_on_request_and_restores_the_own_ones(
    half_hours: Doctor, as_user: Callable[..., ClinicClient], now: datetime
) -> None:
    withdraw_slot(slot=slot_at(half_hours, f"{DAY} 09:00"), now=now)
    client = as_user(half_hours.user)
    day = f"/api/appointments/my-appointments/?from={DAY}"

    listed = client.get(f"{day}&status=removed").json()["data"]["results"]
    before = [slot["local_time"] for slot in client.get(day).json()["data"]["results"]]
    path = f"/api/appointments/slots/{listed[0]['id']}/restore/"
    other = as_user(make_doctor().user).post(path)
    response = client.post(path)
    after = [slot["local_time"] for slot in client.get(day).json()["data"]["results"]]

    assert [(slot["local_time"], slot["status"]) for slot in listed] == [("09:00", "removed")]
    assert before == ["09:30", "10:00", "10:30", "11:00", "11:30"]
    assert (other.status_code, response.status_code) == (404, 200)
    assert [slot["local_time"] for slot in response.json()["data"]] == ["09:00"]
    assert after == ["09:00", *before]


def test_the_admin_lists_removed_times_with_their_filter_and_restores_them(
    half_hours: Doctor, desk: ClinicClient, soon: datetime
) -> None:
    (slot,) = add_slots(
        doctor=half_hours, periods=[(soon, soon + timedelta(minutes=30))], now=soon - timedelta(days=1)
    )
    withdraw_slot(slot=slot, now=soon - timedelta(days=1))
    address = "/admin/scheduling/slot/?status__exact=withdrawn"

    listed = desk.get(address).content.decode()
    page = desk.post(
        address, {"action": "restore", "_selected_action": str(slot.pk)}, format="multipart", follow=True
    ).content.decode()

    assert "Offer the selected removed times again" in listed
    assert str(slot.pk) in listed
    assert "1 time is offered again." in page
    slot.refresh_from_db()
    assert slot.status == Slot.Status.FREE


def by_cancelling(booking: Booking, user: User, now: datetime) -> None:
    cancel_booking(booking=booking, by=user, now=now)


def by_moving(booking: Booking, user: User, now: datetime) -> None:
    target = slot_at(booking.doctor, f"{DAY} 11:00")
    reschedule_booking(booking=booking, slot_id=target.pk, by=user, now=now)
    cancel_booking(booking=Booking.objects.get(pk=booking.pk), by=user, now=now)


def by_expiry(booking: Booking, user: User, now: datetime) -> None:
    Booking.objects.filter(pk=booking.pk).update(
        status=Booking.Status.HELD, only_held=True, held_until=now - timedelta(minutes=1)
    )
    expire_hold(booking_id=booking.pk, now=now)


def by_declining(booking: Booking, user: User, now: datetime) -> None:
    Booking.objects.filter(pk=booking.pk).update(status=Booking.Status.PENDING)
    booking.refresh_from_db()
    cancel_booking(booking=booking, by=user, now=now)


@pytest.mark.parametrize("free", [by_cancelling, by_moving, by_expiry, by_declining])
def test_time_freed_on_a_changed_grid_is_offered_at_once(
    half_hours: Doctor, patient: Patient, now: datetime, free: Callable[[Booking, Any, datetime], None]
) -> None:
    """I17."""
    booking = make_booking(slot_at(half_hours, f"{DAY} 09:30"), patient, now=now)
    generate(half_hours, now=now, minutes=20)
    assert offered(half_hours, now=now) == ["09:00", *BY_20_MINUTES[3:]]

    free(booking, patient.user, now)

    assert offered(half_hours, now=now) == BY_20_MINUTES


def test_a_no_show_on_a_changed_grid_frees_the_rest_of_its_time_at_once(
    half_hours: Doctor, patient: Patient, admin: User, now: datetime
) -> None:
    booking = make_booking(slot_at(half_hours, f"{DAY} 10:00"), patient, now=now)
    long_visit = booking.starts_at + timedelta(hours=1)
    Booking.objects.filter(pk=booking.pk).update(ends_at=long_visit)
    generate(half_hours, now=now, minutes=20)
    booking.refresh_from_db()

    mark_no_show(booking=booking, by=admin, now=booking.starts_at + timedelta(minutes=15))

    later = booking.starts_at + timedelta(minutes=15)
    upcoming = Slot.objects.offered().untaken(now=later).filter(doctor=half_hours, starts_at__gt=later)
    times = [local_time_text(slot.starts_at) for slot in upcoming.order_by("starts_at")[:3]]
    # The slot of 10:00 to 10:30 has started and stays; the one after it makes room for the new grid.
    assert times == [f"{DAY} 10:40", f"{DAY} 11:00", f"{DAY} 11:20"]


def test_a_hold_that_is_replaced_frees_its_time_on_a_changed_grid(
    half_hours: Doctor, patient: Patient, now: datetime
) -> None:
    hold_slot(slot_id=slot_at(half_hours, f"{DAY} 09:30").pk, patient=patient, by=patient.user, now=now)
    generate(half_hours, now=now, minutes=20)

    hold_slot(slot_id=slot_at(half_hours, f"{DAY} 11:00").pk, patient=patient, by=patient.user, now=now)

    assert offered(half_hours, now=now) == [time for time in BY_20_MINUTES if time != "11:00"]
