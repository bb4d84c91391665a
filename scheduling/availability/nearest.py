"""The open times nearest to a time that cannot be booked: the same for refusals, pages and the web app."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from clinics.selectors import clinic_settings
from scheduling.availability.booking_window import booking_window
from scheduling.availability.open_slots import SlotStart, get_visit_type, nearest_open_slots
from scheduling.models import Booking, Slot
from tenants.current import current_clinic

_MIDDAY = time(12)


@dataclass(frozen=True, slots=True)
class WantedTime:
    """The time that a patient wanted, as the address of a page names it."""

    slot: uuid.UUID
    doctor: uuid.UUID
    day: date
    """The slot's day in its place's time zone. It counts only if the slot no longer exists."""
    visit_type: uuid.UUID | None = None


def nearest_to(
    wanted: WantedTime, *, moving: Booking | None = None, by_staff: bool = False, now: datetime
) -> list[dict[str, Any]]:
    """Return the three open slots nearest to the wanted time, before or after it, soonest first.

    :param moving: a booking that is being moved, as in `nearest_open_slots`. It has a visit type of its own
    :param by_staff: whether staff move it, who need not give notice
    :raises InvalidInput: the visit type does not exist
    """
    visit_type = get_visit_type(wanted.visit_type)
    if visit_type is None and moving is not None:
        visit_type = moving.visit_type
    window = booking_window(clinic_settings(), visit_type=visit_type, by_staff=by_staff, now=now)
    return nearest_open_slots(_start_of(wanted), visit_type=visit_type, moving=moving, window=window, now=now)


def _start_of(wanted: WantedTime) -> SlotStart:
    """Return the slot's start. The slot may have been removed since: then it is midday of its day."""
    slot = Slot.objects.filter(pk=wanted.slot).only("doctor_id", "starts_at").first()
    if slot is not None:
        return SlotStart(slot.pk, slot.doctor_id, slot.starts_at)
    midday = datetime.combine(wanted.day, _MIDDAY, tzinfo=current_clinic().zone)
    return SlotStart(wanted.slot, wanted.doctor, midday)
