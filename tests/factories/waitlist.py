"""The waiting list for tests."""

from datetime import date, datetime, timedelta
from typing import Any

from clinics.models import Doctor, Patient
from scheduling.calendar.local_times import clinic_day
from scheduling.models import Slot, WaitlistEntry, WaitlistOffer
from scheduling.waitlist.offers import make_offer
from scheduling.waitlist.services import WaitlistRequest, join_waitlist
from tenants.accounts.models import User


def make_entry(
    patient: Patient, doctor: Doctor | None = None, *, now: datetime, last: date | None = None, **wish: Any
) -> WaitlistEntry:
    """The patient's own wish: from today on for 30 days, where nothing else is said."""
    assert patient.user is not None
    today = clinic_day(now)
    wanted = {"first": today, "last": last or today + timedelta(days=30), **wish}
    return join_waitlist(
        patient=patient, by=patient.user, request=WaitlistRequest(doctor=doctor, **wanted), now=now
    )


def offer_to(entry: WaitlistEntry, slot: Slot, *, ends_at: datetime, now: datetime) -> WaitlistOffer:
    """The slot, offered to whoever waits, whatever hour it is."""
    offer = make_offer(entry=entry, slot=slot, ends_at=ends_at, now=now)
    assert offer is not None
    return offer


def state_of(entry: WaitlistEntry) -> tuple[str, int]:
    """Where an entry is, and how many offers it has missed."""
    entry.refresh_from_db()
    return entry.status, entry.offers_missed


def offered(offer: WaitlistOffer | None) -> WaitlistEntry:
    """To whom."""
    assert offer is not None
    return offer.entry


def user_of(patient: Patient) -> User:
    """Who signs in as the patient."""
    assert patient.user is not None
    return patient.user
