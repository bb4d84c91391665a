"""Booking for a dependant."""

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
APPOINTMENTS = "/api/appointments"


@pytest.fixture
def child(patient: Patient) -> Patient:
    """A dependant of the patient."""
    return make_dependant(patient)


@pytest.fixture
def booking(doctor: Doctor, patient: Patient, child: Patient, now: datetime) -> Booking:
    """The child's booking, made by the patient, two hours from now."""
    assert patient.user is not None
    slot = make_slot(doctor, now + timedelta(hours=2))
    return book_slot(slot_id=slot.pk, patient=child, by=patient.user, reason="Cough", now=now)


def test_a_carer_can_book_for_a_dependant_and_for_themselves(
    doctor: Doctor, patient: Patient, child: Patient, as_user: AsUser, now: datetime
) -> None:
    slots = [make_slot(doctor, now + timedelta(hours=hours)) for hours in (1, 2)]
    book = partial(as_user(patient.user).post, f"{APPOINTMENTS}/bookings/")

    for_the_child = data_of(book({"slot": str(slots[0].pk), "patient": str(child.pk)}))
    for_themselves = data_of(book({"slot": str(slots[1].pk), "patient": str(patient.pk)}))

    assert for_the_child["patient"] == {"id": str(child.pk), "name": child.full_name}
    assert for_themselves["patient"]["id"] == str(patient.pk)
    assert [booking.events.get().by for booking in Booking.objects.all()] == [patient.user] * 2


def test_carer_and_child_can_have_bookings_at_the_same_time_but_the_child_only_one(
    booking: Booking, patient: Patient, child: Patient, now: datetime
) -> None:
    assert patient.user is not None
    slots = [make_slot(make_numbered_doctor(n), booking.starts_at) for n in range(2)]
    book = partial(book_slot, by=patient.user, now=now)

    book(slot_id=slots[0].pk, patient=patient)
    with pytest.raises(PatientBusy):
        book(slot_id=slots[1].pk, patient=child)


def make_numbered_doctor(number: int) -> Doctor:
    """Another doctor, named after the number."""
    return Doctor.objects.create(name=f"Number{number}")


def test_my_bookings_lists_the_dependants_bookings_with_the_carers_own(
    booking: Booking, patient: Patient, child: Patient, as_user: AsUser, now: datetime
) -> None:
    assert patient.user is not None
    slot = make_slot(booking.doctor, now + timedelta(hours=1))
    own = book_slot(slot_id=slot.pk, patient=patient, by=patient.user, now=now)

    results = data_of(as_user(patient.user).get(f"{APPOINTMENTS}/my-bookings/", {"when": "upcoming"}))[
        "results"
    ]

    assert [(result["id"], result["patient"]["name"]) for result in results] == [
        (str(own.pk), patient.full_name),
        (str(booking.pk), child.full_name),
    ]


@pytest.mark.parametrize(("address", "method"), [("", "get"), ("calendar.ics", "get"), ("cancel/", "post")])
def test_every_carer_can_open_a_dependants_booking_and_a_stranger_cannot(
    booking: Booking, child: Patient, as_user: AsUser, address: str, method: str
) -> None:
    other_carer, stranger = make_patient(), make_patient()
    Care.objects.create(carer=other_carer, dependant=child)
    path = f"{APPOINTMENTS}/bookings/{booking.pk}/{address}"

    statuses = [getattr(as_user(person.user), method)(path).status_code for person in (stranger, other_carer)]

    assert statuses == [404, 200]


def test_a_dependant_does_not_see_their_carers_bookings(
    doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    assert patient.user is not None
    father = make_patient()
    Care.objects.create(carer=patient, dependant=father)
    slot = make_slot(doctor, now + timedelta(hours=1))
    booking = book_slot(slot_id=slot.pk, patient=patient, by=patient.user, now=now)

    assert as_user(father.user).get(f"{APPOINTMENTS}/bookings/{booking.pk}/").status_code == 404


def test_a_removed_carer_no_longer_sees_the_bookings_which_stay(
    booking: Booking, patient: Patient, child: Patient, as_user: AsUser
) -> None:
    assert patient.user is not None
    remove_carer(dependant=child, by=patient.user)

    client = as_user(patient.user)
    assert client.get(f"{APPOINTMENTS}/bookings/{booking.pk}/").status_code == 404
    assert data_of(client.get(f"{APPOINTMENTS}/my-bookings/"))["count"] == 0
    assert Booking.objects.get().patient == child


def test_booking_for_a_stranger_writes_a_refusal_to_the_audit_log(
    doctor: Doctor, patient: Patient, as_user: AsUser, now: datetime
) -> None:
    stranger, slot = make_patient(), make_slot(doctor, now + timedelta(hours=1))

    as_user(patient.user).post(
        f"{APPOINTMENTS}/bookings/", {"slot": str(slot.pk), "patient": str(stranger.pk)}
    )

    entry = AuditEntry.objects.get()
    assert (entry.what, entry.record_id, entry.by) == ("refused", str(stranger.pk), patient.user)


def test_book_slot_refuses_a_dependant_whose_only_carer_was_removed(
    doctor: Doctor, patient: Patient, child: Patient, now: datetime
) -> None:
    assert patient.user is not None
    slot = make_slot(doctor, now + timedelta(hours=1))
    remove_carer(dependant=child, by=patient.user)

    with pytest.raises(NotFound):
        book_slot(slot_id=slot.pk, patient=child, by=patient.user, now=now)


def test_my_bookings_needs_as_many_queries_for_three_dependants_as_for_one(
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
        counts.append(len(queries_of(lambda: client.get(f"{APPOINTMENTS}/my-bookings/"))))

    assert counts[0] == counts[1]
