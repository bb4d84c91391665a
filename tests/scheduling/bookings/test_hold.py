"""Holding a time: until when, against whom, and what becomes of it."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from clinics.models import ClinicSettings, Doctor, Patient
from scheduling.availability.doctor_search import visible_doctor
from scheduling.bookings.book import book_slot
from scheduling.bookings.hold import confirm_hold, expire_hold, hold_slot, release_hold
from scheduling.errors import HoldExpired, LimitReached, SlotTaken
from scheduling.models import Booking, BookingEvent, Slot
from tenants.accounts.models import AuditEntry, User
from tenants.base.errors import DomainError, NotFound
from tests.factories.people import make_patient, user_of
from tests.factories.queue import waiting
from tests.factories.schedule import make_slot
from tests.factories.visit_types import make_question, make_visit_type

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
MINUTES = timedelta(minutes=10)


def hold(slot: Slot, patient: Patient, *, now: datetime) -> Booking:
    return hold_slot(slot_id=slot.pk, patient=patient, by=user_of(patient), now=now)


def book(slot: Slot, patient: Patient, *, now: datetime) -> Booking:
    return book_slot(slot_id=slot.pk, patient=patient, by=user_of(patient), now=now)


def confirm(held: Booking, patient: Patient, *, now: datetime) -> Booking:
    return confirm_hold(hold_id=held.pk, patient=patient, by=user_of(patient), reason="Cough", now=now)


@pytest.mark.parametrize(
    ("after", "taken"), [(MINUTES - SECOND, True), (MINUTES, False), (MINUTES + SECOND, False)]
)
def test_a_hold_keeps_others_out_until_its_end_and_not_a_second_longer(
    doctor: Doctor, patient: Patient, now: datetime, after: timedelta, taken: bool
) -> None:
    slot, other = make_slot(doctor, now + HOUR), make_patient()
    held = hold(slot, patient, now=now)

    assert held.held_until == now + MINUTES
    if taken:
        with pytest.raises(SlotTaken):
            book(slot, other, now=now + after)
    else:
        assert book(slot, other, now=now + after).patient == other


@pytest.mark.parametrize(("after", "fine"), [(MINUTES - SECOND, True), (MINUTES, False)])
def test_a_hold_becomes_the_booking_until_its_end(
    doctor: Doctor, patient: Patient, now: datetime, after: timedelta, fine: bool
) -> None:
    slot = make_slot(doctor, now + HOUR)
    held = hold(slot, patient, now=now)

    if not fine:
        with pytest.raises(HoldExpired):
            confirm(held, patient, now=now + after)
        return
    booking = confirm(held, patient, now=now + after)
    assert (booking.pk, booking.status, booking.reason, booking.only_held) == (
        held.pk,
        "CONFIRMED",
        "Cough",
        False,
    )
    assert list(booking.events.values_list("kind", flat=True)) == ["held", "booked"]
    with pytest.raises(HoldExpired):
        confirm(held, patient, now=now + after)


def test_a_hold_is_confirmed_by_its_own_patient_only(doctor: Doctor, patient: Patient, now: datetime) -> None:
    held = hold(make_slot(doctor, now + HOUR), patient, now=now)

    with pytest.raises(HoldExpired):
        confirm(held, make_patient(), now=now)


def test_a_second_hold_gives_the_first_back(doctor: Doctor, patient: Patient, now: datetime) -> None:
    first, second = make_slot(doctor, now + HOUR), make_slot(doctor, now + 2 * HOUR)
    hold(first, patient, now=now)

    hold(second, patient, now=now)

    assert book(first, make_patient(), now=now).status == "CONFIRMED"
    assert BookingEvent.objects.filter(kind="released").count() == 1


def test_who_holds_a_time_can_book_it_without_naming_the_hold(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    slot = make_slot(doctor, now + HOUR)
    hold(slot, patient, now=now)

    assert book(slot, patient, now=now).status == "CONFIRMED"
    assert Booking.objects.taking_time().count() == 1


def test_what_is_held_is_cleared_away_by_the_worker_and_stays_no_booking(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    slot = make_slot(doctor, now + HOUR)
    held = hold(slot, patient, now=now)
    (line,) = waiting(kind="hold")

    early, ended, again = (
        expire_hold(booking_id=held.pk, now=now + after) for after in (MINUTES - SECOND, MINUTES, MINUTES)
    )

    assert (line.row_id, line.due_at) == (held.pk, now + MINUTES)
    assert (early, ended and ended.pk, again) == (None, held.pk, None)
    assert not Booking.objects.booked().exists()
    assert [line.row_id for line in waiting(kind="time_freed")] == [slot.pk]


def test_a_hold_is_given_back_by_its_patient_only(doctor: Doctor, patient: Patient, now: datetime) -> None:
    held, other = hold(make_slot(doctor, now + HOUR), patient, now=now), make_patient()
    release = partial(release_hold, hold_id=held.pk, now=now)

    with pytest.raises(NotFound):
        release(patients=Patient.objects.filter(pk=other.pk), by=user_of(other))
    release(patients=Patient.objects.filter(pk=patient.pk), by=user_of(patient))
    with pytest.raises(NotFound):
        release(patients=Patient.objects.filter(pk=patient.pk), by=user_of(patient))


def test_the_next_open_time_is_told_without_what_is_held(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    first, second = make_slot(doctor, now + HOUR), make_slot(doctor, now + 2 * HOUR)
    held = hold(first, patient, now=now)
    while_held = visible_doctor(doctor.pk, now=now).next_available  # type: ignore[attr-defined]

    expire_hold(booking_id=held.pk, now=now + MINUTES)

    assert while_held == second.starts_at
    assert visible_doctor(doctor.pk, now=now + MINUTES).next_available == first.starts_at  # type: ignore[attr-defined]


def test_a_held_time_counts_towards_the_patients_limit(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    ClinicSettings.objects.update(upcoming_limit=1)
    held = hold(make_slot(doctor, now + HOUR), patient, now=now)

    with pytest.raises(LimitReached):
        book(make_slot(doctor, now + 2 * HOUR), patient, now=now)
    assert confirm(held, patient, now=now).status == "CONFIRMED"


def test_what_the_desk_books_of_a_held_time_is_in_the_log(
    doctor: Doctor, patient: Patient, admin: User, now: datetime
) -> None:
    held = hold(make_slot(doctor, now + HOUR), patient, now=now)

    confirm_hold(hold_id=held.pk, patient=patient, by=admin, now=now)

    logged = AuditEntry.objects.filter(what="booked", by=admin).values_list("record_id", flat=True)
    assert set(logged) == {str(held.pk), str(patient.pk)}


def test_questions_are_asked_when_the_hold_becomes_a_booking(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    visit = make_visit_type(needs_approval=True)
    question = make_question(visit, is_required=True)
    slot = make_slot(doctor, now + HOUR)
    held = hold_slot(slot_id=slot.pk, patient=patient, by=user_of(patient), visit_type=visit, now=now)
    ask = partial(confirm_hold, hold_id=held.pk, patient=patient, by=user_of(patient), now=now)

    with pytest.raises(DomainError):
        ask()

    assert ask(answers={str(question.pk): "Monday"}).status == "PENDING"
