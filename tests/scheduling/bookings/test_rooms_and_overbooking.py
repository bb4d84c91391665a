"""Rooms, which are never booked twice at one time, and overbookings, which only staff can make."""

from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db import IntegrityError

from clinics.models import Doctor, Patient
from scheduling.bookings import book as book_module
from scheduling.bookings.any_doctor import book_any_doctor
from scheduling.bookings.book import book_slot
from scheduling.bookings.hold import hold_slot
from scheduling.errors import PatientBusy, RoomsTaken, SlotNotOffered, SlotTaken, VisitTooLong
from scheduling.models import Booking, Slot, VisitType, WaitlistOffer
from tenants.accounts.models import AuditEntry, User
from tenants.base.errors import DomainError
from tenants.models import Clinic
from tests.drills.slot_race import drop_constraints
from tests.factories.people import make_doctor, make_patient, user_of
from tests.factories.schedule import make_booking, make_slot
from tests.factories.threads import run_concurrently
from tests.factories.visit_types import make_place, make_room, make_visit_type
from tests.factories.waitlist import make_entry
from tests.scheduling.visit_types.test_visit_types import open_starts

HOUR = timedelta(hours=1)


def book(
    slot: Slot, patient: Patient, visit_type: VisitType | None = None, *, now: datetime, **extra: object
) -> Booking:
    options = {"by": user_of(patient), **extra}
    return book_slot(slot_id=slot.pk, patient=patient, visit_type=visit_type, now=now, **options)  # type: ignore[arg-type]


def test_a_visit_gets_a_free_room_of_its_visit_type(doctor: Doctor, now: datetime) -> None:
    make_room(name="A")
    room_b, room_c = make_room(name="B"), make_room(name="C")
    visit = make_visit_type(needs_room=True)
    visit.rooms.set([room_b, room_c])
    other_doctors = [make_doctor(), make_doctor()]
    slots = [make_slot(each_doctor, now + HOUR) for each_doctor in (doctor, *other_doctors)]

    rooms = [book(slot, make_patient(), visit, now=now).room for slot in slots[:2]]

    assert rooms == [room_b, room_c]
    assert open_starts(other_doctors[1], visit, now=now) == []
    with pytest.raises(RoomsTaken):
        book(slots[2], make_patient(), visit, now=now)


def test_a_room_stays_occupied_during_the_buffer_after_a_visit(doctor: Doctor, now: datetime) -> None:
    make_room()
    visit = make_visit_type(needs_room=True, buffer_after_minutes=20)
    book(make_slot(doctor, now + HOUR), make_patient(), visit, now=now)
    other_doctor = make_doctor()
    too_early = make_slot(other_doctor, now + timedelta(minutes=105), minutes=5)
    after = make_slot(other_doctor, now + timedelta(minutes=110), minutes=10)

    assert open_starts(other_doctor, visit, now=now) == [after.starts_at]
    with pytest.raises(RoomsTaken):
        book(too_early, make_patient(), visit, now=now)
    assert book(after, make_patient(), visit, now=now).room is not None


def test_the_room_of_a_visit_is_at_the_same_place(doctor: Doctor, now: datetime) -> None:
    branch = make_place()
    make_room()
    visit = make_visit_type(needs_room=True)
    slot = make_slot(doctor, now + HOUR, place=branch)

    with pytest.raises(RoomsTaken):
        book(slot, make_patient(), visit, now=now)
    room = make_room(place=branch)
    booking = book(slot, make_patient(), visit, now=now)

    assert (booking.room, booking.place) == (room, branch)


