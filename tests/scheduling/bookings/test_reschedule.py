"""Moving a booking: both the new time and the old one change hands, or neither."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from clinics.models import ClinicSettings, Doctor, Patient
from scheduling.bookings import reschedule
from scheduling.bookings import sql as sql_module
from scheduling.bookings.book import book_slot
from scheduling.bookings.cancel import cancel_booking
from scheduling.bookings.hold import hold_slot
from scheduling.bookings.reschedule import reschedule_booking
from scheduling.errors import BookingNotChangeable, RescheduledTooLate, SlotTaken, VisitTooLong
from scheduling.models import Booking, Slot
from tenants.accounts.models import AuditEntry, User
from tenants.base.errors import DomainError
from tenants.models import Clinic
from tests.factories.people import make_doctor, make_patient, user_of
from tests.factories.queue import kinds_waiting
from tests.factories.schedule import make_booking, make_slot, shown
from tests.factories.threads import at_once
from tests.factories.visit_types import make_visit_type

HOUR = timedelta(hours=1)


def move(booking: Booking, slot: Slot, *, by: User | None = None, now: datetime) -> Booking:
    user = by or user_of(booking.patient)
    return reschedule_booking(booking=booking, slot_id=slot.pk, by=user, now=now)


def test_a_moved_booking_keeps_its_id_and_frees_its_old_time(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    old, new = make_slot(doctor, now + HOUR), make_slot(doctor, now + 2 * HOUR)
    booking = make_booking(old, patient, now=now, reason="Cough")

    moved = move(booking, new, now=now)

    assert (moved.pk, moved.slot_id, moved.starts_at, moved.reason) == (
        booking.pk,
        new.pk,
        new.starts_at,
        "Cough",
    )
    event = moved.events.get(kind="rescheduled")
    assert event.details["starts_at"] == old.starts_at.isoformat()
    assert "booking_event" in kinds_waiting(row_id=event.pk)
    assert kinds_waiting(row_id=old.pk) == ["time_freed"]
    assert make_booking(old, make_patient(), now=now).status == "CONFIRMED"


def test_a_refused_move_leaves_the_booking_where_it_is(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    old, taken = make_slot(doctor, now + HOUR), make_slot(doctor, now + 2 * HOUR)
    make_booking(taken, make_patient(), now=now)
    open_one = make_slot(doctor, now + 3 * HOUR)
    booking = make_booking(old, patient, now=now)

    with pytest.raises(SlotTaken) as refused:
        move(booking, taken, now=now)

    assert refused.value.data == {"alternatives": shown(open_one)}
    assert Booking.objects.get(pk=booking.pk).slot == old
    assert list(booking.events.values_list("kind", flat=True)) == ["booked"]


def test_it_moves_to_a_time_that_overlaps_its_own(doctor: Doctor, patient: Patient, now: datetime) -> None:
    slots = [make_slot(doctor, now + HOUR + n * timedelta(minutes=15), minutes=15) for n in range(4)]
    visit = make_visit_type(duration_minutes=45, buffer_after_minutes=5)
    booking = book_slot(slot_id=slots[0].pk, patient=patient, by=user_of(patient), visit_type=visit, now=now)

    moved = move(booking, slots[1], now=now)

    assert moved.starts_at == slots[1].starts_at
    with pytest.raises(VisitTooLong):
        move(moved, slots[2], now=now)


def test_it_moves_to_another_doctor(doctor: Doctor, patient: Patient, now: datetime) -> None:
    other = make_doctor()
    booking = make_booking(make_slot(doctor, now + HOUR), patient, now=now)

    assert move(booking, make_slot(other, now + HOUR), now=now).doctor == other


@pytest.mark.parametrize(("ahead", "fine"), [(59, False), (60, True), (61, True)])
def test_patients_move_it_as_long_as_the_notice_allows_and_staff_later(
    doctor: Doctor, patient: Patient, admin: User, now: datetime, *, ahead: int, fine: bool
) -> None:
    ClinicSettings.objects.update(reschedule_notice_minutes=60, cancellation_notice_minutes=600)
    booking = make_booking(make_slot(doctor, now + timedelta(minutes=ahead)), patient, now=now)
    new = make_slot(doctor, now + timedelta(days=1))

    if fine:
        assert move(booking, new, now=now).slot == new
    else:
        with pytest.raises(RescheduledTooLate):
            move(booking, new, now=now)
        assert move(booking, new, by=admin, now=now).slot == new
        assert AuditEntry.objects.filter(what="rescheduled", by=admin).count() == 2


@pytest.mark.parametrize("status", ["CANCELLED", "CHECKED_IN", "COMPLETED", "NO_SHOW"])
def test_what_is_over_stays_where_it_was(
    doctor: Doctor, patient: Patient, now: datetime, status: str
) -> None:
    booking = make_booking(make_slot(doctor, now + HOUR), patient, now=now)
    gone = now if status == "CANCELLED" else None
    Booking.objects.filter(pk=booking.pk).update(status=status, cancelled_at=gone)

    with pytest.raises(BookingNotChangeable):
        move(booking, make_slot(doctor, now + 2 * HOUR), now=now)


def test_what_has_begun_stays_where_it_is(doctor: Doctor, patient: Patient, now: datetime) -> None:
    booking = make_booking(make_slot(doctor, now + HOUR), patient, now=now)

    with pytest.raises(BookingNotChangeable):
        move(booking, make_slot(doctor, now + 2 * HOUR), now=now + HOUR)


def test_a_visit_that_needs_approval_needs_it_again_when_the_patient_moves_it(
    doctor: Doctor, patient: Patient, admin: User, now: datetime
) -> None:
    visit = make_visit_type(needs_approval=True)
    first, second, third = (make_slot(doctor, now + n * HOUR) for n in (1, 2, 3))
    booking = book_slot(slot_id=first.pk, patient=patient, by=admin, visit_type=visit, now=now)

    by_staff = move(booking, second, by=admin, now=now)
    by_patient = move(by_staff, third, now=now)

    assert (by_staff.status, by_patient.status) == ("CONFIRMED", "PENDING")


def test_an_ended_hold_is_no_obstacle(doctor: Doctor, patient: Patient, now: datetime) -> None:
    held, other = make_slot(doctor, now + 2 * HOUR), make_patient()
    hold_slot(slot_id=held.pk, patient=other, by=user_of(other), now=now)
    booking = make_booking(make_slot(doctor, now + HOUR), patient, now=now)

    with pytest.raises(SlotTaken):
        move(booking, held, now=now)
    assert move(booking, held, now=now + timedelta(minutes=10)).slot == held


def test_of_many_who_move_to_one_time_one_gets_it_and_the_others_keep_their_own(
    committed_clinic: Clinic, now: datetime
) -> None:
    doctor = make_doctor()
    wanted = make_slot(doctor, now + HOUR)
    bookings = [
        make_booking(make_slot(doctor, now + (n + 2) * HOUR), make_patient(), now=now) for n in range(8)
    ]

    outcomes = at_once(committed_clinic, *(partial(move, each, wanted, now=now) for each in bookings))

    moved = [each for each in outcomes if isinstance(each, Booking)]
    refused = [each for each in outcomes if isinstance(each, DomainError)]
    assert (len(moved), len(refused)) == (1, 7)
    assert Booking.objects.taking_time().count() == 8
    assert {each.code for each in refused} == {"slot_taken"}


@pytest.mark.parametrize("guarded", [True, False])
def test_a_booking_moved_and_cancelled_at_once_is_one_of_both(
    committed_clinic: Clinic, now: datetime, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """The control takes the compare off the compare-and-swap: a cancelled booking comes back to life."""
    doctor, patient = make_doctor(), make_patient()
    booking = make_booking(make_slot(doctor, now + HOUR), patient, now=now)
    new = make_slot(doctor, now + 2 * HOUR)
    cancel_booking(booking=booking, by=user_of(patient), now=now)
    if not guarded:
        sql = sql_module.MOVE.replace("AND booking.status = ANY(%(movable)s)", "").replace(
            "status = %(status)s", "status = %(status)s, cancelled_at = NULL"
        )
        monkeypatch.setattr(reschedule, "MOVE", sql)

    (outcome,) = at_once(committed_clinic, partial(move, booking, new, now=now))

    assert isinstance(outcome, BookingNotChangeable) is guarded
    assert Booking.objects.taking_time().exists() is not guarded
