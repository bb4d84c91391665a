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
from scheduling.errors import (
    BookedTooLate,
    BookingNotChangeable,
    LimitReached,
    RescheduledTooLate,
    RoomsTaken,
    SameTime,
    SlotTaken,
    VisitTooLong,
    VisitTypeNotOffered,
)
from scheduling.models import Booking, Slot, VisitType
from tenants.accounts.models import AuditEntry, User
from tenants.base.errors import DomainError, InvalidInput
from tenants.models import Clinic
from tests.factories.people import make_doctor, make_patient, user_of
from tests.factories.queue import queued_job_kinds
from tests.factories.schedule import make_booking, make_slot, slot_outputs
from tests.factories.threads import run_concurrently
from tests.factories.visit_types import make_question, make_room, make_visit_type

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


# The time that the booking has already


def test_moving_to_the_time_that_a_booking_has_is_refused_and_neither_recorded_nor_mailed(
    doctor: Doctor, patient: Patient, admin: User, now: datetime
) -> None:
    """I04."""
    slot = make_slot(doctor, now + HOUR)
    booking = make_booking(slot, patient, now=now)
    jobs = queued_job_kinds()

    for by in (user_of(patient), admin):
        with pytest.raises(SameTime):
            reschedule_to(booking, slot, by=by, now=now)

    assert list(booking.events.values_list("kind", flat=True)) == ["booked"]
    assert queued_job_kinds() == jobs
    assert not AuditEntry.objects.filter(what="rescheduled").exists()


def test_the_same_time_with_another_doctor_is_another_time(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    booking = make_booking(make_slot(doctor, now + HOUR), patient, now=now)
    of_another_doctor = make_slot(make_doctor(), now + HOUR)

    assert reschedule_to(booking, of_another_doctor, now=now).slot == of_another_doctor


# The visit type


def change_type(
    booking: Booking, visit: VisitType, slot: Slot | None = None, *, by: User | None = None, now: datetime
) -> Booking:
    user = by or user_of(booking.patient)
    assert booking.slot
    slot_id = (slot or booking.slot).pk
    return reschedule_booking(booking=booking, slot_id=slot_id, visit_type=visit, by=user, now=now)


def test_a_move_can_change_the_visit_type_and_with_it_length_buffers_and_room(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    room, old = make_room(), make_visit_type(name="Old")
    visit = make_visit_type(name="New", duration_minutes=45, buffer_after_minutes=15, needs_room=True)
    slots = [make_slot(doctor, now + HOUR + n * timedelta(minutes=30)) for n in range(4)]
    booking = book_slot(slot_id=slots[0].pk, patient=patient, by=user_of(patient), visit_type=old, now=now)

    moved = change_type(booking, visit, slots[1], now=now)

    assert (moved.pk, moved.visit_type, moved.room) == (booking.pk, visit, room)
    assert (moved.starts_at, moved.ends_at) == (
        slots[1].starts_at,
        slots[1].starts_at + timedelta(minutes=45),
    )
    assert moved.busy_until == moved.ends_at + timedelta(minutes=15)
    details = moved.events.get(kind="rescheduled").details
    assert (details["visit_type"], details["visit_type_name"]) == (str(old.pk), "Old")


def test_a_visit_type_can_change_at_the_same_time(doctor: Doctor, patient: Patient, now: datetime) -> None:
    booking = make_booking(make_slot(doctor, now + HOUR), patient, now=now)
    visit = make_visit_type()

    moved = change_type(booking, visit, now=now)

    assert (moved.visit_type, moved.starts_at) == (visit, booking.starts_at)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"who_may_book": "staff"}, VisitTypeNotOffered),
        ({"who_may_book": "known"}, VisitTypeNotOffered),
        ({"is_active": False}, VisitTypeNotOffered),
        ({"duration_minutes": 60}, VisitTooLong),
        ({"needs_room": True}, RoomsTaken),
        ({"notice_minutes": 600}, BookedTooLate),
    ],
)
def test_a_new_visit_type_has_to_be_bookable_and_otherwise_neither_time_nor_type_changes(
    doctor: Doctor, patient: Patient, now: datetime, *, fields: dict[str, object], error: type[DomainError]
) -> None:
    booking = make_booking(make_slot(doctor, now + HOUR), patient, now=now)
    slot, visit = make_slot(doctor, now + 2 * HOUR), make_visit_type(**fields)

    with pytest.raises(error):
        change_type(booking, visit, slot, now=now)

    unchanged = Booking.objects.get(pk=booking.pk)
    assert (unchanged.slot, unchanged.visit_type) == (booking.slot, None)
    assert list(booking.events.values_list("kind", flat=True)) == ["booked"]


