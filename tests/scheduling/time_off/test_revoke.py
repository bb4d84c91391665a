"""Revoking time off opens its times again and reverts its effects on bookings where possible."""

from datetime import datetime, timedelta

import pytest

from clinics.models import Doctor, Patient
from scheduling.bookings.book import book_slot
from scheduling.bookings.reschedule import reschedule_booking
from scheduling.clock.time_off import TimeOffSpec
from scheduling.hours.slot_generator import generate_slots
from scheduling.models import Booking, BookingEvent, Slot, TimeOff, VisitType
from scheduling.time_off.decisions import Action
from scheduling.time_off.give import TimeOffResult, give_time_off
from scheduling.time_off.revoke import RevertedBooking, revoke_time_off
from tenants.accounts.models import User
from tenants.base.errors import NotFound
from tenants.models import Clinic
from tests.factories.audit import audit_entries
from tests.factories.people import make_patient
from tests.factories.queue import queued_job_kinds, queued_jobs
from tests.factories.schedule import make_slot, slot_starts
from tests.factories.time_off import (
    book_at,
    instant_at,
    local_time_text,
    make_working_doctor,
    slot_at,
    time_off_spec,
)

pytestmark = pytest.mark.usefixtures("clinic")
MONDAY = "2026-03-09"


@pytest.fixture
def doctor(clinic: Clinic, now: datetime) -> Doctor:
    """A doctor who works from nine to noon every day."""
    return make_working_doctor(now=now)


def give(
    doctor: Doctor | None, spec: TimeOffSpec, others: Action = Action.KEEP, *, by: User, now: datetime
) -> TimeOffResult:
    return give_time_off(doctor=doctor, spec=spec, others=others, by=by, now=now)


def summary(reverted: list[RevertedBooking]) -> list[tuple[str, str, str | None]]:
    """Return each booking's local time, the applied action and the code of a refusal."""
    return [
        (
            local_time_text(each.booking.starts_at),
            each.done.value,
            each.refused.code if each.refused else None,
        )
        for each in reverted
    ]


@pytest.mark.parametrize("generated", [True, False], ids=["generated meanwhile", "at once"])
def test_slots_are_open_again(doctor: Doctor, admin: User, now: datetime, generated: bool) -> None:
    by_hand = make_slot(doctor, instant_at(f"{MONDAY} 15:00"))
    before = slot_starts(doctor, fits_hours=True)
    result = give(doctor, time_off_spec(MONDAY), by=admin, now=now)
    if generated:
        generate_slots(doctor=doctor, now=now)
    jobs_before = len(queued_jobs(kind="doctor_hours", row_id=doctor.pk))

    reverted = revoke_time_off(time_off=result.time_off, by=admin, now=now)
    requested = len(queued_jobs(kind="doctor_hours", row_id=doctor.pk)) - jobs_before
    generate_slots(doctor=doctor, now=now)

    assert (reverted, requested) == ([], 1)
    assert slot_starts(doctor, fits_hours=True) == before
    assert Slot.objects.get(pk=by_hand.pk).fits_hours


def test_slots_during_other_time_off_stay_closed(doctor: Doctor, admin: User, now: datetime) -> None:
    make_slot(doctor, instant_at(f"{MONDAY} 15:00"))
    make_slot(doctor, instant_at(f"{MONDAY} 16:00"))
    result = give(doctor, time_off_spec(MONDAY), by=admin, now=now)
    give(None, time_off_spec(MONDAY, opens="10:00", closes="15:01"), by=admin, now=now)

    revoke_time_off(time_off=result.time_off, by=admin, now=now)
    generate_slots(doctor=doctor, now=now)

    open_times = [start for start in slot_starts(doctor, fits_hours=True) if start.startswith(MONDAY)]
    assert open_times == [f"{MONDAY} {local_time}+0000" for local_time in ("09:00", "09:30", "16:00")]


def test_time_off_can_be_revoked_once(doctor: Doctor, admin: User, now: datetime) -> None:
    result = give(doctor, time_off_spec(MONDAY), by=admin, now=now)
    revoke_time_off(time_off=result.time_off, by=admin, now=now)

    with pytest.raises(NotFound):
        revoke_time_off(time_off=result.time_off, by=admin, now=now + timedelta(minutes=1))

    assert TimeOff.objects.get().undone_at == now
    assert audit_entries() == [
        ("added", "scheduling.timeoff", str(result.time_off.pk)),
        ("removed", "scheduling.timeoff", str(result.time_off.pk)),
    ]


@pytest.mark.parametrize("whole_clinic", [True, False])
@pytest.mark.parametrize("generated", [True, False], ids=["generated meanwhile", "at once"])
def test_moved_bookings_go_back(
    doctor: Doctor, admin: User, now: datetime, *, whole_clinic: bool, generated: bool
) -> None:
    other = make_working_doctor(now=now)
    booking = book_at(doctor, f"{MONDAY} 10:00", make_patient(), now=now)
    if not whole_clinic:
        Slot.objects.filter(doctor=doctor).exclude(starts_at=booking.starts_at).delete()
    then, later = (now + timedelta(minutes=minutes) for minutes in (1, 2))
    result = give(None if whole_clinic else doctor, time_off_spec(MONDAY), Action.MOVE, by=admin, now=then)
    if generated:
        for each in (doctor, other):
            generate_slots(doctor=each, now=then)

    reverted = revoke_time_off(time_off=result.time_off, revert=True, by=admin, now=later)

    assert summary(reverted) == [(f"{MONDAY} 10:00", "moved_back", None)]
    booking_after = Booking.objects.get()
    assert (booking_after.pk, booking_after.doctor, booking_after.slot) == (
        booking.pk,
        doctor,
        slot_at(doctor, f"{MONDAY} 10:00"),
    )
    assert [event.kind for event in booking_after.events.all()] == ["booked", "rescheduled", "rescheduled"]


