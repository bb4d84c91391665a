"""Eight workers handle the same freed slot for eight waiting patients, with a control without its guards."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from clinics.models import Doctor
from scheduling.bookings.release_holds import expire_hold
from scheduling.errors import OfferEnded
from scheduling.models import Booking, Slot, WaitlistEntry, WaitlistOffer
from scheduling.waitlist import offer_open_times
from scheduling.waitlist.offer_open_times import offer_released_slot
from scheduling.waitlist.offers import accept_offer, decline_offer
from tenants.models import Clinic
from tests.drills.slot_race import drop_constraints
from tests.factories.people import make_doctor, make_patient
from tests.factories.schedule import make_slot
from tests.factories.threads import run_concurrently
from tests.factories.waitlist import make_entry, make_offer_to, user_of

WORKERS = 8
SLOT_CONSTRAINTS = ("booking_one_live_per_slot", "booking_doctor_is_in_one_place")


def offering(slot: Slot, now: datetime) -> Callable[[], object]:
    """Return a function that handles the slot's job, as a worker does."""
    return lambda: offer_released_slot(slot_id=slot.pk, now=now)


def run_workers(clinic: Clinic, doctor: Doctor, now: datetime) -> list[Exception]:
    """Let all workers handle the job of a new slot, with as many patients waiting.

    :return: the exceptions that were raised
    """
    for _ in range(WORKERS):
        make_entry(make_patient(), doctor, now=now)
    slot = make_slot(doctor, now + timedelta(days=2))
    results = run_concurrently(clinic, *[offering(slot, now)] * WORKERS)
    return [result for result in results if isinstance(result, Exception)]


def test_concurrent_workers_make_one_offer_of_one_slot(committed_clinic: Clinic, now: datetime) -> None:
    raised = run_workers(committed_clinic, make_doctor(), now)

    assert raised == []
    assert Booking.objects.filter(status="HELD").count() == 1
    assert [offer.outcome for offer in WaitlistOffer.objects.all()] == ["open"]
    assert WaitlistEntry.objects.filter(status="offered").count() == 1


def test_without_the_lock_and_the_constraints_several_offers_are_made(
    committed_clinic: Clinic, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop_constraints(*SLOT_CONSTRAINTS)
    monkeypatch.setattr(offer_open_times, "_lock_waiting_list", lambda: None)

    run_workers(committed_clinic, make_doctor(), now)

    assert Booking.objects.filter(status="HELD").count() > 1
    assert WaitlistOffer.objects.filter(outcome="open").count() > 1


def test_several_freed_slots_are_offered_to_different_patients(
    committed_clinic: Clinic, now: datetime
) -> None:
    doctor = make_doctor()
    for _ in range(3):
        make_entry(make_patient(), doctor, now=now)
    slots = [make_slot(doctor, now + timedelta(days=2, hours=n)) for n in range(5)]

    results = run_concurrently(committed_clinic, *[offering(slot, now) for slot in slots])

    assert [result for result in results if isinstance(result, Exception)] == []
    offers = WaitlistOffer.objects.values_list("entry", "booking__slot")
    assert [len(set(column)) for column in zip(*offers, strict=True)] == [3, 3]


def test_only_one_of_concurrent_acceptance_decline_and_expiry_takes_effect(
    committed_clinic: Clinic, now: datetime
) -> None:
    doctor = make_doctor()
    for number in range(5):
        entry = make_entry(make_patient(), doctor, now=now)
        slot = make_slot(doctor, now + timedelta(days=2, hours=number))
        offer, by = (
            make_offer_to(entry, slot, ends_at=now + timedelta(hours=2), now=now),
            user_of(entry.patient),
        )
        time = offer.ends_at - timedelta(seconds=1)

        results = run_concurrently(
            committed_clinic,
            lambda offer=offer, by=by, time=time: accept_offer(offer=offer, by=by, now=time),  # type: ignore[misc]
            lambda offer=offer, by=by, time=time: decline_offer(offer=offer, by=by, now=time),  # type: ignore[misc]
            lambda offer=offer: expire_hold(booking_id=offer.booking_id, now=offer.ends_at),  # type: ignore[misc]
        )

        assert {type(each) for each in results if isinstance(each, Exception)} <= {OfferEnded}
        offer.refresh_from_db()
        entry.refresh_from_db()
        assert (offer.outcome, offer.booking.status, entry.status, entry.offers_missed) in {
            ("taken", "CONFIRMED", "booked", 0),
            ("declined", "CANCELLED", "waiting", 0),
            ("expired", "CANCELLED", "waiting", 1),
        }
