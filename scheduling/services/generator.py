"""Bringing a doctor's slots in line with their hours, by sets and not by rows."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction

from clinics.models import Doctor
from clinics.selectors import clinic_settings
from scheduling.models.states import TAKING
from scheduling.planning import Run
from scheduling.selectors.hours import planned_runs
from scheduling.selectors.wall import clinic_day, last_bookable_day
from scheduling.services.hours import lock_schedule
from scheduling.services.next_open import time_changes, time_was_changed
from tenants.base.clock import day_start
from tenants.base.constraints import constraint_of
from tenants.door import current_clinic
from tenants.retrying import retry_conflicts

# Postgres steps through the runs; which instants they are was decided by the planner.
_PLANNED = """
WITH planned AS MATERIALIZED (
    SELECT start AS starts_at, start + run.step AS ends_at, run.place_id
    FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[], %(steps)s::interval[], %(places)s::uuid[])
            AS run(starts_at, ends_at, step, place_id),
        generate_series(run.starts_at, run.ends_at - run.step, run.step) AS start
    WHERE start > %(now)s
)
"""
# Locked before it is asked whether they are booked: a booking that is being written holds a key-share
# lock on its slot, so either it is seen below or it finds the slot gone.
_LOCK_STALE = """
SELECT slot.id FROM scheduling_slot AS slot
WHERE slot.doctor_id = %(doctor)s AND slot.origin = 'hours' AND slot.status = 'free'
    AND slot.starts_at > %(now)s AND slot.starts_at >= %(after)s AND slot.starts_at < %(before)s
    AND NOT EXISTS (
        SELECT FROM planned WHERE planned.starts_at = slot.starts_at AND planned.ends_at = slot.ends_at
            AND planned.place_id IS NOT DISTINCT FROM slot.place_id)
ORDER BY slot.id FOR UPDATE
"""
_MARK_UNFITTING = """
UPDATE scheduling_slot AS slot SET fits_hours = FALSE
WHERE slot.id = ANY(%(strays)s) AND EXISTS (
    SELECT FROM scheduling_booking AS booking
    WHERE booking.doctor_id = slot.doctor_id AND booking.status = ANY(%(taking)s)
        AND booking.starts_at > slot.starts_at - '13 hours'::interval
        AND booking.starts_at < slot.ends_at AND booking.ends_at > slot.starts_at)
RETURNING slot.id
"""
_MARK_FITTING = """
UPDATE scheduling_slot AS slot SET fits_hours = TRUE FROM planned
WHERE slot.doctor_id = %(doctor)s AND NOT slot.fits_hours
    AND slot.starts_at = planned.starts_at AND slot.ends_at = planned.ends_at
    AND slot.place_id IS NOT DISTINCT FROM planned.place_id
"""
_DETACH = """
WITH effects AS (
    UPDATE scheduling_timeoffeffect SET old_slot_id = NULL WHERE old_slot_id = ANY(%(loose)s)
)
UPDATE scheduling_booking SET slot_id = NULL WHERE slot_id = ANY(%(loose)s)
"""
_DELETE = "DELETE FROM scheduling_slot WHERE id = ANY(%(loose)s)"
_INSERT = """
INSERT INTO scheduling_slot
    (id, created_at, doctor_id, starts_at, ends_at, status, origin, fits_hours, place_id)
SELECT gen_random_uuid(), %(now)s, %(doctor)s, starts_at, ends_at, 'free', 'hours', TRUE, place_id
FROM planned
WHERE NOT EXISTS (
    SELECT FROM scheduling_slot AS slot WHERE slot.doctor_id = %(doctor)s
        AND slot.starts_at = planned.starts_at AND slot.ends_at = planned.ends_at)
ORDER BY starts_at
"""
# Where a slot made by hand overlaps, the others are added. Asking for that costs a fifth more.
_SKIP_CONFLICTS = "ON CONFLICT DO NOTHING"


@dataclass(frozen=True, slots=True)
class Generated:
    """What a run of the generator did, in slots."""

    added: int
    removed: int
    unfitting: int
    """Booked slots outside the hours: left as they are, for a person to decide."""


@retry_conflicts
def generate_slots(
    *, doctor: Doctor, now: datetime, first: date | None = None, last: date | None = None
) -> Generated:
    """Add the slots that the doctor's hours give and are missing, remove free ones that no longer fit.

    Running it again changes nothing. Slots made, blocked or taken away by hand stay as they are; only
    what lies after `now` is touched.

    :param first: the first of the clinic's days; today when not given
    :param last: the last; the clinic's horizon when not given
    """
    first = first or clinic_day(now)
    last = last or last_bookable_day(clinic_settings(), now=now)
    values: dict[str, Any] = {
        "doctor": doctor.pk,
        "now": now,
        "after": day_start(first, current_clinic().zone),
        "before": day_start(last + timedelta(days=1), current_clinic().zone),
        "taking": TAKING,
    }
    with transaction.atomic(), time_changes():
        lock_schedule(doctor)
        values |= _as_arrays(list(planned_runs(doctor, first=first, last=last)))
        generated = _synchronise(values)
        time_was_changed(doctor_id=doctor.pk, now=now)
        return generated


def _as_arrays(runs: list[Run]) -> dict[str, Any]:
    """Runs as the columns that the plan unnests."""
    return {
        "starts": [run.starts_at for run in runs],
        "ends": [run.ends_at for run in runs],
        "steps": [timedelta(minutes=run.slot_minutes) for run in runs],
        "places": [run.place for run in runs],
    }


def _synchronise(values: dict[str, Any]) -> Generated:
    """Run the statements inside the open transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_PLANNED + _LOCK_STALE, values)
        strays = [row[0] for row in cursor.fetchall()]
        unfitting: set[Any] = set()
        if strays:
            cursor.execute(_MARK_UNFITTING, {**values, "strays": strays})
            unfitting = {row[0] for row in cursor.fetchall()}
        loose = [slot for slot in strays if slot not in unfitting]
        if loose:
            cursor.execute(_DETACH, {"loose": loose})
            cursor.execute(_DELETE, {"loose": loose})
        cursor.execute(_PLANNED + _MARK_FITTING, values)
        added = _add_missing(cursor, values)
    return Generated(added=added, removed=len(loose), unfitting=len(unfitting))


def _add_missing(cursor: Any, values: dict[str, Any]) -> int:
    """Add the planned slots that are not there; how many."""
    try:
        with transaction.atomic():
            cursor.execute(_PLANNED + _INSERT, values)
    except IntegrityError as error:
        if not constraint_of(error).startswith("slot_"):
            raise
        cursor.execute(_PLANNED + _INSERT + _SKIP_CONFLICTS, values)
    return int(cursor.rowcount)
