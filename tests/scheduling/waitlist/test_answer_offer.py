"""Offers can be accepted, declined, missed and passed on, and nobody else gets the time meanwhile."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from clinics.models import Doctor, Patient, Specialty
from scheduling.bookings.hold import confirm_hold, hold_slot, release_hold
from scheduling.bookings.release_holds import expire_hold
from scheduling.errors import (
    HoldExpired,
    OfferEnded,
    PatientBusy,
    SlotTaken,
)
from scheduling.models import Booking, Slot, VisitType, WaitlistEntry, WaitlistOffer
from scheduling.waitlist.offer_open_times import offer_released_slot
from scheduling.waitlist.offers import accept_offer, decline_offer
from scheduling.waitlist.services import leave_waitlist
from tests.factories.people import make_doctor, make_patient
from tests.factories.queue import run_due_jobs
from tests.factories.schedule import make_booking, make_slot
from tests.factories.waitlist import entry_state, make_entry, make_offer_to, offered_entry, user_of

SECOND = timedelta(seconds=1)


@pytest.fixture
def slot(doctor: Doctor, now: datetime) -> Slot:
    """Wednesday 4 March 2026, noon in London, in two days."""
    return make_slot(doctor, now + timedelta(days=2))


@pytest.fixture
def entry(doctor: Doctor, patient: Patient, now: datetime) -> WaitlistEntry:
    """The patient's waiting-list entry for the doctor."""
    return make_entry(patient, doctor, now=now)


@pytest.fixture
def offer(entry: WaitlistEntry, slot: Slot, now: datetime) -> WaitlistOffer:
    """The slot, offered to the patient for two hours."""
    return make_offer_to(entry, slot, ends_at=now + timedelta(hours=2), now=now)


def test_accepting_an_offer_makes_a_booking_and_ends_the_wait(
    entry: WaitlistEntry, offer: WaitlistOffer, patient: Patient, now: datetime
) -> None:
    booking = accept_offer(offer=offer, by=user_of(patient), reason="Cough", now=now)

    offer.refresh_from_db()
    assert (booking.pk, booking.status, booking.reason) == (offer.booking_id, "CONFIRMED", "Cough")
    assert (booking.held_until, booking.only_held) == (None, False)
    assert (offer.outcome, offer.answered_at, entry_state(entry)) == ("taken", now, ("booked", 0))


@pytest.mark.parametrize(("delay", "taken"), [(-SECOND, True), (timedelta(), False), (SECOND, False)])
def test_an_offer_can_be_accepted_until_it_ends(
    entry: WaitlistEntry, offer: WaitlistOffer, patient: Patient, delay: timedelta, taken: bool
) -> None:
    answered = offer.ends_at + delay

    if taken:
        accept_offer(offer=offer, by=user_of(patient), now=answered)
    else:
        with pytest.raises(OfferEnded):
            accept_offer(offer=offer, by=user_of(patient), now=answered)

    assert entry_state(entry)[0] == ("booked" if taken else "offered")


@pytest.mark.parametrize(("delay", "declined"), [(-SECOND, True), (timedelta(), False)])
def test_an_offer_can_be_declined_until_it_ends(
    entry: WaitlistEntry, offer: WaitlistOffer, patient: Patient, delay: timedelta, declined: bool
) -> None:
    answered = offer.ends_at + delay

    if declined:
        decline_offer(offer=offer, by=user_of(patient), now=answered)
    else:
        with pytest.raises(OfferEnded):
            decline_offer(offer=offer, by=user_of(patient), now=answered)

    assert entry_state(entry) == (("waiting" if declined else "offered"), 0)


def test_an_answered_offer_cannot_be_answered_again(
    offer: WaitlistOffer, patient: Patient, now: datetime
) -> None:
    accept_offer(offer=offer, by=user_of(patient), now=now)

    with pytest.raises(OfferEnded):
        decline_offer(offer=offer, by=user_of(patient), now=now)
    with pytest.raises(OfferEnded):
        accept_offer(offer=offer, by=user_of(patient), now=now)
    assert Booking.objects.get().status == "CONFIRMED"


def test_an_accepted_offer_of_a_visit_with_approval_is_pending(
    entry: WaitlistEntry, offer: WaitlistOffer, patient: Patient, now: datetime
) -> None:
    visit = VisitType.objects.create(name="Asked", needs_approval=True)
    Booking.objects.update(visit_type=visit)

    booking = accept_offer(offer=offer, by=user_of(patient), now=now)

    assert (booking.status, entry_state(entry)) == ("PENDING", ("booked", 0))


