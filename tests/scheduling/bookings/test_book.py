"""Booking a slot, and the reasons for which it is refused."""

from datetime import datetime, timedelta

import pytest

from clinics.models import Doctor, Patient
from scheduling.errors import (
    NewPatientsNotAccepted,
    PatientBusy,
    SlotNotOffered,
    SlotStarted,
    SlotTaken,
    TooFarAhead,
)
from scheduling.models import Booking, BookingEvent, Slot
from tenants.models import Clinic
from tests.factories.people import make_doctor, make_patient
from tests.factories.queue import queued_jobs
from tests.factories.schedule import make_booking, make_slot, slot_outputs


def test_book_slot_confirms_the_booking_and_writes_an_event_and_a_queue_line(
    clinic: Clinic, doctor: Doctor, patient: Patient, now: datetime
) -> None:
    slot = make_slot(doctor, now + timedelta(hours=1))

    booking = make_booking(slot, patient, now=now, reason="Cough")

    event = BookingEvent.objects.get(booking=booking)
    (queue_line,) = queued_jobs(row_id=event.pk)
    assert (booking.status, booking.slot, booking.doctor, booking.patient) == (
        "CONFIRMED",
        slot,
        doctor,
        patient,
    )
    assert (booking.starts_at, booking.ends_at, booking.reason) == (slot.starts_at, slot.ends_at, "Cough")
    assert (event.kind, event.by, event.created_at) == ("booked", patient.user, now)
    assert (queue_line.clinic_id, queue_line.kind, queue_line.due_at) == (clinic.pk, "booking_event", now)


def test_book_slot_refuses_a_booked_slot_and_suggests_the_three_nearest(
    clinic: Clinic, doctor: Doctor, patient: Patient, now: datetime
) -> None:
    first, second, third, fourth, fifth = (
        make_slot(doctor, now + timedelta(hours=n)) for n in (1, 2, 3, 4, 9)
    )
    make_booking(third, make_patient(), now=now)

    with pytest.raises(SlotTaken) as refusal:
        make_booking(third, patient, now=now)

    assert refusal.value.data["alternatives"] == slot_outputs(first, second, fourth)
    assert Booking.objects.count() == 1
    assert fifth.status == "free"


def test_alternatives_are_of_the_same_specialty_if_the_doctor_has_no_open_slot(
    clinic: Clinic, doctor: Doctor, patient: Patient, now: datetime
) -> None:
    slot = make_slot(doctor, now + timedelta(hours=1))
    same_specialty = make_slot(make_doctor(), now + timedelta(hours=5))
    make_slot(make_doctor(specialties=["dentistry"]), now + timedelta(hours=1))
    make_booking(slot, make_patient(), now=now)

    with pytest.raises(SlotTaken) as refusal:
        make_booking(slot, patient, now=now)

    assert refusal.value.data["alternatives"] == slot_outputs(same_specialty)


@pytest.mark.parametrize("late", [timedelta(0), timedelta(minutes=1)])
def test_book_slot_refuses_a_slot_that_has_started(
    clinic: Clinic, doctor: Doctor, patient: Patient, now: datetime, late: timedelta
) -> None:
    slot = make_slot(doctor, now - late)

    with pytest.raises(SlotStarted):
        make_booking(slot, patient, now=now)


def test_book_slot_accepts_a_slot_that_starts_in_a_minute(
    clinic: Clinic, doctor: Doctor, patient: Patient, now: datetime
) -> None:
    slot = make_slot(doctor, now + timedelta(minutes=1))

    assert make_booking(slot, patient, now=now).status == "CONFIRMED"


def test_book_slot_refuses_a_patient_who_has_another_booking_at_that_time(
    clinic: Clinic, doctor: Doctor, patient: Patient, now: datetime
) -> None:
    make_booking(make_slot(doctor, now + timedelta(hours=1)), patient, now=now)
    overlapping = make_slot(make_doctor(), now + timedelta(hours=1, minutes=29))

    with pytest.raises(PatientBusy):
        make_booking(overlapping, patient, now=now)


def test_a_patient_may_book_two_slots_that_touch(
    clinic: Clinic, doctor: Doctor, patient: Patient, now: datetime
) -> None:
    make_booking(make_slot(doctor, now + timedelta(hours=1)), patient, now=now)
    touching = make_slot(make_doctor(), now + timedelta(hours=1, minutes=30))

    assert make_booking(touching, patient, now=now).status == "CONFIRMED"


def test_book_slot_refuses_a_blocked_slot(
    clinic: Clinic, doctor: Doctor, patient: Patient, now: datetime
) -> None:
    slot = make_slot(doctor, now + timedelta(hours=1), status=Slot.Status.BLOCKED)

    with pytest.raises(SlotNotOffered):
        make_booking(slot, patient, now=now)


def test_the_last_bookable_slot_is_on_the_ninetieth_day(
    clinic: Clinic, doctor: Doctor, patient: Patient, now: datetime
) -> None:
    # 31 May 2026 is the 90th day; London is on summer time, so it ends at 23:00 UTC.
    last = make_slot(doctor, datetime.fromisoformat("2026-05-31T22:59:00Z"))
    too_far = make_slot(doctor, datetime.fromisoformat("2026-05-31T23:30:00Z"))

    assert make_booking(last, patient, now=now).status == "CONFIRMED"
    with pytest.raises(TooFarAhead):
        make_booking(too_far, patient, now=now)


def test_a_doctor_who_takes_no_new_patients_can_be_booked_by_known_patients(
    clinic: Clinic, doctor: Doctor, patient: Patient, now: datetime
) -> None:
    make_booking(make_slot(doctor, now + timedelta(hours=1)), patient, now=now)
    Doctor.objects.filter(pk=doctor.pk).update(accepting_new_patients=False)
    slot = make_slot(doctor, now + timedelta(hours=2))

    with pytest.raises(NewPatientsNotAccepted):
        make_booking(slot, make_patient(), now=now)
    assert make_booking(slot, patient, now=now).status == "CONFIRMED"
