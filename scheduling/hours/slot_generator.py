"""Generate a doctor's slots from their hours, with a fixed number of statements."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction

from clinics.models import Doctor
from clinics.selectors import clinic_settings
from scheduling.availability.changed_times import OpenedTime
from scheduling.availability.next_open_slot import (
    on_opened,
    on_rules_changed,
    refresh_next_slot,
    tracking_changes,
)
from scheduling.calendar.local_times import booking_horizon, clinic_day
from scheduling.clock.time_off import Period
from scheduling.hours.planned_slots import LOCK_STALE, PLANNED, planned_params
from scheduling.hours.selectors import planned_working_periods
from scheduling.hours.services import lock_schedule
from scheduling.models import WaitlistEntry
from scheduling.models.booking_states import TIME_TAKING_STATES
from tenants.base.clock import day_start
from tenants.base.constraints import violated_constraint
from tenants.base.retry import retry_conflicts
from tenants.current import current_clinic

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
RETURNING slot.starts_at, slot.ends_at
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
# Add planned slots that do not exist.
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
_RETURNING = " RETURNING starts_at, ends_at"


_DAY = timedelta(days=1)
_DAYS_WITH_MANY_OFFERS = timedelta(days=2)
_FEW_OFFERS = 30
"""So many offers take well below a second, and no more are made than patients are waiting."""


@dataclass(frozen=True, slots=True)
class Generated:
    """The numbers of slots that the generator added, removed and marked."""

    added: int
    removed: int
    unfitting: int
    """Booked slots that no longer fit the hours. They stay, and staff decide what to do."""

    def __add__(self, other: "Generated") -> "Generated":
        return Generated(
            self.added + other.added, self.removed + other.removed, self.unfitting + other.unfitting
        )


def generate_slots(
    *, doctor: Doctor, now: datetime, first: date | None = None, last: date | None = None
) -> Generated:
    """Add missing slots of the doctor's hours, and remove unbooked ones that no longer fit.

    Idempotent. Slots that staff added or blocked do not change, nor do slots that have started. Periods that
    staff removed stay without slots, also if the length of the slots has changed since.

    While many patients are waiting, two days at a time are a transaction, unless the caller has one: new
    times are offered to the waiting list, and others who free a time wait for the list's lock.

    :param first: the first of the clinic's days; default: today
    :param last: the last of the clinic's days; default: the booking horizon
    """
    first = first or clinic_day(now)
    last = last or booking_horizon(clinic_settings(), now=now)
    many = WaitlistEntry.objects.waiting()[_FEW_OFFERS : _FEW_OFFERS + 1].exists()
    step = _DAYS_WITH_MANY_OFFERS if many else last - first + _DAY
    generated = Generated(0, 0, 0)
    while first <= last:
        until = min(first + step - _DAY, last)
        generated += _generate(doctor=doctor, first=first, last=until, now=now)
        first = until + _DAY
    return generated


@retry_conflicts
def _generate(*, doctor: Doctor, first: date, last: date, now: datetime) -> Generated:
    """Add and remove slots of these days, in a transaction."""
    params: dict[str, Any] = {
        "doctor": doctor.pk,
        "now": now,
        "after": day_start(first, current_clinic().zone),
        "before": day_start(last + timedelta(days=1), current_clinic().zone),
        "taking": TIME_TAKING_STATES,
    }
    with transaction.atomic(), tracking_changes():
        lock_schedule(doctor)
        params |= planned_params(list(planned_working_periods(doctor, first=first, last=last)))
        generated, opened = _synchronise(params)
        on_opened(*[OpenedTime(starts, ends, doctor.pk) for starts, ends in opened], now=now)
        if generated.removed or generated.unfitting:
            on_rules_changed(now=now)
        refresh_next_slot(doctor_id=doctor.pk, now=now)
        return generated


def generate_slots_between(
    *, doctor: Doctor, starts_at: datetime, ends_at: datetime, now: datetime
) -> Generated | None:
    """Generate the slots of the days of a period now, in the caller's transaction, instead of within seconds.

    :return: None if all of these days are past or after the booking horizon
    """
    first = max(clinic_day(starts_at), clinic_day(now))
    last = min(clinic_day(ends_at), booking_horizon(clinic_settings(), now=now))
    return generate_slots(doctor=doctor, now=now, first=first, last=last) if first <= last else None


def _synchronise(params: dict[str, Any]) -> tuple[Generated, list[Period]]:
    """Run the statements in the caller's transaction.

    :return: the numbers of slots, and the slots that are offered now and were not before
    """
    with connection.cursor() as cursor:
        cursor.execute(PLANNED + LOCK_STALE, params)
        stale = [row[0] for row in cursor.fetchall()]
        unfitting: set[Any] = set()
        if stale:
            cursor.execute(_MARK_UNFITTING, {**params, "stale": stale})
            unfitting = {row[0] for row in cursor.fetchall()}
        deleted = [slot for slot in stale if slot not in unfitting]
        if deleted:
            cursor.execute(_DETACH, {**params, "deleted": deleted})
            cursor.execute(_DELETE, {"deleted": deleted})
        cursor.execute(PLANNED + _MARK_FITTING, params)
        fitting_again = cursor.fetchall()
        added = _add_missing(cursor, params)
    generated = Generated(added=len(added), removed=len(deleted), unfitting=len(unfitting))
    return generated, fitting_again + added


def _add_missing(cursor: Any, params: dict[str, Any]) -> list[Period]:
    """Add the planned slots that do not exist, and return them."""
    try:
        with transaction.atomic():
            cursor.execute(PLANNED + _INSERT + _RETURNING, params)
    except IntegrityError as error:
        if not violated_constraint(error).startswith("slot_"):
            raise
        cursor.execute(PLANNED + _INSERT + _SKIP_CONFLICTS + _RETURNING, params)
    added: list[Period] = cursor.fetchall()
    return added
