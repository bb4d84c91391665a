"""Booking for somebody one cares for."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest

from clinics.models import Care, Doctor, Patient
from clinics.services.dependants import remove_carer
from scheduling.bookings.book import book_slot
from scheduling.errors import PatientBusy
from scheduling.models import Booking
from tenants.accounts.models import AuditEntry
from tenants.base.errors import NotFound
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_dependant, make_patient
from tests.factories.queries import queries_of
from tests.factories.schedule import make_slot

AsUser = Callable[..., ClinicClient]
SCHEDULE = "/api/appointments"


@pytest.fixture
def child(patient: Patient) -> Patient:
    """Somebody the patient cares for."""
    return make_dependant(patient)


@pytest.fixture
def booking(doctor: Doctor, patient: Patient, child: Patient, now: datetime) -> Booking:
    """The child's booking, made by the patient, two hours from now."""
    assert patient.user is not None
    slot = make_slot(doctor, now + timedelta(hours=2))
    return book_slot(slot_id=slot.pk, patient=child, by=patient.user, reason="Cough", now=now)


def test_a_carer_books_for_whom_they_care_for_and_for_themselves(
    doctor: Doctor, patient: Patient, child: Patient, as_user: AsUser, now: datetime
) -> None:
    slots = [make_slot(doctor, now + timedelta(hours=hours)) for hours in (1, 2)]
    book = partial(as_user(patient.user).post, f"{SCHEDULE}/bookings/")

    theirs = data_of(book({"slot": str(slots[0].pk), "patient": str(child.pk)}))
    own = data_of(book({"slot": str(slots[1].pk), "patient": str(patient.pk)}))

    assert theirs["patient"] == {"id": str(child.pk), "name": child.full_name}
    assert own["patient"]["id"] == str(patient.pk)
    assert [booking.events.get().by for booking in Booking.objects.all()] == [patient.user] * 2


def test_carer_and_child_may_be_seen_at_one_time_and_the_child_in_one_place(
    booking: Booking, patient: Patient, child: Patient, now: datetime
) -> None:
    assert patient.user is not None
    at_that_time = [make_slot(make_doctor_of(n), booking.starts_at) for n in range(2)]
    book = partial(book_slot, by=patient.user, now=now)

    book(slot_id=at_that_time[0].pk, patient=patient)
    with pytest.raises(PatientBusy):
        book(slot_id=at_that_time[1].pk, patient=child)


def make_doctor_of(number: int) -> Doctor:
    """A further doctor."""
    return Doctor.objects.create(name=f"Number{number}")


def test_a_carer_sees_their_childrens_bookings_among_their_own(
    booking: Booking, patient: Patient, child: Patient, as_user: AsUser, now: datetime
) -> None:
    assert patient.user is not None
    slot = make_slot(booking.doctor, now + timedelta(hours=1))
    own = book_slot(slot_id=slot.pk, patient=patient, by=patient.user, now=now)

    shown = data_of(as_user(patient.user).get(f"{SCHEDULE}/my-bookings/", {"when": "upcoming"}))["results"]

    assert [(each["id"], each["patient"]["name"]) for each in shown] == [
        (str(own.pk), patient.full_name),
        (str(booking.pk), child.full_name),
    ]


@pytest.mark.parametrize(("address", "method"), [("", "get"), ("calendar.ics", "get"), ("cancel/", "post")])
def test_a_booking_is_open_to_all_who_care_and_to_no_stranger(
    booking: Booking, child: Patient, as_user: AsUser, address: str, method: str
) -> None:
    parent, stranger = make_patient(), make_patient()
    Care.objects.create(carer=parent, dependant=child)
    path = f"{SCHEDULE}/bookings/{booking.pk}/{address}"

    statuses = [getattr(as_user(each.user), method)(path).status_code for each in (stranger, parent)]

    assert statuses == [404, 200]


def test_who_is_cared_for_does_not_see_their_carers_bookings(
    doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    assert patient.user is not None
    father = make_patient()
    Care.objects.create(carer=patient, dependant=father)
    slot = make_slot(doctor, now + timedelta(hours=1))
    booking = book_slot(slot_id=slot.pk, patient=patient, by=patient.user, now=now)

    assert as_user(father.user).get(f"{SCHEDULE}/bookings/{booking.pk}/").status_code == 404


def test_who_gives_a_child_up_loses_their_bookings_and_the_record_stays(
    booking: Booking, patient: Patient, child: Patient, as_user: AsUser
) -> None:
    assert patient.user is not None
    remove_carer(dependant=child, by=patient.user)

    client = as_user(patient.user)
    assert client.get(f"{SCHEDULE}/bookings/{booking.pk}/").status_code == 404
    assert data_of(client.get(f"{SCHEDULE}/my-bookings/"))["count"] == 0
    assert Booking.objects.get().patient == child


def test_booking_for_a_stranger_is_in_the_log_as_refused(
    doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    stranger, slot = make_patient(), make_slot(doctor, now + timedelta(hours=1))

    as_user(patient.user).post(f"{SCHEDULE}/bookings/", {"slot": str(slot.pk), "patient": str(stranger.pk)})

    entry = AuditEntry.objects.get()
    assert (entry.what, entry.record_id, entry.by) == ("refused", str(stranger.pk), patient.user)


def test_nothing_is_booked_for_a_record_that_is_gone(
    doctor: Doctor, patient: Patient, child: Patient, now: datetime
) -> None:
    assert patient.user is not None
    slot = make_slot(doctor, now + timedelta(hours=1))
    remove_carer(dependant=child, by=patient.user)

    with pytest.raises(NotFound):
        book_slot(slot_id=slot.pk, patient=child, by=patient.user, now=now)


def test_my_bookings_cost_the_same_for_one_and_for_three_who_are_cared_for(
    booking: Booking, doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    assert patient.user is not None
    client = as_user(patient.user)
    client.get("/api/clinic/")
    counts = []
    for hours in ((), (5, 6)):
        for hour in hours:
            slot = make_slot(doctor, now + timedelta(hours=hour))
            book_slot(slot_id=slot.pk, patient=make_dependant(patient), by=patient.user, now=now)
        counts.append(len(queries_of(lambda: client.get(f"{SCHEDULE}/my-bookings/"))))

    assert counts[0] == counts[1]
