"""Rescheduling a booking: it takes the new slot and releases the old one, or changes nothing."""

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
from tests.factories.queue import queued_job_kinds
from tests.factories.schedule import make_booking, make_slot, slot_outputs
from tests.factories.threads import run_concurrently
from tests.factories.visit_types import make_visit_type

HOUR = timedelta(hours=1)


def reschedule_to(booking: Booking, slot: Slot, *, by: User | None = None, now: datetime) -> Booking:
    user = by or user_of(booking.patient)
    return reschedule_booking(booking=booking, slot_id=slot.pk, by=user, now=now)


def test_a_rescheduled_booking_keeps_its_id_and_releases_its_old_slot(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    old, new = make_slot(doctor, now + HOUR), make_slot(doctor, now + 2 * HOUR)
    booking = make_booking(old, patient, now=now, reason="Cough")

    moved = reschedule_to(booking, new, now=now)

    assert (moved.pk, moved.slot_id, moved.starts_at, moved.reason) == (
        booking.pk,
        new.pk,
        new.starts_at,
        "Cough",
    )
    event = moved.events.get(kind="rescheduled")
    assert event.details["starts_at"] == old.starts_at.isoformat()
    assert "booking_event" in queued_job_kinds(row_id=event.pk)
    assert make_booking(old, make_patient(), now=now).status == "CONFIRMED"


def test_a_refused_reschedule_leaves_the_booking_unchanged(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    old, booked_slot = make_slot(doctor, now + HOUR), make_slot(doctor, now + 2 * HOUR)
    make_booking(booked_slot, make_patient(), now=now)
    open_slot = make_slot(doctor, now + 3 * HOUR)
    booking = make_booking(old, patient, now=now)

    with pytest.raises(SlotTaken) as refusal:
        reschedule_to(booking, booked_slot, now=now)

    assert refusal.value.data == {"alternatives": slot_outputs(open_slot)}
    assert Booking.objects.get(pk=booking.pk).slot == old
    assert list(booking.events.values_list("kind", flat=True)) == ["booked"]


def test_a_booking_can_be_rescheduled_to_a_time_that_overlaps_its_own(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    slots = [make_slot(doctor, now + HOUR + n * timedelta(minutes=15), minutes=15) for n in range(4)]
    visit = make_visit_type(duration_minutes=45, buffer_after_minutes=5)
    booking = book_slot(slot_id=slots[0].pk, patient=patient, by=user_of(patient), visit_type=visit, now=now)

    moved = reschedule_to(booking, slots[1], now=now)

    assert moved.starts_at == slots[1].starts_at
    with pytest.raises(VisitTooLong):
        reschedule_to(moved, slots[2], now=now)


def test_a_booking_can_be_rescheduled_to_another_doctor(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    other = make_doctor()
    booking = make_booking(make_slot(doctor, now + HOUR), patient, now=now)

    assert reschedule_to(booking, make_slot(other, now + HOUR), now=now).doctor == other


@pytest.mark.parametrize(("minutes_ahead", "allowed"), [(59, False), (60, True), (61, True)])
def test_patients_can_reschedule_until_the_notice_period_and_staff_later(
    doctor: Doctor, patient: Patient, admin: User, now: datetime, *, minutes_ahead: int, allowed: bool
) -> None:
    ClinicSettings.objects.update(reschedule_notice_minutes=60, cancellation_notice_minutes=600)
    booking = make_booking(make_slot(doctor, now + timedelta(minutes=minutes_ahead)), patient, now=now)
    new = make_slot(doctor, now + timedelta(days=1))

    if allowed:
        assert reschedule_to(booking, new, now=now).slot == new
    else:
        with pytest.raises(RescheduledTooLate):
            reschedule_to(booking, new, now=now)
        assert reschedule_to(booking, new, by=admin, now=now).slot == new
        assert AuditEntry.objects.filter(what="rescheduled", by=admin).count() == 2


@pytest.mark.parametrize("status", ["CANCELLED", "CHECKED_IN", "COMPLETED", "NO_SHOW"])
def test_a_booking_that_is_no_longer_upcoming_cannot_be_rescheduled(
    doctor: Doctor, patient: Patient, now: datetime, status: str
) -> None:
    booking = make_booking(make_slot(doctor, now + HOUR), patient, now=now)
    cancelled_at = now if status == "CANCELLED" else None
    Booking.objects.filter(pk=booking.pk).update(status=status, cancelled_at=cancelled_at)

    with pytest.raises(BookingNotChangeable):
        reschedule_to(booking, make_slot(doctor, now + 2 * HOUR), now=now)


def test_a_booking_that_has_started_cannot_be_rescheduled(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    booking = make_booking(make_slot(doctor, now + HOUR), patient, now=now)

    with pytest.raises(BookingNotChangeable):
        reschedule_to(booking, make_slot(doctor, now + 2 * HOUR), now=now + HOUR)


def test_a_visit_that_needs_approval_needs_it_again_after_the_patient_reschedules(
    doctor: Doctor, patient: Patient, admin: User, now: datetime
) -> None:
    visit = make_visit_type(needs_approval=True)
    first, second, third = (make_slot(doctor, now + n * HOUR) for n in (1, 2, 3))
    booking = book_slot(slot_id=first.pk, patient=patient, by=admin, visit_type=visit, now=now)

    by_staff = reschedule_to(booking, second, by=admin, now=now)
    by_patient = reschedule_to(by_staff, third, now=now)

    assert (by_staff.status, by_patient.status) == ("CONFIRMED", "PENDING")


def test_an_expired_hold_does_not_block_a_reschedule(doctor: Doctor, patient: Patient, now: datetime) -> None:
    held, other = make_slot(doctor, now + 2 * HOUR), make_patient()
    hold_slot(slot_id=held.pk, patient=other, by=user_of(other), now=now)
    booking = make_booking(make_slot(doctor, now + HOUR), patient, now=now)

    with pytest.raises(SlotTaken):
        reschedule_to(booking, held, now=now)
    assert reschedule_to(booking, held, now=now + timedelta(minutes=10)).slot == held


def test_of_many_concurrent_reschedules_to_one_slot_one_succeeds_and_the_others_change_nothing(
    committed_clinic: Clinic, now: datetime
) -> None:
    doctor = make_doctor()
    target = make_slot(doctor, now + HOUR)
    bookings = [
        make_booking(make_slot(doctor, now + (n + 2) * HOUR), make_patient(), now=now) for n in range(8)
    ]

    outcomes = run_concurrently(
        committed_clinic, *(partial(reschedule_to, booking, target, now=now) for booking in bookings)
    )

    moved = [outcome for outcome in outcomes if isinstance(outcome, Booking)]
    refused = [outcome for outcome in outcomes if isinstance(outcome, DomainError)]
    assert (len(moved), len(refused)) == (1, 7)
    assert Booking.objects.taking_time().count() == 8
    assert {refusal.code for refusal in refused} == {"slot_taken"}


@pytest.mark.parametrize("checked", [True, False])
def test_a_booking_cancelled_in_the_meantime_is_not_rescheduled(
    committed_clinic: Clinic, now: datetime, monkeypatch: pytest.MonkeyPatch, checked: bool
) -> None:
    """Without the status check in the UPDATE, the cancelled booking becomes active again."""
    doctor, patient = make_doctor(), make_patient()
    booking = make_booking(make_slot(doctor, now + HOUR), patient, now=now)
    new = make_slot(doctor, now + 2 * HOUR)
    cancel_booking(booking=booking, by=user_of(patient), now=now)
    if not checked:
        sql = sql_module.MOVE.replace("AND booking.status = ANY(%(movable)s)", "").replace(
            "status = %(status)s", "status = %(status)s, cancelled_at = NULL"
        )
        monkeypatch.setattr(reschedule, "MOVE", sql)

    (outcome,) = run_concurrently(committed_clinic, partial(reschedule_to, booking, new, now=now))

    assert isinstance(outcome, BookingNotChangeable) is checked
    assert Booking.objects.taking_time().exists() is not checked
