"""Eight workers at the line of one freed slot, eight patients who wait. And the control: no guard."""

from collections.abc import Callable
from datetime import datetime, timedelta

from clinics.models import Doctor
from scheduling.bookings.hold import expire_hold
from scheduling.errors import OfferEnded
from scheduling.models import Booking, Slot, WaitlistEntry, WaitlistOffer
from scheduling.waitlist.offers import accept_offer, decline_offer, offer_released_slot
from tenants.models import Clinic
from tests.drills.slot_race import drop_constraints
from tests.factories.people import make_doctor, make_patient
from tests.factories.schedule import make_slot
from tests.factories.threads import at_once
from tests.factories.waitlist import make_entry, offer_to, user_of

WORKERS = 8
OF_THE_SLOT = ("booking_one_live_per_slot", "booking_doctor_is_in_one_place")


def offering(slot: Slot, now: datetime) -> Callable[[], object]:
    """One worker's handling of the slot's line."""
    return lambda: offer_released_slot(slot_id=slot.pk, now=now)


def run_workers(clinic: Clinic, doctor: Doctor, now: datetime) -> list[Exception]:
    """All handle the line of a new slot, for which as many wait.

    :return: what was raised
    """
    for _ in range(WORKERS):
        make_entry(make_patient(), doctor, now=now)
    slot = make_slot(doctor, now + timedelta(days=2))
    answers = at_once(clinic, *[offering(slot, now)] * WORKERS)
    return [answer for answer in answers if isinstance(answer, Exception)]


def test_of_all_workers_at_one_line_one_makes_the_one_offer(committed_clinic: Clinic, now: datetime) -> None:
    raised = run_workers(committed_clinic, make_doctor(), now)

    assert raised == []
    assert Booking.objects.filter(status="HELD").count() == 1
    assert [offer.outcome for offer in WaitlistOffer.objects.all()] == ["open"]
    assert WaitlistEntry.objects.filter(status="offered").count() == 1


def test_without_the_constraints_the_same_race_offers_one_time_to_several(
    committed_clinic: Clinic, now: datetime
) -> None:
    drop_constraints(*OF_THE_SLOT)

    run_workers(committed_clinic, make_doctor(), now)

    assert Booking.objects.filter(status="HELD").count() > 1
    assert WaitlistOffer.objects.filter(outcome="open").count() > 1


def test_several_times_freed_at_once_go_to_as_many_patients(committed_clinic: Clinic, now: datetime) -> None:
    doctor = make_doctor()
    for _ in range(3):
        make_entry(make_patient(), doctor, now=now)
    slots = [make_slot(doctor, now + timedelta(days=2, hours=n)) for n in range(5)]

    answers = at_once(committed_clinic, *[offering(slot, now) for slot in slots])

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    offered = WaitlistOffer.objects.values_list("entry", "booking__slot")
    assert [len(set(column)) for column in zip(*offered, strict=True)] == [3, 3]


def test_of_accepting_declining_and_ending_at_once_one_happens(
    committed_clinic: Clinic, now: datetime
) -> None:
    doctor = make_doctor()
    for number in range(5):
        entry = make_entry(make_patient(), doctor, now=now)
        slot = make_slot(doctor, now + timedelta(days=2, hours=number))
        offer, by = offer_to(entry, slot, ends_at=now + timedelta(hours=2), now=now), user_of(entry.patient)
        late = offer.ends_at - timedelta(seconds=1)

        answers = at_once(
            committed_clinic,
            lambda offer=offer, by=by, late=late: accept_offer(offer=offer, by=by, now=late),  # type: ignore[misc]
            lambda offer=offer, by=by, late=late: decline_offer(offer=offer, by=by, now=late),  # type: ignore[misc]
            lambda offer=offer: expire_hold(booking_id=offer.booking_id, now=offer.ends_at),  # type: ignore[misc]
        )

        assert {type(each) for each in answers if isinstance(each, Exception)} <= {OfferEnded}
        offer.refresh_from_db()
        entry.refresh_from_db()
        assert (offer.outcome, offer.booking.status, entry.status, entry.offers_missed) in {
            ("taken", "CONFIRMED", "booked", 0),
            ("declined", "CANCELLED", "waiting", 0),
            ("expired", "CANCELLED", "waiting", 1),
        }
