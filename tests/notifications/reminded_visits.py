"""Visits that patients are reminded of, for tests."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from clinics.models import Doctor, Patient
from notifications.models import Message
from scheduling.bookings.book import book_slot
from scheduling.bookings.reschedule import reschedule_booking
from scheduling.models import Booking
from tenants.accounts.models import User
from tests.factories.people import user_of
from tests.factories.schedule import make_slot

At = Callable[[datetime], list[str]]
DAY, HOUR = 24 * 60, 60
VISIT = datetime(2026, 3, 20, 10, tzinfo=UTC)
"""Friday, 10:00 in London, in winter time. The tests' clock stands at 2 March, 12:00 UTC."""


def book(
    doctor: Doctor, patient: Patient, now: datetime, *, starts_at: datetime = VISIT, **request: Any
) -> Booking:
    """Book a visit for a patient, by the patient unless somebody else is named."""
    request.setdefault("by", patient.user)
    return book_slot(slot_id=make_slot(doctor, starts_at).pk, patient=patient, now=now, **request)


def move(booking: Booking, starts_at: datetime, now: datetime, *, by: User | None = None) -> Booking:
    """Reschedule a booking, by its patient unless somebody else is named."""
    slot = make_slot(booking.doctor, starts_at)
    return reschedule_booking(booking=booking, slot_id=slot.pk, by=by or user_of(booking.patient), now=now)


def reminders(**filters: Any) -> list[tuple[int, str, str]]:
    """Return offset, status and reason of the reminders, in the order in which they are due."""
    found = Message.objects.filter(kind="reminder", **filters).order_by("due_at", "created_at")
    return list(found.values_list("offset_minutes", "status", "dropped_because"))


PLANNED = [(7 * DAY, "PLANNED", ""), (DAY, "PLANNED", ""), (2 * HOUR, "PLANNED", "")]
