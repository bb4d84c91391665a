"""Staff move visits to any time of a doctor and change their length; the constraints decide."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from clinics.models import Doctor, Patient
from scheduling.bookings.book import book_slot
from scheduling.errors import (
    BookingChanged,
    BookingNotChangeable,
    LimitReached,
    PatientBusy,
    RoomsTaken,
    SameTime,
    SlotStarted,
    SlotTaken,
)
from scheduling.models import Booking, NextOpen, Slot, WaitlistOffer
from scheduling.moving.errors import OutsideHours
from scheduling.moving.move import MoveRequest, move_visit
from tenants.accounts.models import AuditEntry, User
from tenants.base.errors import InvalidInput
from tests.factories.people import make_doctor, make_patient, user_of
from tests.factories.queue import queued_jobs
from tests.factories.schedule import make_booking, make_hours, make_slot
from tests.factories.visit_types import make_room, make_visit_type
from tests.factories.waitlist import make_entry

MINUTE = timedelta(minutes=1)


@pytest.fixture
def nine(now: datetime) -> datetime:
    """Tuesday 3 March 2026, 09:00 in London."""
    return now.replace(day=3, hour=9)


@pytest.fixture
def doctor(doctor: Doctor, now: datetime, nine: datetime) -> Doctor:
    """A doctor who works on Tuesdays from 9 to 12, with slots of half an hour."""
    make_hours(doctor, (1, "09:00", "12:00"), now=now)
    for place in range(6):
        make_slot(doctor, nine + 30 * place * MINUTE, origin=Slot.Origin.HOURS)
    return doctor


@pytest.fixture
def booking(doctor: Doctor, patient: Patient, nine: datetime, now: datetime) -> Booking:
    """A visit at 9."""
    return make_booking(Slot.objects.get(doctor=doctor, starts_at=nine), patient, now=now)


def move(booking: Booking, starts_at: datetime, by: User, now: datetime, **request: Any) -> Booking:
    version = request.pop("version", booking.version)
    asked = MoveRequest(starts_at, **request)
    return move_visit(booking=booking, request=asked, version=version, by=by, now=now)


def other_booking(doctor: Doctor, starts_at: datetime, now: datetime) -> Booking:
    return make_booking(Slot.objects.get(doctor=doctor, starts_at=starts_at), make_patient(), now=now)


def test_a_visit_moves_to_a_time_where_no_slot_starts_and_keeps_its_length(
    doctor: Doctor, booking: Booking, admin: User, nine: datetime, now: datetime
) -> None:
    moved = move(booking, nine + 70 * MINUTE, admin, now)

    assert (moved.pk, moved.starts_at, moved.ends_at) == (
        booking.pk,
        nine + 70 * MINUTE,
        nine + 100 * MINUTE,
    )
    assert (moved.slot, moved.hand_placed, moved.version) == (None, True, 1)
    assert moved.undo_until == now + timedelta(seconds=15)
    event = moved.events.get(kind="rescheduled")
    assert (event.by, event.details["announced"]["starts_at"]) == (admin, nine.isoformat())
    assert [job.due_at for job in queued_jobs(row_id=event.pk)] == [now + timedelta(seconds=15)]
    assert AuditEntry.objects.filter(what="rescheduled", record_id=booking.pk).count() == 1
    assert NextOpen.objects.get(doctor=doctor).starts_at == nine
    taken = [nine + 60 * MINUTE, nine + 90 * MINUTE]
    assert list(Slot.objects.untaken(now=now).values_list("starts_at", flat=True)) == [
        start for start in (nine + 30 * place * MINUTE for place in range(6)) if start not in taken
    ]
    with pytest.raises(SlotTaken):
        other_booking(doctor, nine + 90 * MINUTE, now)


def test_a_visit_that_moves_to_a_free_slot_follows_the_hours_as_before(
    doctor: Doctor, booking: Booking, admin: User, nine: datetime, now: datetime
) -> None:
    placed = move(booking, nine + 70 * MINUTE, admin, now)
    moved = move(placed, nine + 60 * MINUTE, admin, now)

    slot = Slot.objects.get(doctor=doctor, starts_at=nine + 60 * MINUTE)
    assert (moved.slot, moved.hand_placed, moved.version) == (slot, False, 2)


def test_a_longer_visit_takes_time_and_a_shorter_one_gives_it_back(
    doctor: Doctor, booking: Booking, admin: User, nine: datetime, now: datetime
) -> None:
    def free() -> bool:
        return Slot.objects.untaken(now=now).filter(starts_at=nine + 30 * MINUTE).exists()

    Booking.objects.filter(pk=booking.pk).update(attendance_confirmed_at=now)
    booking.refresh_from_db()
    longer = move(booking, nine, admin, now, ends_at=nine + 45 * MINUTE)
    while_long = free()
    shorter = move(longer, nine, admin, now, ends_at=nine + 20 * MINUTE)

    assert (while_long, free()) == (False, True)
    assert (longer.slot, shorter.slot) == (booking.slot, booking.slot)
    assert (shorter.ends_at, shorter.attendance_confirmed_at) == (nine + 20 * MINUTE, now)


def test_a_taken_time_is_refused_with_alternatives_and_booked_only_knowingly(
    doctor: Doctor, booking: Booking, admin: User, nine: datetime, now: datetime
) -> None:
    other = other_booking(doctor, nine + 60 * MINUTE, now)

    with pytest.raises(SlotTaken) as refusal:
        move(booking, nine + 50 * MINUTE, admin, now)
    with pytest.raises(SlotTaken):
        move(booking, nine, admin, now, ends_at=nine + 65 * MINUTE)
    overbooked = move(booking, nine + 50 * MINUTE, admin, now, overbook=True)

    starts = [slot["local_time"] for slot in refusal.value.data["alternatives"]]
    assert starts == ["09:30", "10:30", "11:00"]
    assert (overbooked.overbooked, other.overbooked) == (True, False)
    assert AuditEntry.objects.filter(what="overbooked", record_id=booking.pk).exists()
    # Beside the same visit, it is moved and shortened without another confirmation.
    shifted = move(overbooked, nine + 55 * MINUTE, admin, now)
    alone = move(shifted, nine + 90 * MINUTE, admin, now)
    assert (shifted.overbooked, alone.overbooked) == (True, False)
    # The other one may get shorter although somebody was overbooked beside it.
    back = move(alone, nine + 60 * MINUTE, admin, now, overbook=True)
    shorter = move(other, other.starts_at, admin, now, ends_at=other.starts_at + 20 * MINUTE)
    assert (back.overbooked, shorter.overbooked) == (True, False)


def test_a_time_outside_the_hours_needs_a_confirmation_and_says_why(
    doctor: Doctor, booking: Booking, admin: User, nine: datetime, now: datetime
) -> None:
    with pytest.raises(OutsideHours) as refusal:
        move(booking, nine + 170 * MINUTE, admin, now)
    moved = move(booking, nine + 170 * MINUTE, admin, now, outside_hours=True)

    assert refusal.value.data == {
        "reasons": [
            {
                "rule": "outside_hours",
                "words": "This is outside the doctor's hours. On Tuesday 3 March 2026 they are 09:00-12:00.",
            }
        ]
    }
    assert moved.starts_at == nine + 170 * MINUTE
    # It may get shorter there, which takes no time.
    assert move(moved, moved.starts_at, admin, now, ends_at=nine + 190 * MINUTE).version == 2


def test_a_blocked_time_needs_a_confirmation_too(
    doctor: Doctor, booking: Booking, admin: User, nine: datetime, now: datetime
) -> None:
    Slot.objects.filter(starts_at=nine + 60 * MINUTE).update(status=Slot.Status.BLOCKED)

    with pytest.raises(OutsideHours):
        move(booking, nine + 65 * MINUTE, admin, now)


def test_the_patient_the_room_the_buffers_and_the_limits_count_as_for_any_booking(
    doctor: Doctor, patient: Patient, admin: User, nine: datetime, now: datetime
) -> None:
    room, colleague = make_room(), make_doctor()
    visit_type = make_visit_type(needs_room=True, duration_minutes=30, buffer_after_minutes=10)
    slot = Slot.objects.get(doctor=doctor, starts_at=nine)
    booking = book_slot(slot_id=slot.pk, patient=patient, by=admin, visit_type=visit_type, now=now)
    elsewhere = make_slot(colleague, nine + 70 * MINUTE)
    make_booking(elsewhere, patient, now=now)
    in_room = make_slot(make_doctor(), nine + 40 * MINUTE)
    book_slot(slot_id=in_room.pk, patient=make_patient(), by=admin, visit_type=visit_type, now=now)
    other_booking(doctor, nine + 150 * MINUTE, now)

    with pytest.raises(PatientBusy):
        move(booking, nine + 65 * MINUTE, admin, now, overbook=True)
    with pytest.raises(RoomsTaken):
        move(booking, nine + 5 * MINUTE, admin, now, overbook=True)
    with pytest.raises(SlotTaken):
        move(booking, nine + 115 * MINUTE, admin, now)
    Doctor.objects.filter(pk=doctor.pk).update(day_limit_minutes=60)
    with pytest.raises(LimitReached):
        move(booking, nine, admin, now, ends_at=nine + 35 * MINUTE)
    assert move(booking, nine - 10 * MINUTE, admin, now, outside_hours=True).room == room


def test_a_stale_version_is_refused_with_who_changed_it(
    booking: Booking, admin: User, nine: datetime, now: datetime
) -> None:
    admin.first_name, admin.last_name = "Ines", "Ferreira"
    admin.save()
    # Not in the instant of the booking itself: events of one instant have no order.
    later = now + MINUTE
    move(booking, nine + 60 * MINUTE, admin, later)

    with pytest.raises(BookingChanged) as refusal:
        move(booking, nine + 90 * MINUTE, user_of(make_patient()), later, version=0)

    data = refusal.value.data
    assert (data["by"], data["what"], data["at"], data["version"]) == (
        "Ines Ferreira",
        "rescheduled",
        later,
        1,
    )
    # Their own repeated request, whose response was lost, is no conflict.
    assert move(booking, nine + 60 * MINUTE, admin, later, version=0).version == 1


def test_what_changes_nothing_or_cannot_be_changed_is_refused(
    booking: Booking, admin: User, nine: datetime, now: datetime
) -> None:
    with pytest.raises(SameTime):
        move(booking, nine, admin, now)
    with pytest.raises(SlotStarted):
        move(booking, now - MINUTE, admin, now, ends_at=now + 20 * MINUTE, outside_hours=True)
    with pytest.raises(InvalidInput):
        move(booking, nine, admin, now, ends_at=nine + 4 * MINUTE)
    Booking.objects.filter(pk=booking.pk).update(status="COMPLETED")
    with pytest.raises(BookingNotChangeable):
        move(booking, nine + 60 * MINUTE, admin, now)


def test_a_visit_in_progress_can_get_longer_but_not_move(
    booking: Booking, admin: User, nine: datetime
) -> None:
    Booking.objects.filter(pk=booking.pk).update(status="IN_PROGRESS")
    during = nine + 10 * MINUTE

    with pytest.raises(BookingNotChangeable):
        move(booking, nine + 30 * MINUTE, admin, during)
    assert move(booking, nine, admin, during, ends_at=nine + 40 * MINUTE).ends_at == nine + 40 * MINUTE


def test_the_waiting_list_gets_the_time_at_once_and_hears_of_it_after_the_undo(
    doctor: Doctor, booking: Booking, admin: User, nine: datetime, now: datetime
) -> None:
    for slot in Slot.objects.exclude(starts_at=booking.starts_at):
        make_booking(slot, make_patient(), now=now) if slot.starts_at < nine + 60 * MINUTE else slot.delete()
    entry = make_entry(make_patient(), doctor, now=now)

    move(booking, nine + 60 * MINUTE, admin, now)

    offer = WaitlistOffer.objects.get(entry=entry)
    assert offer.booking.starts_at == nine
    told = [job.due_at for job in queued_jobs(row_id=offer.booking.events.get(kind="held").pk)]
    assert told == [now + timedelta(seconds=20)]
