"""A visit by telephone cannot be booked without a valid number of the patient or a carer, on any path."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from clinics.models import Doctor, Patient
from scheduling.bookings.any_doctor import book_any_doctor
from scheduling.bookings.book import book_slot
from scheduling.bookings.hold import confirm_hold, hold_slot
from scheduling.bookings.reschedule import reschedule_booking
from scheduling.errors import PhoneRequired
from scheduling.models import Booking, VisitType
from scheduling.visit_chains.services import book_chain
from scheduling.waitlist.offers import accept_offer
from tenants.base.clock import now as clock_now
from tests.factories.people import make_dependant, make_doctor, make_patient, make_receptionist, user_of
from tests.factories.schedule import make_booking, make_slot
from tests.factories.visit_types import make_chain, make_visit_type
from tests.factories.waitlist import make_entry, make_offer_to

NUMBER = "+442079460018"


@pytest.fixture
def call(clinic: Any) -> VisitType:
    """A visit by telephone."""
    return make_visit_type(mode=VisitType.Mode.PHONE)


def test_a_patient_without_a_number_is_refused_and_nothing_is_booked(
    doctor: Doctor, patient: Patient, call: VisitType, now: datetime
) -> None:
    slot = make_slot(doctor, now + timedelta(days=1))

    with pytest.raises(PhoneRequired) as refusal:
        book_slot(slot_id=slot.pk, patient=patient, by=user_of(patient), visit_type=call, now=now)

    assert (refusal.value.code, refusal.value.status) == ("phone_required", 422)
    assert not Booking.objects.exists()


@pytest.mark.parametrize("phone", ["", "abc", "1", "+44 20"])
def test_a_text_that_is_no_number_does_not_count(
    doctor: Doctor, patient: Patient, call: VisitType, now: datetime, phone: str
) -> None:
    Patient.objects.filter(pk=patient.pk).update(phone=phone)
    patient.refresh_from_db()

    with pytest.raises(PhoneRequired):
        book_slot(
            slot_id=make_slot(doctor, now + timedelta(days=1)).pk,
            patient=patient, by=user_of(patient), visit_type=call, now=now,
        )  # fmt: skip


@pytest.mark.parametrize("phone", [NUMBER, "020 7946 0018"])
def test_a_patient_with_a_number_books_also_if_it_was_stored_in_the_national_form(
    doctor: Doctor, patient: Patient, call: VisitType, now: datetime, phone: str
) -> None:
    Patient.objects.filter(pk=patient.pk).update(phone=phone)
    patient.refresh_from_db()
    slot = make_slot(doctor, now + timedelta(days=1))

    assert book_slot(slot_id=slot.pk, patient=patient, by=user_of(patient), visit_type=call, now=now)


def test_a_carers_number_counts_for_a_dependant(doctor: Doctor, call: VisitType, now: datetime) -> None:
    carer = make_patient(phone=NUMBER)
    kit = make_dependant(carer)
    slot = make_slot(doctor, now + timedelta(days=1))

    assert book_slot(slot_id=slot.pk, patient=kit, by=user_of(carer), visit_type=call, now=now)


def test_the_front_desk_is_refused_too(
    doctor: Doctor, patient: Patient, call: VisitType, now: datetime
) -> None:
    slot = make_slot(doctor, now + timedelta(days=1))

    for overbook in (False, True):
        with pytest.raises(PhoneRequired):
            book_slot(
                slot_id=slot.pk, patient=patient, by=make_receptionist(), visit_type=call,
                overbook=overbook, now=now,
            )  # fmt: skip


def test_a_hold_needs_no_number_but_confirming_it_does(
    doctor: Doctor, patient: Patient, call: VisitType, now: datetime
) -> None:
    slot, user = make_slot(doctor, now + timedelta(days=1)), user_of(patient)
    hold = hold_slot(slot_id=slot.pk, patient=patient, by=user, visit_type=call, now=now)

    with pytest.raises(PhoneRequired):
        confirm_hold(hold_id=hold.pk, patient=patient, by=user, now=now)

    hold.refresh_from_db()
    assert hold.status == Booking.Status.HELD  # the patient adds the number and confirms it
    Patient.objects.filter(pk=patient.pk).update(phone=NUMBER)
    patient.refresh_from_db()
    confirmed = confirm_hold(hold_id=hold.pk, patient=patient, by=user, now=now)
    assert confirmed.status == Booking.Status.CONFIRMED


def test_an_offer_of_the_waiting_list_is_not_accepted_without_a_number(
    doctor: Doctor, patient: Patient, call: VisitType, now: datetime
) -> None:
    slot = make_slot(doctor, now + timedelta(days=1))
    offer = make_offer_to(
        make_entry(patient, doctor, now=now), slot, ends_at=now + timedelta(hours=2), now=now
    )
    Booking.objects.filter(pk=offer.booking_id).update(visit_type=call)

    with pytest.raises(PhoneRequired):
        accept_offer(offer=offer, by=user_of(patient), now=now)


def test_a_time_with_any_doctor_is_refused(
    doctor: Doctor, patient: Patient, call: VisitType, now: datetime
) -> None:
    starts_at = now + timedelta(days=1)
    make_slot(doctor, starts_at)
    make_slot(make_doctor(), starts_at)

    with pytest.raises(PhoneRequired):
        book_any_doctor(
            starts_at=starts_at,
            specialty=None,
            visit_type=call,
            patient=patient,
            by=user_of(patient),
            now=now,
        )


def test_moving_a_visit_to_a_visit_by_telephone_is_refused_moving_a_call_is_not(
    doctor: Doctor, patient: Patient, call: VisitType, now: datetime
) -> None:
    booking = make_booking(make_slot(doctor, now + timedelta(days=1)), patient, now=now)
    later, user = make_slot(doctor, now + timedelta(days=2)), user_of(patient)

    with pytest.raises(PhoneRequired):
        reschedule_booking(booking=booking, slot_id=later.pk, by=user, visit_type=call, now=now)

    Booking.objects.filter(pk=booking.pk).update(visit_type=call)
    booking = Booking.objects.get(pk=booking.pk)
    assert (
        reschedule_booking(booking=booking, slot_id=later.pk, by=user, now=now).starts_at == later.starts_at
    )


def test_a_chain_with_a_call_is_refused_as_a_whole(
    doctor: Doctor, patient: Patient, call: VisitType, now: datetime
) -> None:
    chain = make_chain(make_visit_type(), call)
    first = make_slot(doctor, now + timedelta(days=1))
    second = make_slot(doctor, first.ends_at)

    with pytest.raises(PhoneRequired):
        book_chain(chain=chain, slots=[first.pk, second.pk], patient=patient, by=user_of(patient), now=now)

    assert not Booking.objects.exists()


def test_the_api_names_the_code_and_how_to_go_on(
    client_for: Any, clinic: Any, doctor: Doctor, patient: Patient, call: VisitType
) -> None:
    slot = make_slot(doctor, clock_now() + timedelta(days=1))
    client = client_for(clinic, user_of(patient))
    body = {"slot": str(slot.pk), "visit_type": str(call.pk)}

    refused = client.post("/api/appointments/bookings/", body)
    client.patch("/api/auth/profile/", {"phone": "020 7946 0018"})
    booked = client.post("/api/appointments/bookings/", body)

    assert (refused.status_code, refused.json()["code"]) == (422, "phone_required")
    assert booked.status_code == 201


def test_a_series_of_calls_says_of_each_visit_that_a_number_is_missing(
    client_for: Any, clinic: Any, doctor: Doctor, patient: Patient, call: VisitType
) -> None:
    first = clock_now().replace(hour=11, minute=0, second=0, microsecond=0) + timedelta(days=1)
    for week in range(2):
        make_slot(doctor, first + timedelta(weeks=week))
    body = {
        "doctor": str(doctor.pk), "first_on": f"{first:%Y-%m-%d}", "unit": "week", "every": 1, "count": 2,
        "clock": f"{first.astimezone(clinic.zone):%H:%M}", "visit_type": str(call.pk),
    }  # fmt: skip

    answer = client_for(clinic, user_of(patient)).post("/api/appointments/series/", body)

    assert "phone_required" in answer.content.decode()
    assert not Booking.objects.exists()