def test_a_first_visit_can_become_another_type_of_first_visit(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    first, other = (make_visit_type(name=name, new_patients_only=True) for name in ("First", "Other"))
    slot = make_slot(doctor, now + HOUR)
    booking = book_slot(slot_id=slot.pk, patient=patient, by=user_of(patient), visit_type=first, now=now)

    assert change_type(booking, other, now=now).visit_type == other


def test_staff_can_change_to_a_visit_type_for_staff(
    doctor: Doctor, patient: Patient, admin: User, now: datetime
) -> None:
    booking = make_booking(make_slot(doctor, now + HOUR), patient, now=now)
    visit = make_visit_type(who_may_book="staff", needs_approval=True)

    moved = change_type(booking, visit, by=admin, now=now)

    assert (moved.visit_type, moved.status) == (visit, "CONFIRMED")


def test_a_new_visit_type_decides_whether_the_clinic_has_to_approve(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    booking = make_booking(make_slot(doctor, now + HOUR), patient, now=now)
    asked, free = make_visit_type(name="Asked", needs_approval=True), make_visit_type(name="Free")

    pending = change_type(booking, asked, now=now)
    confirmed = change_type(pending, free, now=now)

    assert (pending.status, confirmed.status) == ("PENDING", "CONFIRMED")


def test_the_questions_of_a_new_visit_type_have_to_be_answered(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    slot = make_slot(doctor, now + HOUR)
    booking = make_booking(slot, patient, now=now)
    visit = make_visit_type()
    question = make_question(visit, is_required=True)
    move = partial(
        reschedule_booking,
        booking=booking,
        slot_id=slot.pk,
        visit_type=visit,
        by=user_of(patient),
        now=now,
    )

    with pytest.raises(InvalidInput):
        move()
    moved = move(answers={str(question.pk): "Monday"})
    later = reschedule_to(moved, make_slot(doctor, now + 3 * HOUR), now=now)

    assert [answer["answer"] for answer in moved.answers] == ["Monday"]
    assert later.answers == moved.answers


def test_a_longer_visit_type_counts_towards_the_doctors_limit(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    booking = make_booking(make_slot(doctor, now + HOUR, minutes=60), patient, now=now)
    Doctor.objects.filter(pk=doctor.pk).update(day_limit_minutes=60)
    exactly, longer = make_visit_type(name="60", duration_minutes=60), make_visit_type(duration_minutes=65)
    make_slot(doctor, now + 2 * HOUR, minutes=60)

    with pytest.raises(LimitReached):
        change_type(booking, longer, now=now)
    assert change_type(booking, exactly, now=now).visit_type == exactly


def test_of_two_changes_of_the_visit_type_at_once_one_is_made(
    committed_clinic: Clinic, now: datetime
) -> None:
    doctor, patient = make_doctor(), make_patient()
    booking = make_booking(make_slot(doctor, now + HOUR), patient, now=now)
    visits = [make_visit_type(name=str(n)) for n in range(4)]

    outcomes = run_concurrently(
        committed_clinic, *(partial(change_type, booking, visit, now=now) for visit in visits)
    )

    changed = [outcome for outcome in outcomes if isinstance(outcome, Booking)]
    assert len(changed) == 1
    assert Booking.objects.get(pk=booking.pk).visit_type == changed[0].visit_type
    assert booking.events.filter(kind="rescheduled").count() == 1