def test_cancelled_bookings_are_booked_again_as_new_bookings(
    doctor: Doctor, admin: User, now: datetime
) -> None:
    patient, visit = make_patient(), VisitType.objects.create(name="Long", duration_minutes=60)
    slot = slot_at(doctor, f"{MONDAY} 10:00")
    old = book_slot(slot_id=slot.pk, patient=patient, by=admin, visit_type=visit, reason="Knee", now=now)
    result = give(doctor, time_off_spec(MONDAY), Action.CANCEL, by=admin, now=now)
    generate_slots(doctor=doctor, now=now)

    [reverted] = revoke_time_off(time_off=result.time_off, revert=True, by=admin, now=now)

    new = reverted.booking
    assert summary([reverted]) == [(f"{MONDAY} 10:00", "booked_again", None)]
    assert (reverted.instead_of, Booking.objects.get(pk=old.pk).status) == (old.pk, "CANCELLED")
    assert (new.patient, new.visit_type, new.reason, new.ends_at, new.status) == (
        patient, visit, "Knee", old.ends_at, "CONFIRMED",
    )  # fmt: skip
    assert queued_job_kinds(row_id=BookingEvent.objects.get(booking=new).pk) == ["booking_event"]


def test_without_undo_bookings_do_not_change(doctor: Doctor, admin: User, now: datetime) -> None:
    book_at(doctor, f"{MONDAY} 10:00", make_patient(), now=now)
    result = give(doctor, time_off_spec(MONDAY), Action.CANCEL, by=admin, now=now)

    assert revoke_time_off(time_off=result.time_off, by=admin, now=now) == []
    assert Booking.objects.get().status == "CANCELLED"


def book_for_another_patient(doctor: Doctor, result: TimeOffResult, now: datetime) -> None:
    TimeOff.objects.update(undone_at=now)
    generate_slots(doctor=doctor, now=now)
    book_at(doctor, f"{MONDAY} 10:00", make_patient(), now=now)
    TimeOff.objects.update(undone_at=None)


@pytest.mark.parametrize("action", [Action.MOVE, Action.CANCEL])
def test_if_the_old_time_is_taken_the_booking_is_left(
    doctor: Doctor, admin: User, now: datetime, action: Action
) -> None:
    book_at(doctor, f"{MONDAY} 10:00", make_patient(), now=now)
    result = give(doctor, time_off_spec(MONDAY), action, by=admin, now=now)
    book_for_another_patient(doctor, result, now)

    [reverted] = revoke_time_off(time_off=result.time_off, revert=True, by=admin, now=now)

    assert (reverted.done.value, reverted.refused and reverted.refused.code) == ("left", "slot_taken")
    assert Booking.objects.taking_time().filter(starts_at=instant_at(f"{MONDAY} 10:00")).count() == 1


@pytest.mark.parametrize(("minutes", "code"), [(-1, None), (0, "slot_started"), (1, "slot_started")])
def test_a_time_that_has_started_is_not_booked_again(
    doctor: Doctor, admin: User, now: datetime, minutes: int, code: str | None
) -> None:
    book_at(doctor, f"{MONDAY} 10:00", make_patient(), now=now)
    result = give(doctor, time_off_spec(MONDAY), Action.CANCEL, by=admin, now=now)
    generate_slots(doctor=doctor, now=now)
    then = instant_at(f"{MONDAY} 10:00") + timedelta(minutes=minutes)

    [reverted] = revoke_time_off(time_off=result.time_off, revert=True, by=admin, now=then)

    assert (reverted.refused.code if reverted.refused else None) == code


def test_a_booking_that_was_rescheduled_since_is_left(doctor: Doctor, admin: User, now: datetime) -> None:
    patient: Patient = make_patient()
    assert patient.user is not None
    book_at(doctor, f"{MONDAY} 10:00", patient, now=now)
    result = give(doctor, time_off_spec(MONDAY), Action.MOVE, by=admin, now=now)
    moved = Booking.objects.shown().get()
    later = now + timedelta(minutes=1)
    slot = slot_at(doctor, "2026-03-12 10:00")
    reschedule_booking(booking=moved, slot_id=slot.pk, by=patient.user, now=later)

    reverted = revoke_time_off(time_off=result.time_off, revert=True, by=admin, now=later)

    assert summary(reverted) == [("2026-03-12 10:00", "left", "moved_since")]


def test_if_the_doctor_no_longer_works_then_the_booking_is_left(
    doctor: Doctor, admin: User, now: datetime
) -> None:
    book_at(doctor, f"{MONDAY} 10:00", make_patient(), now=now)
    result = give(doctor, time_off_spec(MONDAY), Action.CANCEL, by=admin, now=now)
    doctor.working_hours.all().delete()
    generate_slots(doctor=doctor, now=now)

    [reverted] = revoke_time_off(time_off=result.time_off, revert=True, by=admin, now=now)

    assert reverted.refused is not None
    assert reverted.refused.code == "slot_not_offered"
