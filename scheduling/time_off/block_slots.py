"""Block the slots within time off, and reopen them when it is revoked.

A slot is blocked by marking it as not fitting the hours, in the transaction that gives the time off. So
after the commit nobody can book it, and it is not an alternative for other bookings. Seconds later, the slot
generator removes the slots it created. It does not change slots added by staff, so this module reopens them.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from clinics.models import Doctor
from scheduling.availability.next_open_slot import refresh_next_slot
from scheduling.bookings.release_holds import on_holds_released, release_holds
from scheduling.calendar.local_times import clinic_day
from scheduling.clock.time_off import Period, overlaps_any
from scheduling.hours.selectors import doctor_time_off_periods
from scheduling.hours.services import lock_schedule
from scheduling.models import Booking, Slot
from scheduling.time_off.selectors import affected_holds
from tenants.accounts.models import User

# Lock the slots before the affected bookings are read: a booking in progress holds a key-share lock on its
# slot, so either it is found afterwards, or it finds the slot blocked.
_LOCK = """
-- the periods of the time off, as one multirange
WITH off AS MATERIALIZED (
    SELECT range_agg(tstzrange(begins, ends)) AS times
    FROM unnest(%(begins)s::timestamptz[], %(ends)s::timestamptz[]) AS period(begins, ends)
)
-- the slots, of the doctor or of all, that overlap it and are not yet blocked
SELECT slot.id FROM scheduling_slot AS slot CROSS JOIN off
WHERE (%(doctor)s::uuid IS NULL OR slot.doctor_id = %(doctor)s) AND slot.status <> 'withdrawn'
    -- a slot lasts at most 8 hours, so these bounds let the index on the start be used
    AND slot.fits_hours AND slot.starts_at > %(first)s - '8 hours'::interval AND slot.starts_at < %(last)s
    AND off.times && tstzrange(slot.starts_at, slot.ends_at)
ORDER BY slot.id FOR UPDATE OF slot
"""
_BLOCK = """
UPDATE scheduling_slot SET updated_at = %(now)s, fits_hours = FALSE WHERE id = ANY(%(slots)s)
RETURNING doctor_id
"""


def lock_schedules(doctor: Doctor | None) -> None:
    """Lock the schedule of the doctor, or of all doctors, against the slot generator and other changes."""
    if doctor is not None:
        lock_schedule(doctor)
        return
    list(Doctor.objects.select_for_update(no_key=True).only("pk").order_by("pk"))


def block_slots(
    doctor: Doctor | None, periods: Sequence[Period], *, by: User, now: datetime
) -> set[uuid.UUID]:
    """Block the slots of the doctor, or of all doctors, in these periods, and release the holds in them.

    :return: the ids of the affected doctors; pass them to `refresh_next_slots`
    """
    if not periods:
        return set()
    params: dict[str, Any] = {
        "doctor": doctor and doctor.pk,
        "begins": [begins for begins, _ in periods],
        "ends": [ends for _, ends in periods],
        "first": periods[0][0],
        "last": periods[-1][1],
    }
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, params)
        cursor.execute(_BLOCK, {"slots": [row[0] for row in cursor.fetchall()], "now": now})
        doctor_ids = {row[0] for row in cursor.fetchall()}
    holds = Booking.objects.filter(pk__in=affected_holds(doctor, periods))
    on_holds_released(release_holds(holds, by=by, now=now), now=now)
    return doctor_ids


def reopen_manual_slots(doctor: Doctor | None, periods: Sequence[Period], *, now: datetime) -> set[uuid.UUID]:
    """Reopen the slots added by staff in these periods, unless other time off covers them.

    :return: the ids of the affected doctors; pass them to `refresh_next_slots`
    """
    if not periods:
        return set()
    blocked = Slot.objects.live().filter(
        origin=Slot.Origin.HAND,
        fits_hours=False,
        starts_at__gt=max(now, periods[0][0] - timedelta(hours=8)),
        starts_at__lt=periods[-1][1],
    )
    if doctor is not None:
        blocked = blocked.filter(doctor=doctor)
    by_doctor: dict[Doctor, list[Slot]] = {}
    for slot in blocked.select_related("doctor").order_by("doctor", "starts_at"):
        if overlaps_any((slot.starts_at, slot.ends_at), periods):
            by_doctor.setdefault(slot.doctor, []).append(slot)
    reopened = [
        slot
        for slot_doctor, slots in by_doctor.items()
        for slot in _without_other_time_off(slot_doctor, slots)
    ]
    Slot.objects.filter(pk__in=[slot.pk for slot in reopened]).update(fits_hours=True)
    return {slot.doctor_id for slot in reopened}


def _without_other_time_off(doctor: Doctor, slots: Sequence[Slot]) -> Iterable[Slot]:
    """The slots that no time off in force covers, not even in part."""
    first, last = clinic_day(slots[0].starts_at), clinic_day(slots[-1].ends_at)
    off = doctor_time_off_periods(doctor, first=first, last=last)
    return [slot for slot in slots if not overlaps_any((slot.starts_at, slot.ends_at), off)]


def refresh_next_slots(doctors: Iterable[uuid.UUID], *, now: datetime) -> None:
    """Update the next open slot of each doctor."""
    for doctor_id in doctors:
        refresh_next_slot(doctor_id=doctor_id, now=now)