def test_a_database_constraint_prevents_two_bookings_in_one_room(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    room = make_room()
    visit = make_visit_type(needs_room=True)
    book(make_slot(doctor, now + HOUR), patient, visit, now=now)
    other_booking = make_booking(make_slot(make_doctor(), now + HOUR), make_patient(), now=now)

    with pytest.raises(IntegrityError, match="booking_room_is_used_once"):
        Booking.objects.filter(pk=other_booking.pk).update(room=room)


@pytest.mark.parametrize("constrained", [True, False])
def test_concurrent_bookings_get_each_of_the_last_rooms_once(
    committed_clinic: Clinic, now: datetime, constrained: bool
) -> None:
    """As a control, the constraint is dropped: then the same race books rooms twice."""
    rooms = [make_room() for _ in range(3)]
    visit = make_visit_type(needs_room=True)
    slots = [make_slot(make_doctor(), now + HOUR) for _ in range(8)]
    attempts = [partial(book, slot, make_patient(), visit, now=now) for slot in slots]
    if not constrained:
        drop_constraints("booking_room_is_used_once")

    outcomes = run_concurrently(committed_clinic, *attempts)

    booked = [outcome.room for outcome in outcomes if isinstance(outcome, Booking)]
    if constrained:
        assert sorted(booked, key=str) == sorted(rooms, key=str)
        assert sum(isinstance(outcome, RoomsTaken) for outcome in outcomes) == 5
    else:
        assert len(booked) > len(rooms)


def test_staff_can_overbook_a_slot_and_it_is_audited(
    doctor: Doctor, patient: Patient, admin: User, now: datetime
) -> None:
    slot, other_patient = make_slot(doctor, now + HOUR), make_patient()
    make_booking(slot, patient, now=now)

    with pytest.raises(SlotTaken):
        book(slot, other_patient, now=now, by=admin)
    overbooking = book(slot, other_patient, now=now, by=admin, overbook=True)

    assert (overbooking.overbooked, overbooking.status, overbooking.slot) == (True, "CONFIRMED", slot)
    assert AuditEntry.objects.filter(what="overbooked", record_id=str(overbooking.pk)).count() == 1


def test_a_booking_of_an_open_slot_is_not_marked_as_overbooked(
    doctor: Doctor, patient: Patient, admin: User, now: datetime
) -> None:
    Doctor.objects.filter(pk=doctor.pk).update(day_limit=1)
    bookings = [
        book(make_slot(doctor, now + n * HOUR), person, now=now, by=admin, overbook=True)
        for n, person in ((1, patient), (2, make_patient()))
    ]

    assert [booking.overbooked for booking in bookings] == [False, False]
    assert not AuditEntry.objects.filter(what="overbooked").exists()


@pytest.mark.parametrize("taken", [False, True])
@pytest.mark.parametrize(
    ("fields", "length", "error"),
    [
        ({"status": "blocked"}, None, SlotNotOffered),
        ({"fits_hours": False}, None, SlotNotOffered),
        ({}, 60, VisitTooLong),
    ],
)
def test_only_a_taken_time_is_overbooked_not_one_that_is_blocked_outside_the_hours_or_too_short(
    doctor: Doctor,
    admin: User,
    now: datetime,
    *,
    fields: dict[str, object],
    length: int | None,
    error: type[DomainError],
    taken: bool,
) -> None:
    slot = make_slot(doctor, now + HOUR)
    if taken:
        make_booking(slot, make_patient(), now=now)
    Slot.objects.filter(pk=slot.pk).update(**fields)
    visit = make_visit_type(duration_minutes=length)

    with pytest.raises(error):
        book(slot, make_patient(), visit, now=now, by=admin, overbook=True)

    assert Booking.objects.filter(overbooked=True).count() == 0
    assert not AuditEntry.objects.filter(what="overbooked").exists()


def test_a_visit_that_overlaps_a_later_booking_is_overbooked(
    doctor: Doctor, patient: Patient, admin: User, now: datetime
) -> None:
    first, second = make_slot(doctor, now + HOUR), make_slot(doctor, now + HOUR + timedelta(minutes=30))
    make_booking(second, make_patient(), now=now)

    booking = book(first, patient, make_visit_type(duration_minutes=60), now=now, by=admin, overbook=True)

    assert booking.overbooked
    assert AuditEntry.objects.filter(what="overbooked", record_id=str(booking.pk)).count() == 1


def test_the_time_of_a_hold_released_for_an_overbooking_is_offered(
    doctor: Doctor, patient: Patient, admin: User, now: datetime
) -> None:
    """The patient's own hold with another doctor is at the same time, so it is released."""
    slot, held = make_slot(doctor, now + HOUR), make_slot(make_doctor(), now + HOUR)
    make_booking(slot, make_patient(), now=now)
    hold_slot(slot_id=held.pk, patient=patient, by=user_of(patient), now=now)
    make_entry(make_patient(), held.doctor, now=now)

    booking = book(slot, patient, now=now, by=admin, overbook=True)

    assert booking.overbooked
    assert WaitlistOffer.objects.get().booking.slot == held


def test_an_overbooking_that_fails_without_a_rule_is_refused_as_taken(
    doctor: Doctor, patient: Patient, admin: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The statement writes nothing, as when the obstacle is gone before the reason is looked for."""
    slot = make_slot(doctor, now + HOUR)
    make_booking(slot, make_patient(), now=now)
    monkeypatch.setattr(book_module, "claim_slot", lambda *_args, **_options: None)

    with pytest.raises(SlotTaken):
        book(slot, patient, now=now, by=admin, overbook=True)


def test_patients_cannot_overbook(doctor: Doctor, patient: Patient, now: datetime) -> None:
    slot = make_slot(doctor, now + HOUR)
    make_booking(slot, make_patient(), now=now)

    with pytest.raises(SlotTaken):
        book(slot, patient, now=now, overbook=True)


def test_overbooking_does_not_put_a_patient_in_two_places(
    doctor: Doctor, patient: Patient, admin: User, now: datetime
) -> None:
    slot = make_slot(doctor, now + HOUR)
    make_booking(slot, patient, now=now)

    with pytest.raises(PatientBusy):
        book(slot, patient, now=now, by=admin, overbook=True)


def test_an_overbooked_slot_stays_closed_after_its_first_booking_is_cancelled(
    doctor: Doctor, patient: Patient, admin: User, now: datetime
) -> None:
    slot = make_slot(doctor, now + HOUR)
    first = make_booking(slot, patient, now=now)
    book(slot, make_patient(), now=now, by=admin, overbook=True)
    Booking.objects.filter(pk=first.pk).update(status="CANCELLED", cancelled_at=now)

    assert open_starts(doctor, None, now=now) == []
    with pytest.raises(SlotTaken):
        book(slot, make_patient(), now=now)


def test_any_doctor_means_the_doctor_with_the_fewest_bookings_that_day(doctor: Doctor, now: datetime) -> None:
    busy, idle = doctor, make_doctor()
    starts_at = now + 3 * HOUR
    for each_doctor in (busy, idle):
        make_slot(each_doctor, starts_at)
    make_booking(make_slot(busy, now + HOUR), make_patient(), now=now)
    book_any = partial(
        book_any_doctor, starts_at=starts_at, specialty="general-medicine", visit_type=None, now=now
    )

    patients = [make_patient() for _ in range(3)]
    booked = [book_any(patient=patient, by=user_of(patient)).doctor for patient in patients[:2]]

    assert booked == [idle, busy]
    with pytest.raises(SlotTaken):
        book_any(patient=patients[2], by=user_of(patients[2]))


def test_over_many_days_equally_busy_doctors_get_as_many_bookings(doctor: Doctor, now: datetime) -> None:
    doctors = [doctor, make_doctor(), make_doctor()]
    counts = dict.fromkeys([each_doctor.pk for each_doctor in doctors], 0)
    for day in range(12):
        starts_at = now + timedelta(days=day + 1)
        for each_doctor in doctors:
            make_slot(each_doctor, starts_at)
        patient = make_patient()
        booking = book_any_doctor(
            starts_at=starts_at,
            specialty=None,
            visit_type=None,
            patient=patient,
            by=user_of(patient),
            now=now,
        )
        counts[booking.doctor_id] += 1

    assert sorted(counts.values()) == [4, 4, 4]
