"""Rooms, which are never used twice, and bookings in addition, which only the clinic's people make."""

from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db import IntegrityError

from clinics.models import Doctor, Patient
from scheduling.bookings.any_doctor import book_any_doctor
from scheduling.bookings.book import book_slot
from scheduling.errors import PatientBusy, RoomsTaken, SlotTaken
from scheduling.models import Booking, Slot, VisitType
from tenants.accounts.models import AuditEntry, User
from tenants.models import Clinic
from tests.drills.slot_race import drop_constraints
from tests.factories.people import make_doctor, make_patient, user_of
from tests.factories.schedule import make_booking, make_slot
from tests.factories.threads import at_once
from tests.factories.visit_types import make_place, make_room, make_visit_type
from tests.scheduling.visit_types.test_visit_types import open_starts

HOUR = timedelta(hours=1)


def book(
    slot: Slot, patient: Patient, visit_type: VisitType | None = None, *, now: datetime, **more: object
) -> Booking:
    values = {"by": user_of(patient), **more}
    return book_slot(slot_id=slot.pk, patient=patient, visit_type=visit_type, now=now, **values)  # type: ignore[arg-type]


def test_a_visit_gets_a_free_room_that_suits_it(doctor: Doctor, now: datetime) -> None:
    make_room(name="A")
    b, c = make_room(name="B"), make_room(name="C")
    visit = make_visit_type(needs_room=True)
    visit.rooms.set([b, c])
    others = [make_doctor(), make_doctor()]
    slots = [make_slot(each, now + HOUR) for each in (doctor, *others)]

    rooms = [book(slot, make_patient(), visit, now=now).room for slot in slots[:2]]

    assert rooms == [b, c]
    assert open_starts(others[1], visit, now=now) == []
    with pytest.raises(RoomsTaken):
        book(slots[2], make_patient(), visit, now=now)


def test_a_room_stays_used_while_it_is_cleaned(doctor: Doctor, now: datetime) -> None:
    make_room()
    visit = make_visit_type(needs_room=True, buffer_after_minutes=20)
    book(make_slot(doctor, now + HOUR), make_patient(), visit, now=now)
    other = make_doctor()
    soon = make_slot(other, now + timedelta(minutes=105), minutes=5)
    after = make_slot(other, now + timedelta(minutes=110), minutes=10)

    assert open_starts(other, visit, now=now) == [after.starts_at]
    with pytest.raises(RoomsTaken):
        book(soon, make_patient(), visit, now=now)
    assert book(after, make_patient(), visit, now=now).room is not None


def test_a_room_is_at_the_place_of_the_visit(doctor: Doctor, now: datetime) -> None:
    branch = make_place()
    make_room()
    visit = make_visit_type(needs_room=True)
    there = make_slot(doctor, now + HOUR, place=branch)

    with pytest.raises(RoomsTaken):
        book(there, make_patient(), visit, now=now)
    room = make_room(place=branch)
    booking = book(there, make_patient(), visit, now=now)

    assert (booking.room, booking.place) == (room, branch)


