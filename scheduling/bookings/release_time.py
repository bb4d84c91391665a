"""Release the time of a booking: offer it again at once, also if the doctor's hours have changed since.

Every service that ends or moves a booking or a hold calls `release_time` in its transaction.
"""

from datetime import datetime

from clinics.models import Doctor
from scheduling.availability.next_open_slot import on_released
from scheduling.calendar.local_times import clinic_day
from scheduling.hours.selectors import planned_working_periods
from scheduling.hours.slot_generator import generate_slots_between
from scheduling.models import Booking, Slot
from scheduling.models.slots import MAX_SLOT_LENGTH


def release_time(booking: Booking, *, notify_at: datetime | None = None, now: datetime) -> None:
    """Offer the time of a booking, as it was before the change, to patients and to the waiting list.

    A booked slot that no longer fits the hours stays until its booking ends, and keeps the slots that the
    hours would have from being generated. So if the booking leaves such a slot, its days are regenerated.

    :param notify_at: when patients on the waiting list are notified of offers; None: at once
    """
    begins, ends = booking.busy_from or booking.starts_at, booking.busy_until or booking.ends_at
    slots = Slot.objects.filter(
        doctor=booking.doctor_id,
        starts_at__gt=begins - MAX_SLOT_LENGTH,
        starts_at__lt=ends,
        ends_at__gt=begins,
    )
    leaves_unfitting_slot = slots.filter(
        fits_hours=False, origin=Slot.Origin.HOURS, status=Slot.Status.FREE
    ).exists()
    if leaves_unfitting_slot and _works_between(booking.doctor, begins, ends):
        generate_slots_between(doctor=booking.doctor, starts_at=begins, ends_at=ends, now=now)
    on_released(booking, notify_at=notify_at, now=now)


def _works_between(doctor: Doctor, begins: datetime, ends: datetime) -> bool:
    """Whether the doctor's hours have slots in any part of a period: not in time off, for example."""
    periods = planned_working_periods(doctor, first=clinic_day(begins), last=clinic_day(ends))
    return any(period.starts_at < ends and period.ends_at > begins for period in periods)
