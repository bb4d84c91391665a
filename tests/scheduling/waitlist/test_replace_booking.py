"""An earlier time from the waiting list can replace a later booking in one step."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from clinics.models import ClinicSettings, Doctor, Patient, Specialty
from scheduling.bookings.cancel import cancel_booking
from scheduling.errors import (
    BookedTooLate,
    LimitReached,
    NewPatientsNotAccepted,
    NoDoctorAvailable,
    NotReplaceable,
    OfferEnded,
    WaitlistLimitReached,
)
from scheduling.models import Booking, Slot, VisitType, WaitlistOffer
from scheduling.waitlist.offers import accept_offer
from tenants.accounts.models import User
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import make_doctor, make_patient
from tests.factories.schedule import make_booking, make_slot
from tests.factories.waitlist import entry_state, make_entry, user_of

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def later(doctor: Doctor, patient: Patient, now: datetime) -> Booking:
    """The patient's one upcoming booking, in ten days, which the clinic's limit allows."""
    ClinicSettings.objects.update(upcoming_limit=1)
    return make_booking(make_slot(doctor, now + 10 * DAY), patient, now=now)


@pytest.fixture
def offer(doctor: Doctor, patient: Patient, admin: User, later: Booking, now: datetime) -> WaitlistOffer:
    """An earlier time, in three days, that became free and is offered to the patient."""
    slot = make_slot(doctor, now + 3 * DAY)
    booking = make_booking(slot, make_patient(), now=now)
    make_entry(patient, doctor, now=now)
    cancel_booking(booking=booking, by=admin, now=now)
    return WaitlistOffer.objects.get()


def test_a_patient_at_the_limit_is_offered_an_earlier_time_than_their_booking(
    offer: WaitlistOffer, patient: Patient, now: datetime
) -> None:
    """WL6."""
    assert (offer.entry.patient, offer.booking.starts_at) == (patient, now + 3 * DAY)


def test_accepting_replaces_the_later_booking_in_one_step(
    offer: WaitlistOffer, later: Booking, patient: Patient, now: datetime
) -> None:
    booking = accept_offer(offer=offer, by=user_of(patient), replaces=later.pk, now=now)

    later.refresh_from_db()
    assert (booking.status, later.status, entry_state(offer.entry)) == (
        "CONFIRMED",
        "CANCELLED",
        ("booked", 0),
    )
    assert later.events.get(kind="cancelled").note == (
        "Replaced by an earlier appointment from the waiting list."
    )


def test_at_the_limit_an_offer_is_accepted_only_if_it_replaces_the_later_booking(
    offer: WaitlistOffer, later: Booking, patient: Patient, now: datetime
) -> None:
    with pytest.raises(LimitReached):
        accept_offer(offer=offer, by=user_of(patient), now=now)

    offer.refresh_from_db()
    assert (offer.outcome, Booking.objects.get(pk=later.pk).status) == ("open", "CONFIRMED")


def test_the_replaced_booking_stays_if_the_offer_has_ended(
    offer: WaitlistOffer, later: Booking, patient: Patient
) -> None:
    with pytest.raises(OfferEnded):
        accept_offer(offer=offer, by=user_of(patient), replaces=later.pk, now=offer.ends_at)

    later.refresh_from_db()
    assert later.status == "CONFIRMED"


def test_the_time_of_the_replaced_booking_goes_to_the_waiting_list(
    doctor: Doctor, offer: WaitlistOffer, later: Booking, patient: Patient, now: datetime
) -> None:
    waiting = make_entry(make_patient(), doctor, first=later.starts_at.date(), now=now)

    accept_offer(offer=offer, by=user_of(patient), replaces=later.pk, now=now)

    assert WaitlistOffer.objects.get(outcome="open").entry == waiting


@pytest.mark.parametrize("which", ["of_somebody_else", "of_another_specialty", "earlier"])
def test_an_offer_replaces_only_a_later_booking_of_the_patient_with_a_similar_doctor(
    doctor: Doctor, patient: Patient, offer: WaitlistOffer, now: datetime, which: str
) -> None:
    ClinicSettings.objects.update(upcoming_limit=None)
    booker, with_doctor, starts_at = {
        "of_somebody_else": (make_patient(), doctor, now + 11 * DAY),
        "of_another_specialty": (patient, make_doctor(specialties=["audiology"]), now + 11 * DAY),
        "earlier": (patient, doctor, now + 2 * DAY),
    }[which]
    booking = make_booking(make_slot(with_doctor, starts_at), booker, now=now)

    with pytest.raises(NotReplaceable):
        accept_offer(offer=offer, by=user_of(patient), replaces=booking.pk, now=now)

    assert (Booking.objects.get(pk=booking.pk).status, WaitlistOffer.objects.get().outcome) == (
        "CONFIRMED",
        "open",
    )


def test_the_api_lists_what_an_offer_can_replace_and_replaces_it(
    as_user: Callable[..., ClinicClient], offer: WaitlistOffer, later: Booking, patient: Patient
) -> None:
    client = as_user(user_of(patient))

    (entry,) = client.get("/api/appointments/waitlist/").json()["data"]["results"]
    response = client.post(
        f"/api/appointments/waitlist/offers/{offer.pk}/accept/",
        {"replaces": entry["offer"]["can_replace"][0]},
    )

    later.refresh_from_db()
    assert entry["offer"]["can_replace"] == [str(later.pk)]
    assert (response.status_code, later.status) == (200, "CANCELLED")


# Joining is refused where it can never succeed


def test_joining_at_the_limit_is_refused_if_no_booking_could_be_replaced(
    patient: Patient, later: Booking, now: datetime
) -> None:
    other_specialty = make_doctor(specialties=["audiology"])

    with pytest.raises(WaitlistLimitReached):
        make_entry(patient, other_specialty, now=now)
    with pytest.raises(WaitlistLimitReached):
        make_entry(patient, later.doctor, first=later.starts_at.date() + DAY, now=now)


def test_joining_for_a_specialty_without_doctors_is_refused(patient: Patient, now: datetime) -> None:
    audiology = Specialty.objects.get(code="audiology")
    make_doctor(specialties=["audiology"], is_active=False)

    with pytest.raises(NoDoctorAvailable):
        make_entry(patient, specialty=audiology, now=now)


def test_joining_for_a_visit_type_that_no_doctor_of_the_specialty_offers_is_refused(
    patient: Patient, now: datetime
) -> None:
    audiology, visit_type = (
        Specialty.objects.get(code="audiology"),
        VisitType.objects.create(name="Elsewhere"),
    )
    make_doctor(specialties=["audiology"])
    visit_type.doctors.add(make_doctor())

    with pytest.raises(NoDoctorAvailable):
        make_entry(patient, specialty=audiology, visit_type=visit_type, now=now)


def test_a_new_patient_cannot_wait_for_a_doctor_who_accepts_none(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    slot = make_slot(doctor, now + DAY)
    known = make_patient()
    make_booking(slot, known, now=now)
    Doctor.objects.update(accepting_new_patients=False)

    with pytest.raises(NewPatientsNotAccepted):
        make_entry(patient, doctor, now=now)
    assert make_entry(known, doctor, now=now).status == "waiting"


def test_joining_for_days_that_are_all_too_soon_to_book_is_refused(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    ClinicSettings.objects.update(booking_notice_minutes=3 * 24 * 60)
    today: Any = now.date()

    with pytest.raises(BookedTooLate):
        make_entry(patient, doctor, first=today, last=today + 2 * DAY, now=now)
    assert make_entry(patient, doctor, first=today, last=today + 3 * DAY, now=now).status == "waiting"


def test_the_api_explains_why_nobody_can_join(
    as_user: Callable[..., ClinicClient], patient: Patient, now: datetime
) -> None:
    response = as_user(user_of(patient)).post(
        "/api/appointments/waitlist/",
        {"specialty": "audiology", "from": "2026-03-03", "to": "2026-03-20"},
    )

    body = response.json()
    assert (response.status_code, body["code"]) == (422, "no_doctor_available")
    assert body["message"] == (
        "No doctor takes bookings for this here. Choose another specialty, or call the clinic."
    )
    assert not Slot.objects.exists()
