"""Generate a doctor's slots from their hours, with a fixed number of statements."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction

from clinics.models import Doctor
from clinics.selectors import clinic_settings
from scheduling.availability.next_open_slot import refresh_next_slot, tracking_changes
from scheduling.calendar.local_times import booking_horizon, clinic_day
from scheduling.clock.planning import WorkingPeriod
from scheduling.hours.selectors import planned_working_periods
from scheduling.hours.services import lock_schedule
from scheduling.models.booking_states import TIME_TAKING_STATES
from tenants.base.clock import day_start
from tenants.base.constraints import violated_constraint
from tenants.base.retry import retry_conflicts
from tenants.current import current_clinic

# The planned slots: every working period that Python has planned, divided into slots. It is the start of the
# statements below.
_PLANNED = """
WITH planned AS MATERIALIZED (
    SELECT start AS starts_at, start + period.step AS ends_at, period.place_id
    FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[], %(steps)s::interval[], %(places)s::uuid[])
            AS period(starts_at, ends_at, step, place_id),
        generate_series(period.starts_at, period.ends_at - period.step, period.step) AS start
    WHERE start > %(now)s
)
"""
# Lock generated, unblocked slots that are no longer planned, before the next statement checks whether they
# are booked: a booking in progress holds a key-share lock on its slot, so either the check sees
# it, or the booking finds the slot deleted.
_LOCK_STALE = """
SELECT slot.id FROM scheduling_slot AS slot
WHERE slot.doctor_id = %(doctor)s AND slot.origin = 'hours' AND slot.status = 'free'
    -- only upcoming slots of the days that are generated
    AND slot.starts_at > %(now)s AND slot.starts_at >= %(after)s AND slot.starts_at < %(before)s
    -- no planned slot has the same period and place
    AND NOT EXISTS (
        SELECT FROM planned WHERE planned.starts_at = slot.starts_at AND planned.ends_at = slot.ends_at
            AND planned.place_id IS NOT DISTINCT FROM slot.place_id)
ORDER BY slot.id FOR UPDATE
"""
# Mark the booked ones among them. They stay.
_MARK_UNFITTING = """
UPDATE scheduling_slot AS slot SET updated_at = %(now)s, fits_hours = FALSE
WHERE slot.id = ANY(%(stale)s) AND EXISTS (
    SELECT FROM scheduling_booking AS booking
    WHERE booking.doctor_id = slot.doctor_id AND booking.status = ANY(%(taking)s)
        -- for the index: no booking lasts longer, buffers included
        AND booking.starts_at > slot.starts_at - '13 hours'::interval
        AND booking.starts_at < slot.ends_at AND booking.ends_at > slot.starts_at)
RETURNING slot.id
"""
# Unmark slots that are planned again.
_MARK_FITTING = """
UPDATE scheduling_slot AS slot SET updated_at = %(now)s, fits_hours = TRUE FROM planned
WHERE slot.doctor_id = %(doctor)s AND NOT slot.fits_hours
    AND slot.starts_at = planned.starts_at AND slot.ends_at = planned.ends_at
    AND slot.place_id IS NOT DISTINCT FROM planned.place_id
"""
# Remove the references of cancelled bookings and of effects of time off to the slots that will be deleted.
_DETACH = """
WITH effects AS (
    UPDATE scheduling_timeoffeffect SET updated_at = %(now)s, old_slot_id = NULL
    WHERE old_slot_id = ANY(%(deleted)s)
)
UPDATE scheduling_booking SET updated_at = %(now)s, slot_id = NULL WHERE slot_id = ANY(%(deleted)s)
"""
_DELETE = "DELETE FROM scheduling_slot WHERE id = ANY(%(deleted)s)"
# Add planned slots that do not exist. A withdrawn slot exists, so it is not added again.
_INSERT = """
INSERT INTO scheduling_slot
    (id, created_at, updated_at, doctor_id, starts_at, ends_at, status, origin, fits_hours, place_id)
SELECT gen_random_uuid(), %(now)s, %(now)s, %(doctor)s, starts_at, ends_at, 'free', 'hours', TRUE, place_id
FROM planned
WHERE NOT EXISTS (
    SELECT FROM scheduling_slot AS slot WHERE slot.doctor_id = %(doctor)s
        AND slot.starts_at = planned.starts_at AND slot.ends_at = planned.ends_at)
ORDER BY starts_at
"""
# Skips planned slots that overlap one added by staff. It makes the statement a fifth slower, so it is used
# only after a conflict.
_SKIP_CONFLICTS = "ON CONFLICT DO NOTHING"


@dataclass(frozen=True, slots=True)
class Generated:
    """The numbers of slots that the generator added, removed and marked."""

    added: int
    removed: int
    unfitting: int
    """Booked slots that no longer fit the hours. They stay, and staff decide what to do."""


@retry_conflicts
def generate_slots(
    *, doctor: Doctor, now: datetime, first: date | None = None, last: date | None = None
) -> Generated:
    """Add missing slots of the doctor's hours, and remove unbooked ones that no longer fit.

    Idempotent. Slots that staff added, blocked or withdrew do not change, nor do slots that have started.

    :param first: the first of the clinic's days; default: today
    :param last: the last of the clinic's days; default: the booking horizon
    """
    first = first or clinic_day(now)
    last = last or booking_horizon(clinic_settings(), now=now)
    params: dict[str, Any] = {
        "doctor": doctor.pk,
        "now": now,
        "after": day_start(first, current_clinic().zone),
        "before": day_start(last + timedelta(days=1), current_clinic().zone),
        "taking": TIME_TAKING_STATES,
    }
    with transaction.atomic(), tracking_changes():
        lock_schedule(doctor)
        params |= _as_arrays(list(planned_working_periods(doctor, first=first, last=last)))
        generated = _synchronise(params)
        refresh_next_slot(doctor_id=doctor.pk, now=now)
        return generated


def _as_arrays(periods: list[WorkingPeriod]) -> dict[str, Any]:
    """Working periods as the arrays that `_PLANNED` unnests."""
    return {
        "starts": [period.starts_at for period in periods],
        "ends": [period.ends_at for period in periods],
        "steps": [timedelta(minutes=period.slot_minutes) for period in periods],
        "places": [period.place for period in periods],
    }


def _synchronise(params: dict[str, Any]) -> Generated:
    """Run the statements in the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_PLANNED + _LOCK_STALE, params)
        stale = [row[0] for row in cursor.fetchall()]
        unfitting: set[Any] = set()
        if stale:
            cursor.execute(_MARK_UNFITTING, {**params, "stale": stale})
            unfitting = {row[0] for row in cursor.fetchall()}
        deleted = [slot for slot in stale if slot not in unfitting]
        if deleted:
            cursor.execute(_DETACH, {**params, "deleted": deleted})
            cursor.execute(_DELETE, {"deleted": deleted})
        cursor.execute(_PLANNED + _MARK_FITTING, params)
        added = _add_missing(cursor, params)
    return Generated(added=added, removed=len(deleted), unfitting=len(unfitting))


def _add_missing(cursor: Any, params: dict[str, Any]) -> int:
    """Add the planned slots that do not exist, and return their number."""
    try:
        with transaction.atomic():
            cursor.execute(_PLANNED + _INSERT, params)
    except IntegrityError as error:
        if not violated_constraint(error).startswith("slot_"):
            raise
        cursor.execute(_PLANNED + _INSERT + _SKIP_CONFLICTS, params)
    return int(cursor.rowcount)
