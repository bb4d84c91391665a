"""Slots and bookings for tests."""

from datetime import datetime, timedelta
from typing import Any

from clinics.models import Doctor, Patient
from scheduling.availability.api.outputs import SlotOutput
from scheduling.bookings.book import book_slot
from scheduling.clock.planning import Hours, parse_clock
from scheduling.hours.services import set_working_hours
from scheduling.models import Booking, Slot
from tenants.current import current_clinic


def make_slot(doctor: Doctor, starts_at: datetime, *, minutes: int = 30, **fields: object) -> Slot:
    """A free slot, at any time in the past or future."""
    return Slot.objects.create(
        doctor=doctor, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes), **fields
    )


def make_booking(slot: Slot, patient: Patient, *, now: datetime, reason: str = "") -> Booking:
    """The patient's own booking of the slot."""
    assert patient.user is not None
    return book_slot(slot_id=slot.pk, patient=patient, by=patient.user, reason=reason, now=now)


def slot_outputs(*slots: Slot) -> list[dict[str, Any]]:
    """Return the slots in the API's format."""
    return [dict(output) for output in SlotOutput(slots, many=True).data]


def make_hours(doctor: Doctor, *week: tuple[int, str, str], now: datetime, slot_minutes: int = 30) -> None:
    """Set the doctor's working hours, as (weekday, opens, closes)."""
    hours = [
        Hours(weekday, parse_clock(opens), parse_clock(closes), slot_minutes)
        for weekday, opens, closes in week
    ]
    set_working_hours(doctor=doctor, week=hours, now=now)


def slot_starts(doctor: Doctor, **filters: object) -> list[str]:
    """Return the start of each of the doctor's slots in the clinic's local time, in order."""
    zone = current_clinic().zone
    slots = Slot.objects.filter(doctor=doctor, **filters).order_by("starts_at")
    return [f"{slot.starts_at.astimezone(zone):%Y-%m-%d %H:%M%z}" for slot in slots]