def test_an_expired_offer_passes_to_the_next_entry_and_not_back(
    doctor: Doctor, entry: WaitlistEntry, offer: WaitlistOffer, slot: Slot, at_now: datetime
) -> None:
    other = make_entry(make_patient(), doctor, now=at_now + SECOND)

    hold = expire_hold(booking_id=offer.booking_id, now=offer.ends_at)
    passed_on = WaitlistOffer.objects.get(outcome="open")

    offer.refresh_from_db()
    assert hold == offer.booking
    assert (offer.outcome, entry_state(entry)) == ("expired", ("waiting", 1))
    assert (passed_on.entry, passed_on.booking.slot) == (other, slot)

    expire_hold(booking_id=passed_on.booking_id, now=passed_on.ends_at)
    assert not WaitlistOffer.objects.filter(outcome="open").exists()


def test_after_a_missed_offer_other_times_are_offered(
    doctor: Doctor, entry: WaitlistEntry, offer: WaitlistOffer, slot: Slot
) -> None:
    expire_hold(booking_id=offer.booking_id, now=offer.ends_at)
    other = make_slot(doctor, slot.ends_at)

    assert offered_entry(offer_released_slot(slot_id=other.pk, now=offer.ends_at)) == entry


def test_a_missed_time_is_not_offered_to_the_patients_other_entries(
    entry: WaitlistEntry, offer: WaitlistOffer, slot: Slot, patient: Patient, now: datetime
) -> None:
    make_entry(patient, specialty=Specialty.objects.get(code="general-medicine"), now=now)
    expire_hold(booking_id=offer.booking_id, now=offer.ends_at)

    assert offer_released_slot(slot_id=slot.pk, now=offer.ends_at) is None


def test_the_job_of_a_hold_ends_its_offer_and_passes_it_on(
    doctor: Doctor, entry: WaitlistEntry, offer: WaitlistOffer, now: datetime
) -> None:
    other = make_entry(make_patient(), doctor, now=now + SECOND)

    with time_machine.travel(offer.ends_at - SECOND, tick=False):
        run_due_jobs()
    before = entry_state(entry)
    with time_machine.travel(offer.ends_at, tick=False):
        run_due_jobs()

    assert (before, entry_state(entry), entry_state(other)) == (
        ("offered", 0),
        ("waiting", 1),
        ("offered", 0),
    )


def test_a_declined_offer_passes_to_the_next_entry_and_is_not_missed(
    entry: WaitlistEntry, offer: WaitlistOffer, slot: Slot, patient: Patient, now: datetime
) -> None:
    other = make_entry(make_patient(), slot.doctor, now=now + SECOND)

    decline_offer(offer=offer, by=user_of(patient), now=now)

    offer.refresh_from_db()
    assert (offer.outcome, offer.answered_at, entry_state(entry)) == ("declined", now, ("waiting", 0))
    assert WaitlistOffer.objects.get(outcome="open").entry == other


def test_leaving_the_list_passes_the_offered_time_on(
    entry: WaitlistEntry, offer: WaitlistOffer, patient: Patient, now: datetime
) -> None:
    other = make_entry(make_patient(), offer.booking.doctor, now=now + SECOND)

    leave_waitlist(entry=entry, by=user_of(patient), now=now)

    offer.refresh_from_db()
    assert (offer.outcome, entry_state(entry), offer.booking.status) == (
        "declined",
        ("ended", 0),
        "CANCELLED",
    )
    assert WaitlistOffer.objects.get(outcome="open").entry == other


def test_confirming_the_hold_accepts_the_offer(
    entry: WaitlistEntry, offer: WaitlistOffer, patient: Patient, now: datetime
) -> None:
    confirm_hold(hold_id=offer.booking_id, patient=patient, by=user_of(patient), now=now)

    offer.refresh_from_db()
    assert (offer.outcome, entry_state(entry)) == ("taken", ("booked", 0))


