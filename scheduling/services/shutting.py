"""Taking times out of what is offered while it is off, and offering them again.

A time is shut by saying that it no longer fits the hours, in the transaction that gives the time off. So no
alternative lies inside it, and nobody can book there from the commit on; the generator, seconds later,
removes what it made. It leaves alone what was made by hand, which is what this module opens again.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from clinics.models import Doctor
from scheduling.models import Booking, Slot
from scheduling.selectors.hours import times_off
from scheduling.selectors.time_off import holds_hit
from scheduling.selectors.wall import clinic_day
from scheduling.services.holds import free_released, release
from scheduling.services.hours import lock_schedule
from scheduling.services.next_open import time_was_changed
from scheduling.time_off import Period, overlaps
from tenants.accounts.models import User

# Locked before anybody asks what is booked: a booking that is being written holds a key-share lock on its
# slot, so either it is seen afterwards, or it finds the slot shut.
_LOCK = """
WITH off AS MATERIALIZED (
    SELECT range_agg(tstzrange(begins, ends)) AS times
    FROM unnest(%(begins)s::timestamptz[], %(ends)s::timestamptz[]) AS period(begins, ends)
)
SELECT slot.id FROM scheduling_slot AS slot CROSS JOIN off
WHERE (%(doctor)s::uuid IS NULL OR slot.doctor_id = %(doctor)s) AND slot.status <> 'withdrawn'
    AND slot.fits_hours AND slot.starts_at > %(first)s - '8 hours'::interval AND slot.starts_at < %(last)s
    AND off.times && tstzrange(slot.starts_at, slot.ends_at)
ORDER BY slot.id FOR UPDATE OF slot
"""
_BLOCK = "UPDATE scheduling_slot SET fits_hours = FALSE WHERE id = ANY(%(slots)s) RETURNING doctor_id"


def lock_schedules(doctor: Doctor | None) -> None:
    """Let no generator and no other change of the doctor's schedule, or of any doctor's, go on meanwhile."""
    if doctor is not None:
        lock_schedule(doctor)
        return
    list(Doctor.objects.select_for_update(no_key=True).only("pk").order_by("pk"))


def shut_times(
    doctor: Doctor | None, periods: Sequence[Period], *, by: User, now: datetime
) -> set[uuid.UUID]:
    """Let nobody book the doctor, or anybody, in these periods any more. What is held there is given up.

    :return: whose time it was; `time_was_changed` is to be called for each
    """
    if not periods:
        return set()
    values: dict[str, Any] = {
        "doctor": doctor and doctor.pk,
        "begins": [begins for begins, _ in periods],
        "ends": [ends for _, ends in periods],
        "first": periods[0][0],
        "last": periods[-1][1],
    }
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, values)
        cursor.execute(_BLOCK, {"slots": [row[0] for row in cursor.fetchall()]})
        shut = {row[0] for row in cursor.fetchall()}
    held = Booking.objects.filter(pk__in=holds_hit(doctor, periods))
    free_released(release(held, by=by, now=now), now=now)
    return shut


def open_by_hand(doctor: Doctor | None, periods: Sequence[Period], *, now: datetime) -> set[uuid.UUID]:
    """Offer again what was made by hand in these periods, as far as no other time off holds there.

    :return: as `shut_times`
    """
    if not periods:
        return set()
    shut = Slot.objects.live().filter(
        origin=Slot.Origin.HAND,
        fits_hours=False,
        starts_at__gt=max(now, periods[0][0] - timedelta(hours=8)),
        starts_at__lt=periods[-1][1],
    )
    if doctor is not None:
        shut = shut.filter(doctor=doctor)
    by_doctor: dict[Doctor, list[Slot]] = {}
    for slot in shut.select_related("doctor").order_by("doctor", "starts_at"):
        if overlaps((slot.starts_at, slot.ends_at), periods):
            by_doctor.setdefault(slot.doctor, []).append(slot)
    opened = [slot for whose, slots in by_doctor.items() for slot in _without_other_time_off(whose, slots)]
    Slot.objects.filter(pk__in=[slot.pk for slot in opened]).update(fits_hours=True)
    return {slot.doctor_id for slot in opened}


def _without_other_time_off(doctor: Doctor, slots: Sequence[Slot]) -> Iterable[Slot]:
    first, last = clinic_day(slots[0].starts_at), clinic_day(slots[-1].ends_at)
    off = times_off(doctor, first=first, last=last)
    return [slot for slot in slots if not overlaps((slot.starts_at, slot.ends_at), off)]


def times_were_changed(doctors: Iterable[uuid.UUID], *, now: datetime) -> None:
    """Look anew for the next open slot of each."""
    for doctor_id in doctors:
        time_was_changed(doctor_id=doctor_id, now=now)
