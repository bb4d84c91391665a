"""Taking time off back: its times are open again, and what it did to bookings is undone where that can be."""

from datetime import datetime, timedelta

import pytest

from clinics.models import Doctor, Patient
from scheduling.bookings.book import book_slot
from scheduling.bookings.reschedule import reschedule_booking
from scheduling.clock.time_off import TimeOffSpec
from scheduling.hours.slot_generator import generate_slots
from scheduling.models import Booking, BookingEvent, Slot, TimeOff, VisitType
from scheduling.time_off.give import Action, TimeOffResult, give_time_off
from scheduling.time_off.revoke import RevertedBooking, revoke_time_off
from tenants.accounts.models import User
from tenants.base.errors import NotFound
from tenants.models import Clinic
from tests.factories.audit import entries
from tests.factories.people import make_patient
from tests.factories.queue import kinds_waiting, waiting
from tests.factories.schedule import make_slot, starts_of
from tests.factories.time_off import at, book_at, make_working_doctor, off, slot_at, wall_of

pytestmark = pytest.mark.usefixtures("clinic")
MONDAY = "2026-03-09"


@pytest.fixture
def doctor(clinic: Clinic, now: datetime) -> Doctor:
    """A doctor who works from nine to noon every day."""
    return make_working_doctor(now=now)


def give(
    doctor: Doctor | None, when: TimeOffSpec, others: Action = Action.KEEP, *, by: User, now: datetime
) -> TimeOffResult:
    return give_time_off(doctor=doctor, spec=when, others=others, by=by, now=now)


def said(undone: list[RevertedBooking]) -> list[tuple[str, str, str | None]]:
    """When each booking now is, what was done with it, and why no more."""
    return [
        (wall_of(each.booking.starts_at), each.done.value, each.refused.code if each.refused else None)
        for each in undone
    ]


@pytest.mark.parametrize("generated", [True, False], ids=["generated meanwhile", "at once"])
def test_its_times_are_open_again(doctor: Doctor, admin: User, now: datetime, generated: bool) -> None:
    by_hand = make_slot(doctor, at(f"{MONDAY} 15:00"))
    before = starts_of(doctor, fits_hours=True)
    given = give(doctor, off(MONDAY), by=admin, now=now)
    if generated:
        generate_slots(doctor=doctor, now=now)
    lines = len(waiting(kind="doctor_hours", row_id=doctor.pk))

    undone = revoke_time_off(time_off=given.time_off, by=admin, now=now)
    asked = len(waiting(kind="doctor_hours", row_id=doctor.pk)) - lines
    generate_slots(doctor=doctor, now=now)

    assert (undone, asked) == ([], 1)
    assert starts_of(doctor, fits_hours=True) == before
    assert Slot.objects.get(pk=by_hand.pk).fits_hours


def test_what_other_time_off_holds_stays_shut(doctor: Doctor, admin: User, now: datetime) -> None:
    make_slot(doctor, at(f"{MONDAY} 15:00"))
    make_slot(doctor, at(f"{MONDAY} 16:00"))
    given = give(doctor, off(MONDAY), by=admin, now=now)
    give(None, off(MONDAY, opens="10:00", closes="15:01"), by=admin, now=now)

    revoke_time_off(time_off=given.time_off, by=admin, now=now)
    generate_slots(doctor=doctor, now=now)

    open_times = [start for start in starts_of(doctor, fits_hours=True) if start.startswith(MONDAY)]
    assert open_times == [f"{MONDAY} {wall}+0000" for wall in ("09:00", "09:30", "16:00")]


def test_it_is_taken_back_once(doctor: Doctor, admin: User, now: datetime) -> None:
    given = give(doctor, off(MONDAY), by=admin, now=now)
    revoke_time_off(time_off=given.time_off, by=admin, now=now)

    with pytest.raises(NotFound):
        revoke_time_off(time_off=given.time_off, by=admin, now=now + timedelta(minutes=1))

    assert TimeOff.objects.get().undone_at == now
    assert entries() == [
        ("added", "scheduling.timeoff", str(given.time_off.pk)),
        ("removed", "scheduling.timeoff", str(given.time_off.pk)),
    ]


@pytest.mark.parametrize("whole_clinic", [True, False])
@pytest.mark.parametrize("generated", [True, False], ids=["generated meanwhile", "at once"])
def test_what_it_moved_goes_back(
    doctor: Doctor, admin: User, now: datetime, *, whole_clinic: bool, generated: bool
) -> None:
    other = make_working_doctor(now=now)
    booking = book_at(doctor, f"{MONDAY} 10:00", make_patient(), now=now)
    if not whole_clinic:
        Slot.objects.filter(doctor=doctor).exclude(starts_at=booking.starts_at).delete()
    then, later = (now + timedelta(minutes=minutes) for minutes in (1, 2))
    given = give(None if whole_clinic else doctor, off(MONDAY), Action.MOVE, by=admin, now=then)
    if generated:
        for each in (doctor, other):
            generate_slots(doctor=each, now=then)

    undone = revoke_time_off(time_off=given.time_off, revert=True, by=admin, now=later)

    assert said(undone) == [(f"{MONDAY} 10:00", "moved_back", None)]
    back = Booking.objects.get()
    assert (back.pk, back.doctor, back.slot) == (booking.pk, doctor, slot_at(doctor, f"{MONDAY} 10:00"))
    assert [event.kind for event in back.events.all()] == ["booked", "rescheduled", "rescheduled"]


