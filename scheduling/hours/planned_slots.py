"""The slots that a doctor's hours plan, and closing the slots that they no longer plan."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from clinics.models import Doctor
from clinics.selectors import clinic_settings
from scheduling.availability.next_open_slot import on_rules_changed, refresh_next_slot, tracking_changes
from scheduling.calendar.local_times import booking_horizon, clinic_day
from scheduling.clock.planning import WorkingPeriod
from scheduling.hours.selectors import planned_working_periods
from tenants.base.clock import day_start
from tenants.current import current_clinic

# The planned slots: every working period that Python has planned, divided into slots. It is the start of the
# statements below.
PLANNED = """
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
LOCK_STALE = """
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
_CLOSE = """
UPDATE scheduling_slot SET updated_at = %(now)s, fits_hours = FALSE
WHERE id = ANY(%(stale)s) AND fits_hours RETURNING id
"""


def planned_params(periods: list[WorkingPeriod]) -> dict[str, Any]:
    """Working periods as the arrays that `_PLANNED` unnests."""
    return {
        "starts": [period.starts_at for period in periods],
        "ends": [period.ends_at for period in periods],
        "steps": [timedelta(minutes=period.slot_minutes) for period in periods],
        "places": [period.place for period in periods],
    }


def close_unplanned_slots(
    *, doctor: Doctor, first: date | None = None, last: date | None = None, now: datetime
) -> int:
    """Stop offering the slots that the doctor's hours no longer plan, and end the holds in them.

    Call it in the transaction that changes the hours. The generator, which runs after the commit, removes the
    closed slots and adds new ones.

    :param first: the first of the clinic's days; default: today
    :param last: the last of the clinic's days; default: the booking horizon
    :return: the number of slots that were closed
    """
    first = first or clinic_day(now)
    last = last or booking_horizon(clinic_settings(), now=now)
    zone = current_clinic().zone
    params: dict[str, Any] = {
        "doctor": doctor.pk,
        "now": now,
        "after": day_start(first, zone),
        "before": day_start(last + timedelta(days=1), zone),
        **planned_params(list(planned_working_periods(doctor, first=first, last=last))),
    }
    with tracking_changes(), connection.cursor() as cursor:
        cursor.execute(PLANNED + LOCK_STALE, params)
        cursor.execute(_CLOSE, {"stale": [row[0] for row in cursor.fetchall()], "now": now})
        closed = int(cursor.rowcount)
        if closed:
            on_rules_changed(now=now)
            refresh_next_slot(doctor_id=doctor.pk, now=now)
    return closed
