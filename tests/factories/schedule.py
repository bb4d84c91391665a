"""Slots and bookings for tests."""

from datetime import datetime, timedelta

from clinics.models import Doctor, Patient
from scheduling.models import Booking, Slot
from scheduling.services.booking import book_slot


def make_slot(doctor: Doctor, starts_at: datetime, *, minutes: int = 30, **fields: object) -> Slot:
    """A free slot made by hand, as long ago or far ahead as a test likes."""
    return Slot.objects.create(
        doctor=doctor, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes), **fields
    )


def make_booking(slot: Slot, patient: Patient, *, now: datetime, reason: str = "") -> Booking:
    """The patient's own booking of the slot."""
    assert patient.user is not None
    return book_slot(slot_id=slot.pk, patient=patient, by=patient.user, reason=reason, now=now)