def test_what_it_cancelled_is_booked_again_as_a_new_booking(
    doctor: Doctor, admin: User, now: datetime
) -> None:
    patient, visit = make_patient(), VisitType.objects.create(name="Long", duration_minutes=60)
    slot = slot_at(doctor, f"{MONDAY} 10:00")
    old = book_slot(slot_id=slot.pk, patient=patient, by=admin, visit_type=visit, reason="Knee", now=now)
    given = give(doctor, off(MONDAY), Action.CANCEL, by=admin, now=now)
    generate_slots(doctor=doctor, now=now)

    [undone] = revoke_time_off(time_off=given.time_off, revert=True, by=admin, now=now)

    new = undone.booking
    assert said([undone]) == [(f"{MONDAY} 10:00", "booked_again", None)]
    assert (undone.instead_of, Booking.objects.get(pk=old.pk).status) == (old.pk, "CANCELLED")
    assert (new.patient, new.visit_type, new.reason, new.ends_at, new.status) == (
        patient, visit, "Knee", old.ends_at, "CONFIRMED",
    )  # fmt: skip
    assert kinds_waiting(row_id=BookingEvent.objects.get(booking=new).pk) == ["booking_event"]


def test_without_undo_bookings_stay_as_they_are(doctor: Doctor, admin: User, now: datetime) -> None:
    book_at(doctor, f"{MONDAY} 10:00", make_patient(), now=now)
    given = give(doctor, off(MONDAY), Action.CANCEL, by=admin, now=now)

    assert revoke_time_off(time_off=given.time_off, by=admin, now=now) == []
    assert Booking.objects.get().status == "CANCELLED"


def taken_by_another(doctor: Doctor, given: TimeOffResult, now: datetime) -> None:
    TimeOff.objects.update(undone_at=now)
    generate_slots(doctor=doctor, now=now)
    book_at(doctor, f"{MONDAY} 10:00", make_patient(), now=now)
    TimeOff.objects.update(undone_at=None)


@pytest.mark.parametrize("what", [Action.MOVE, Action.CANCEL])
def test_where_the_old_time_is_taken_the_booking_is_left(
    doctor: Doctor, admin: User, now: datetime, what: Action
) -> None:
    book_at(doctor, f"{MONDAY} 10:00", make_patient(), now=now)
    given = give(doctor, off(MONDAY), what, by=admin, now=now)
    taken_by_another(doctor, given, now)

    [undone] = revoke_time_off(time_off=given.time_off, revert=True, by=admin, now=now)

    assert (undone.done.value, undone.refused and undone.refused.code) == ("left", "slot_taken")
    assert Booking.objects.taking_time().filter(starts_at=at(f"{MONDAY} 10:00")).count() == 1


@pytest.mark.parametrize(("minutes", "code"), [(-1, None), (0, "slot_started"), (1, "slot_started")])
def test_what_has_begun_is_not_booked_again(
    doctor: Doctor, admin: User, now: datetime, minutes: int, code: str | None
) -> None:
    book_at(doctor, f"{MONDAY} 10:00", make_patient(), now=now)
    given = give(doctor, off(MONDAY), Action.CANCEL, by=admin, now=now)
    generate_slots(doctor=doctor, now=now)
    then = at(f"{MONDAY} 10:00") + timedelta(minutes=minutes)

    [undone] = revoke_time_off(time_off=given.time_off, revert=True, by=admin, now=then)

    assert (undone.refused.code if undone.refused else None) == code


def test_what_was_moved_again_since_is_left(doctor: Doctor, admin: User, now: datetime) -> None:
    patient: Patient = make_patient()
    assert patient.user is not None
    book_at(doctor, f"{MONDAY} 10:00", patient, now=now)
    given = give(doctor, off(MONDAY), Action.MOVE, by=admin, now=now)
    moved = Booking.objects.shown().get()
    later = now + timedelta(minutes=1)
    slot = slot_at(doctor, "2026-03-12 10:00")
    reschedule_booking(booking=moved, slot_id=slot.pk, by=patient.user, now=later)

    undone = revoke_time_off(time_off=given.time_off, revert=True, by=admin, now=later)

    assert said(undone) == [("2026-03-12 10:00", "left", "moved_since")]


def test_where_the_doctor_works_no_more_the_booking_is_left(
    doctor: Doctor, admin: User, now: datetime
) -> None:
    book_at(doctor, f"{MONDAY} 10:00", make_patient(), now=now)
    given = give(doctor, off(MONDAY), Action.CANCEL, by=admin, now=now)
    doctor.working_hours.all().delete()
    generate_slots(doctor=doctor, now=now)

    [undone] = revoke_time_off(time_off=given.time_off, revert=True, by=admin, now=now)

    assert undone.refused is not None
    assert undone.refused.code == "slot_not_offered"