def test_the_database_itself_keeps_a_room_from_being_used_twice(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    room = make_room()
    visit = make_visit_type(needs_room=True)
    book(make_slot(doctor, now + HOUR), patient, visit, now=now)
    other = make_booking(make_slot(make_doctor(), now + HOUR), make_patient(), now=now)

    with pytest.raises(IntegrityError, match="booking_room_is_used_once"):
        Booking.objects.filter(pk=other.pk).update(room=room)


@pytest.mark.parametrize("guarded", [True, False])
def test_of_many_who_want_the_last_rooms_at_once_each_room_goes_to_one(
    committed_clinic: Clinic, now: datetime, guarded: bool
) -> None:
    rooms = [make_room() for _ in range(3)]
    visit = make_visit_type(needs_room=True)
    slots = [make_slot(make_doctor(), now + HOUR) for _ in range(8)]
    acts = [partial(book, slot, make_patient(), visit, now=now) for slot in slots]
    if not guarded:
        drop_constraints("booking_room_is_used_once")

    outcomes = at_once(committed_clinic, *acts)

    booked = [each.room for each in outcomes if isinstance(each, Booking)]
    if guarded:
        assert sorted(booked, key=str) == sorted(rooms, key=str)
        assert sum(isinstance(each, RoomsTaken) for each in outcomes) == 5
    else:
        assert len(booked) > len(rooms)


def test_staff_may_book_in_addition_and_it_is_said_so(
    doctor: Doctor, patient: Patient, admin: User, now: datetime
) -> None:
    slot, other = make_slot(doctor, now + HOUR), make_patient()
    make_booking(slot, patient, now=now)

    with pytest.raises(SlotTaken):
        book(slot, other, now=now, by=admin)
    added = book(slot, other, now=now, by=admin, overbook=True)

    assert (added.overbooked, added.status, added.slot) == (True, "CONFIRMED", slot)
    assert AuditEntry.objects.filter(what="overbooked", record_id=str(added.pk)).count() == 1


def test_what_can_be_had_as_usual_is_booked_as_usual(
    doctor: Doctor, patient: Patient, admin: User, now: datetime
) -> None:
    Doctor.objects.filter(pk=doctor.pk).update(day_limit=1)
    booked = [
        book(make_slot(doctor, now + n * HOUR), person, now=now, by=admin, overbook=True)
        for n, person in ((1, patient), (2, make_patient()))
    ]

    assert [each.overbooked for each in booked] == [False, False]
    assert not AuditEntry.objects.filter(what="overbooked").exists()


def test_patients_cannot_book_in_addition(doctor: Doctor, patient: Patient, now: datetime) -> None:
    slot = make_slot(doctor, now + HOUR)
    make_booking(slot, make_patient(), now=now)

    with pytest.raises(SlotTaken):
        book(slot, patient, now=now, overbook=True)


def test_no_patient_is_in_two_places_not_even_in_addition(
    doctor: Doctor, patient: Patient, admin: User, now: datetime
) -> None:
    slot = make_slot(doctor, now + HOUR)
    make_booking(slot, patient, now=now)

    with pytest.raises(PatientBusy):
        book(slot, patient, now=now, by=admin, overbook=True)


def test_a_time_with_an_added_booking_is_not_open_when_the_first_is_cancelled(
    doctor: Doctor, patient: Patient, admin: User, now: datetime
) -> None:
    slot = make_slot(doctor, now + HOUR)
    first = make_booking(slot, patient, now=now)
    book(slot, make_patient(), now=now, by=admin, overbook=True)
    Booking.objects.filter(pk=first.pk).update(status="CANCELLED", cancelled_at=now)

    assert open_starts(doctor, None, now=now) == []
    with pytest.raises(SlotTaken):
        book(slot, make_patient(), now=now)


def test_any_doctor_is_the_one_with_least_to_do_that_day(doctor: Doctor, now: datetime) -> None:
    busy, idle = doctor, make_doctor()
    at = now + 3 * HOUR
    for each in (busy, idle):
        make_slot(each, at)
    make_booking(make_slot(busy, now + HOUR), make_patient(), now=now)
    ask = partial(book_any_doctor, starts_at=at, specialty="general-medicine", visit_type=None, now=now)

    people = [make_patient() for _ in range(3)]
    booked = [ask(patient=person, by=user_of(person)).doctor for person in people[:2]]

    assert booked == [idle, busy]
    with pytest.raises(SlotTaken):
        ask(patient=people[2], by=user_of(people[2]))


def test_over_many_days_equal_doctors_are_given_as_much(doctor: Doctor, now: datetime) -> None:
    doctors = [doctor, make_doctor(), make_doctor()]
    given = dict.fromkeys([each.pk for each in doctors], 0)
    for day in range(12):
        at = now + timedelta(days=day + 1)
        for each in doctors:
            make_slot(each, at)
        person = make_patient()
        booking = book_any_doctor(
            starts_at=at, specialty=None, visit_type=None, patient=person, by=user_of(person), now=now
        )
        given[booking.doctor_id] += 1

    assert sorted(given.values()) == [4, 4, 4]
