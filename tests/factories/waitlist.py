"""The waiting list for tests."""

from datetime import date, datetime, timedelta
from typing import Any

from clinics.models import Doctor, Patient
from scheduling.calendar.local_times import clinic_day
from scheduling.models import Slot, WaitlistEntry, WaitlistOffer
from scheduling.waitlist.join_checks import WaitlistRequest
from scheduling.waitlist.offers import make_offer
from scheduling.waitlist.services import join_waitlist
from tenants.accounts.models import User


def make_entry(
    patient: Patient, doctor: Doctor | None = None, *, now: datetime, last: date | None = None, **values: Any
) -> WaitlistEntry:
    """Add the patient to the waiting list, by default for the next 30 days."""
    assert patient.user is not None
    today = clinic_day(now)
    fields = {"first": today, "last": last or today + timedelta(days=30), **values}
    return join_waitlist(
        patient=patient, by=patient.user, request=WaitlistRequest(doctor=doctor, **fields), now=now
    )


def make_offer_to(entry: WaitlistEntry, slot: Slot, *, ends_at: datetime, now: datetime) -> WaitlistOffer:
    """Offer the slot to the entry's patient, at any time of day."""
    offer = make_offer(entry=entry, slot_id=slot.pk, ends_at=ends_at, now=now)
    assert offer is not None
    return offer


def entry_state(entry: WaitlistEntry) -> tuple[str, int]:
    """Return an entry's status and its number of missed offers."""
    entry.refresh_from_db()
    return entry.status, entry.offers_missed


def offered_entry(offer: WaitlistOffer | None) -> WaitlistEntry:
    """Return the entry that an offer is for."""
    assert offer is not None
    return offer.entry


def user_of(patient: Patient) -> User:
    """Return the patient's account."""
    assert patient.user is not None
    return patient.user