@pytest.mark.parametrize(("delay", "missed"), [(-SECOND, 0), (timedelta(), 1)])
def test_releasing_the_hold_declines_the_offer_unless_it_has_expired(
    entry: WaitlistEntry, offer: WaitlistOffer, patient: Patient, delay: timedelta, missed: int
) -> None:
    own_patients = Patient.objects.filter(pk=patient.pk)

    release_hold(
        hold_id=offer.booking_id, patients=own_patients, by=user_of(patient), now=offer.ends_at + delay
    )

    assert entry_state(entry) == ("waiting", missed)


def test_an_offered_time_cannot_be_booked_by_others(
    offer: WaitlistOffer, slot: Slot, patient: Patient, now: datetime
) -> None:
    other = make_patient()

    with pytest.raises(SlotTaken):
        make_booking(slot, other, now=now)
    with pytest.raises(SlotTaken):
        hold_slot(slot_id=slot.pk, patient=other, by=user_of(other), now=offer.ends_at - SECOND)
    with pytest.raises(HoldExpired):
        confirm_hold(hold_id=offer.booking_id, patient=other, by=user_of(other), now=now)
    assert Slot.objects.untaken(now=now).count() == 0


def test_an_expired_offers_time_can_be_booked_by_others_and_the_offer_is_missed(
    entry: WaitlistEntry, offer: WaitlistOffer, slot: Slot
) -> None:
    booking = make_booking(slot, make_patient(), now=offer.ends_at)

    offer.refresh_from_db()
    assert (booking.status, offer.outcome, entry_state(entry)) == ("CONFIRMED", "expired", ("waiting", 1))


def test_an_offer_does_not_release_the_patients_hold_of_another_time(
    doctor: Doctor, patient: Patient, entry: WaitlistEntry, slot: Slot, now: datetime
) -> None:
    other_slot = make_slot(make_doctor(), slot.ends_at)
    other_hold = hold_slot(slot_id=other_slot.pk, patient=patient, by=user_of(patient), now=now)

    offer_released_slot(slot_id=slot.pk, now=now)

    other_hold.refresh_from_db()
    assert (other_hold.status, entry_state(entry)) == ("HELD", ("offered", 0))


def test_a_patient_with_an_overlapping_hold_is_skipped(
    doctor: Doctor, patient: Patient, entry: WaitlistEntry, slot: Slot, now: datetime
) -> None:
    other_slot = make_slot(make_doctor(), slot.starts_at)
    other_hold = hold_slot(slot_id=other_slot.pk, patient=patient, by=user_of(patient), now=now)

    assert offer_released_slot(slot_id=slot.pk, now=now) is None

    other_hold.refresh_from_db()
    assert (other_hold.status, entry_state(entry)) == ("HELD", ("waiting", 0))


def test_a_hold_of_another_time_leaves_the_offer_open(
    offer: WaitlistOffer, patient: Patient, slot: Slot, now: datetime
) -> None:
    other_doctor = make_doctor()
    apart, overlapping = make_slot(other_doctor, slot.ends_at), make_slot(other_doctor, slot.starts_at)

    hold_slot(slot_id=apart.pk, patient=patient, by=user_of(patient), now=now)
    with pytest.raises(PatientBusy):
        hold_slot(slot_id=overlapping.pk, patient=patient, by=user_of(patient), now=now)

    offer.refresh_from_db()
    assert (offer.outcome, offer.booking.status) == ("open", "HELD")


def test_an_entry_has_one_open_offer_at_most(
    doctor: Doctor, entry: WaitlistEntry, offer: WaitlistOffer, slot: Slot, now: datetime
) -> None:
    other = make_slot(doctor, slot.ends_at)

    assert offer_released_slot(slot_id=other.pk, now=now) is None
    assert WaitlistOffer.objects.count() == 1


def test_a_repeated_job_offers_nothing_twice(
    doctor: Doctor, entry: WaitlistEntry, slot: Slot, now: datetime
) -> None:
    make_entry(make_patient(), doctor, now=now + SECOND)

    was_offered = [offer_released_slot(slot_id=slot.pk, now=now) is not None for _ in range(3)]

    assert was_offered == [True, False, False]
    assert WaitlistOffer.objects.count() == 1


@pytest.mark.parametrize("queryset", [Slot.objects.none, Slot.objects.all])
def test_a_deleted_slot_is_not_offered(
    entry: WaitlistEntry, slot: Slot, now: datetime, queryset: Callable[[], Any]
) -> None:
    queryset().delete()

    new_offer = offer_released_slot(slot_id=slot.pk, now=now)

    assert (new_offer is None) == (queryset == Slot.objects.all)
