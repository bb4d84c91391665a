"""Holding a slot: how long a hold lasts, whom it blocks, and how it ends."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from clinics.models import ClinicSettings, Doctor, Patient
from scheduling.availability.doctor_search import visible_doctor
from scheduling.bookings.book import book_slot
from scheduling.bookings.hold import confirm_hold, hold_slot, release_hold
from scheduling.bookings.release_holds import expire_hold
from scheduling.errors import HoldExpired, LimitReached, SlotTaken
from scheduling.models import Booking, BookingEvent, Slot
from tenants.accounts.models import AuditEntry, User
from tenants.base.errors import DomainError, NotFound
from tests.factories.people import make_patient, user_of
from tests.factories.queue import queued_jobs
from tests.factories.schedule import make_slot
from tests.factories.visit_types import make_question, make_visit_type

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
HOLD_TIME = timedelta(minutes=10)


def hold(slot: Slot, patient: Patient, *, now: datetime) -> Booking:
    return hold_slot(slot_id=slot.pk, patient=patient, by=user_of(patient), now=now)


def book(slot: Slot, patient: Patient, *, now: datetime) -> Booking:
    return book_slot(slot_id=slot.pk, patient=patient, by=user_of(patient), now=now)


def confirm(held: Booking, patient: Patient, *, now: datetime) -> Booking:
    return confirm_hold(hold_id=held.pk, patient=patient, by=user_of(patient), reason="Cough", now=now)


@pytest.mark.parametrize(
    ("after", "blocked"), [(HOLD_TIME - SECOND, True), (HOLD_TIME, False), (HOLD_TIME + SECOND, False)]
)
def test_a_hold_blocks_other_patients_until_it_ends_and_not_a_second_longer(
    doctor: Doctor, patient: Patient, now: datetime, after: timedelta, blocked: bool
) -> None:
    slot, other = make_slot(doctor, now + HOUR), make_patient()
    held = hold(slot, patient, now=now)

    assert held.held_until == now + HOLD_TIME
    if blocked:
        with pytest.raises(SlotTaken):
            book(slot, other, now=now + after)
    else:
        assert book(slot, other, now=now + after).patient == other


@pytest.mark.parametrize(("after", "allowed"), [(HOLD_TIME - SECOND, True), (HOLD_TIME, False)])
def test_a_hold_can_be_confirmed_until_it_ends(
    doctor: Doctor, patient: Patient, now: datetime, after: timedelta, allowed: bool
) -> None:
    slot = make_slot(doctor, now + HOUR)
    held = hold(slot, patient, now=now)

    if not allowed:
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


def test_a_hold_can_be_confirmed_only_by_its_patient(doctor: Doctor, patient: Patient, now: datetime) -> None:
    held = hold(make_slot(doctor, now + HOUR), patient, now=now)

    with pytest.raises(HoldExpired):
        confirm(held, make_patient(), now=now)


def test_a_second_hold_releases_the_first(doctor: Doctor, patient: Patient, now: datetime) -> None:
    first, second = make_slot(doctor, now + HOUR), make_slot(doctor, now + 2 * HOUR)
    hold(first, patient, now=now)

    hold(second, patient, now=now)

    assert book(first, make_patient(), now=now).status == "CONFIRMED"
    assert BookingEvent.objects.filter(kind="released").count() == 1


def test_a_patient_can_book_the_slot_they_hold_without_naming_the_hold(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    slot = make_slot(doctor, now + HOUR)
    hold(slot, patient, now=now)

    assert book(slot, patient, now=now).status == "CONFIRMED"
    assert Booking.objects.taking_time().count() == 1


def test_expire_hold_ends_a_hold_once(doctor: Doctor, patient: Patient, now: datetime) -> None:
    slot = make_slot(doctor, now + HOUR)
    held = hold(slot, patient, now=now)
    (queue_line,) = queued_jobs(kind="hold")

    one_second_early, expired, again = (
        expire_hold(booking_id=held.pk, now=now + after)
        for after in (HOLD_TIME - SECOND, HOLD_TIME, HOLD_TIME)
    )

    assert (queue_line.row_id, queue_line.due_at) == (held.pk, now + HOLD_TIME)
    assert (one_second_early, expired and expired.pk, again) == (None, held.pk, None)
    assert not Booking.objects.booked().exists()


def test_a_hold_can_be_released_only_by_its_patient(doctor: Doctor, patient: Patient, now: datetime) -> None:
    held, other = hold(make_slot(doctor, now + HOUR), patient, now=now), make_patient()
    release = partial(release_hold, hold_id=held.pk, now=now)

    with pytest.raises(NotFound):
        release(patients=Patient.objects.filter(pk=other.pk), by=user_of(other))
    release(patients=Patient.objects.filter(pk=patient.pk), by=user_of(patient))
    with pytest.raises(NotFound):
        release(patients=Patient.objects.filter(pk=patient.pk), by=user_of(patient))


def test_a_held_slot_is_not_the_next_open_slot_until_the_hold_expires(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    first, second = make_slot(doctor, now + HOUR), make_slot(doctor, now + 2 * HOUR)
    held = hold(first, patient, now=now)
    while_held = visible_doctor(doctor.pk, now=now).next_available  # type: ignore[attr-defined]

    expire_hold(booking_id=held.pk, now=now + HOLD_TIME)

    assert while_held == second.starts_at
    assert visible_doctor(doctor.pk, now=now + HOLD_TIME).next_available == first.starts_at  # type: ignore[attr-defined]


@pytest.mark.parametrize(("limit", "status"), [(1, "CANCELLED"), (2, "HELD")])
def test_a_hold_does_not_count_towards_the_patients_limit_but_ends_when_it_is_reached(
    doctor: Doctor, patient: Patient, now: datetime, limit: int, status: str
) -> None:
    ClinicSettings.objects.update(upcoming_limit=limit)
    held = hold(make_slot(doctor, now + HOUR), patient, now=now)

    booked = book(make_slot(doctor, now + 2 * HOUR), patient, now=now)

    assert booked.status == "CONFIRMED"
    assert Booking.objects.get(pk=held.pk).status == status


def test_a_hold_cannot_be_confirmed_beyond_the_patients_limit(
    doctor: Doctor, patient: Patient, admin: User, now: datetime
) -> None:
    held = hold(make_slot(doctor, now + HOUR), patient, now=now)
    slot = make_slot(doctor, now + 2 * HOUR)
    book_slot(slot_id=slot.pk, patient=patient, by=admin, now=now)
    ClinicSettings.objects.update(upcoming_limit=1)

    with pytest.raises(LimitReached):
        confirm(held, patient, now=now)


def test_confirming_a_hold_as_staff_is_written_to_the_audit_log(
    doctor: Doctor, patient: Patient, admin: User, now: datetime
) -> None:
    held = hold(make_slot(doctor, now + HOUR), patient, now=now)

    confirm_hold(hold_id=held.pk, patient=patient, by=admin, now=now)

    record_ids = AuditEntry.objects.filter(what="booked", by=admin).values_list("record_id", flat=True)
    assert set(record_ids) == {str(held.pk), str(patient.pk)}


def test_required_questions_must_be_answered_when_a_hold_is_confirmed(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    visit = make_visit_type(needs_approval=True)
    question = make_question(visit, is_required=True)
    slot = make_slot(doctor, now + HOUR)
    held = hold_slot(slot_id=slot.pk, patient=patient, by=user_of(patient), visit_type=visit, now=now)
    confirm_with = partial(confirm_hold, hold_id=held.pk, patient=patient, by=user_of(patient), now=now)

    with pytest.raises(DomainError):
        confirm_with()

    assert confirm_with(answers={str(question.pk): "Monday"}).status == "PENDING"
