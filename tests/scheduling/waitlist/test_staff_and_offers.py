"""Staff who want an offered time are told so, and withdraw the offer or overbook knowingly (BC17)."""

from datetime import datetime, timedelta

import pytest

from clinics.models import Doctor, Patient
from scheduling.bookings.book import book_slot
from scheduling.bookings.cancel import cancel_booking
from scheduling.clock.time_off import TimeOffSpec
from scheduling.errors import OfferEnded, OfferWithdrawn, SlotTaken, TimeOffered
from scheduling.models import Booking, Slot, WaitlistEntry, WaitlistOffer
from scheduling.time_off.give import give_time_off
from scheduling.waitlist.offers import accept_offer, withdraw_offer
from tenants.accounts.models import User
from tenants.base.clock import now as clock_now
from tests.factories.admin_pages import submit_form
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import make_patient
from tests.factories.schedule import make_slot
from tests.factories.waitlist import entry_state, make_entry, user_of

HOUR = timedelta(hours=1)


@pytest.fixture
def slot(doctor: Doctor, soon: datetime) -> Slot:
    """A slot on the day after tomorrow, and an open one an hour later that the first patient was offered."""
    return make_slot(doctor, soon)


@pytest.fixture
def entries(doctor: Doctor) -> list[WaitlistEntry]:
    """Two patients who wait for the doctor."""
    return [make_entry(make_patient(), doctor, now=clock_now() + timedelta(seconds=n)) for n in range(2)]


@pytest.fixture
def offer(slot: Slot, entries: list[WaitlistEntry], admin: User) -> WaitlistOffer:
    """The slot of a cancelled booking, offered to the first of the two."""
    booking = book_slot(slot_id=slot.pk, patient=make_patient(), by=admin, now=clock_now())
    cancel_booking(booking=booking, by=admin, now=clock_now())
    offer = WaitlistOffer.objects.get()
    assert offer.entry == entries[0]
    return offer


def active() -> list[tuple[Patient, bool]]:
    """Return the patient of each booking that takes time, and whether it is an overbooking."""
    return [
        (booking.patient, booking.overbooked)
        for booking in Booking.objects.taking_time().select_related("patient").order_by("created_at")
    ]


def test_staff_are_told_that_a_time_is_offered(
    offer: WaitlistOffer, slot: Slot, patient: Patient, admin: User
) -> None:
    with pytest.raises(TimeOffered) as refusal:
        book_slot(slot_id=slot.pk, patient=patient, by=admin, now=clock_now())

    assert refusal.value.data["offer"] == {"id": offer.pk, "ends_at": offer.ends_at}
    assert active() == [(offer.entry.patient, False)]


def test_a_patient_is_not_told_of_another_patients_offer(
    offer: WaitlistOffer, slot: Slot, patient: Patient
) -> None:
    with pytest.raises(SlotTaken) as refusal:
        book_slot(slot_id=slot.pk, patient=patient, by=user_of(patient), now=clock_now())

    assert refusal.value.code == "slot_taken"


def test_staff_can_overbook_an_offered_time_knowingly(
    offer: WaitlistOffer, slot: Slot, patient: Patient, admin: User
) -> None:
    book_slot(slot_id=slot.pk, patient=patient, by=admin, overbook=True, now=clock_now())
    accept_offer(offer=offer, by=user_of(offer.entry.patient), now=clock_now())

    assert active() == [(offer.entry.patient, False), (patient, True)]


def test_staff_can_withdraw_the_offer_and_book_its_time_in_one_step(
    offer: WaitlistOffer, slot: Slot, patient: Patient, admin: User
) -> None:
    booking = book_slot(slot_id=slot.pk, patient=patient, by=admin, withdraw_offer=True, now=clock_now())

    offer.refresh_from_db()
    assert (booking.overbooked, offer.outcome) == (False, "revoked")
    assert active() == [(patient, False)]
    assert entry_state(offer.entry) == ("waiting", 0)
    with pytest.raises(OfferWithdrawn):
        accept_offer(offer=offer, by=user_of(offer.entry.patient), now=clock_now())


def test_a_refused_booking_does_not_withdraw_the_offer(
    offer: WaitlistOffer, slot: Slot, patient: Patient, admin: User, doctor: Doctor
) -> None:
    other = make_slot(doctor, slot.ends_at)
    book_slot(slot_id=other.pk, patient=make_patient(), by=admin, now=clock_now())

    with pytest.raises(SlotTaken):
        book_slot(slot_id=other.pk, patient=patient, by=admin, withdraw_offer=True, now=clock_now())

    offer.refresh_from_db()
    assert offer.outcome == "open"


def test_a_withdrawn_offer_passes_to_the_next_patient(
    offer: WaitlistOffer, entries: list[WaitlistEntry], admin: User
) -> None:
    withdraw_offer(offer=offer, by=admin, now=clock_now())

    assert WaitlistOffer.objects.get(outcome="open").entry == entries[1]
    assert entry_state(entries[0]) == ("waiting", 0)


def test_the_form_for_a_booking_says_that_the_time_is_offered_and_can_withdraw_the_offer(
    offer: WaitlistOffer, slot: Slot, patient: Patient, desk: ClinicClient
) -> None:
    form = {"patient": str(patient.pk), "slot": str(slot.pk), "reason": ""}

    page = submit_form(desk, "scheduling/booking/add/", form)
    refused = active()
    submit_form(desk, "scheduling/booking/add/", {**form, "withdraw_offer": "on"})

    assert "This time is offered to a patient on the waiting list." in page
    assert refused == [(offer.entry.patient, False)]
    assert active() == [(patient, False)]


def test_the_form_for_a_booking_can_overbook_an_offered_time(
    offer: WaitlistOffer, slot: Slot, patient: Patient, desk: ClinicClient
) -> None:
    form = {"patient": str(patient.pk), "slot": str(slot.pk), "reason": "", "overbook": "on"}

    submit_form(desk, "scheduling/booking/add/", form)

    assert active() == [(offer.entry.patient, False), (patient, True)]


def test_the_front_desk_withdraws_offers_in_the_admin(
    offer: WaitlistOffer, entries: list[WaitlistEntry], desk: ClinicClient
) -> None:
    data = {"action": "withdraw_offers", "_selected_action": [str(offer.entry.pk)]}

    page = submit_form(desk, "scheduling/waitlistentry/", data)

    offer.refresh_from_db()
    assert "1 offer withdrawn." in page
    assert offer.outcome == "revoked"


def test_time_off_over_an_offered_time_refuses_the_acceptance_and_keeps_the_place(
    offer: WaitlistOffer, slot: Slot, doctor: Doctor, admin: User
) -> None:
    open_slot, day = make_slot(doctor, slot.starts_at + timedelta(days=1)), slot.starts_at.date()
    give_time_off(doctor=doctor, spec=TimeOffSpec(day, day), by=admin, now=clock_now())

    with pytest.raises(OfferWithdrawn) as refusal:
        accept_offer(offer=offer, by=user_of(offer.entry.patient), now=clock_now())

    assert [found["id"] for found in refusal.value.data["alternatives"]] == [str(open_slot.pk)]
    assert entry_state(offer.entry) == ("waiting", 0)
    assert active() == []


def test_accepting_in_the_second_the_offer_ends_is_refused_with_other_times(
    offer: WaitlistOffer, slot: Slot, doctor: Doctor
) -> None:
    open_slot = make_slot(doctor, slot.starts_at + HOUR)

    with pytest.raises(OfferEnded) as refusal:
        accept_offer(offer=offer, by=user_of(offer.entry.patient), now=offer.ends_at)

    found = [found["id"] for found in refusal.value.data["alternatives"]]
    assert str(open_slot.pk) in found
    assert entry_state(offer.entry)[0] == "offered"  # until the hold is released; then it waits again
