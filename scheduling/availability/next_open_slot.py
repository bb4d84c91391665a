"""Update the stored start of each doctor's next open slot, in the transaction that changes their time."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from scheduling.availability.booking_rules import HAS_NOT_STARTED, IS_OFFERED
from scheduling.availability.cache import availability_changes
from scheduling.availability.open_slots import MAX_CONFLICT_DISTANCE
from scheduling.availability.sql import TAKING_BOOKINGS, WITHIN_LIMITS
from scheduling.calendar.local_times_sql import local_time_expressions
from scheduling.models.booking_states import TIME_TAKING_STATES
from scheduling.models.bookings import MAX_BOOKING_SPAN
from tenants.queue.jobs import enqueue

# Insert the doctor's row before locking it, so that concurrent transactions lock the same row.
_INSERT = "INSERT INTO scheduling_nextopen (doctor_id) VALUES (%s) ON CONFLICT DO NOTHING"
LOCK_STORED = """
-- The stored start, and whether the doctor has limits. The lock is held until the commit.
SELECT starts_at, EXISTS (
    SELECT FROM clinics_doctor AS doctor WHERE doctor.id = doctor_id AND coalesce(
        doctor.day_limit, doctor.day_limit_minutes, doctor.week_limit, doctor.week_limit_minutes) IS NOT NULL)
FROM scheduling_nextopen WHERE doctor_id = %s FOR NO KEY UPDATE
"""
UPDATE_NEXT_OPEN = f"""
-- The first slot that is offered, that patients can still book with the clinic's notice period, that no
-- booking takes and that the doctor's limits allow; NULL if there is none.
UPDATE scheduling_nextopen AS next SET updated_at = %(now)s, starts_at = (
    SELECT slot.starts_at FROM scheduling_slot AS slot
    WHERE slot.doctor_id = next.doctor_id AND {IS_OFFERED} AND {HAS_NOT_STARTED}
        AND slot.starts_at >= greatest(%(since)s, %(now)s + rules.notice)
        AND NOT EXISTS ({TAKING_BOOKINGS}) {{limits}}
    ORDER BY slot.starts_at LIMIT 1)
FROM (SELECT booking_notice_minutes * '1 minute'::interval AS notice FROM clinics_clinicsettings) AS rules
WHERE next.doctor_id = %(doctor)s
RETURNING next.starts_at, rules.notice
"""

_MAX_DISTANCE = timedelta(days=760)
"""No slot is further ahead: staff may add slots two years ahead, and no booking horizon is longer."""


class _StoredNextOpen(NamedTuple):
    """The stored next open slot of a doctor, before it is updated."""

    starts_at: datetime | None
    limited: bool
    """Whether the doctor has limits. If so, any booking may fill the day or week of the next open slot."""


# Doctors to update at the end of the outermost `tracking_changes`, by id: the earliest changed start, or None
# to search all slots, and the time of the change.
_pending: ContextVar[dict[uuid.UUID, tuple[datetime | None, datetime]] | None] = ContextVar(
    "pending_next_open_updates", default=None
)


@contextmanager
def tracking_changes() -> Iterator[None]:
    """Wrap every service that takes or releases doctors' time. Use it within the service's transaction.

    It invalidates the cache of open slots. At the end of the outermost block, the next open slots
    of all changed doctors are updated. Each update locks its doctor's row until the commit, so updates come
    last and in the order of the doctors' ids: otherwise two transactions could wait for each other.
    """
    with availability_changes():
        if _pending.get() is not None:
            yield
            return
        pending: dict[uuid.UUID, tuple[datetime | None, datetime]] = {}
        token = _pending.set(pending)
        try:
            yield
        finally:
            _pending.reset(token)
        for doctor_id, (starts_at, now) in sorted(pending.items()):
            _update(doctor_id, starts_at=starts_at, now=now)


def on_booked(*, doctor_id: uuid.UUID, starts_at: datetime, now: datetime) -> None:
    """Update the doctor's next open slot after a booking or hold that starts at `starts_at`."""
    _schedule_update(doctor_id, starts_at=starts_at, now=now)


def refresh_next_slot(*, doctor_id: uuid.UUID, now: datetime) -> None:
    """Update the doctor's next open slot after any change of their slots or bookings."""
    _schedule_update(doctor_id, starts_at=None, now=now)


def on_released(*, doctor_id: uuid.UUID, slot_id: uuid.UUID | None, now: datetime) -> None:
    """Offer a slot that became open to the waiting list, and update the doctor's next open slot."""
    if slot_id is not None:
        enqueue(kind="time_freed", row_id=slot_id, due_at=now)
    refresh_next_slot(doctor_id=doctor_id, now=now)


def _schedule_update(doctor_id: uuid.UUID, *, starts_at: datetime | None, now: datetime) -> None:
    """Schedule the update for the end of the outermost `tracking_changes`; outside of one, update now."""
    pending = _pending.get()
    if pending is None:
        _update(doctor_id, starts_at=starts_at, now=now)
    else:
        earlier, _now = pending.get(doctor_id, (starts_at, now))
        pending[doctor_id] = (min(earlier, starts_at) if earlier and starts_at else None, now)


def _update(doctor_id: uuid.UUID, *, starts_at: datetime | None, now: datetime) -> None:
    """Search the next open slot again if the change may have affected it.

    The row stays locked until the commit. Otherwise two transactions that take the next slot and the one
    after it would not see each other, and the stored slot would be taken.

    :param starts_at: the start of the booking that took time; None: any change
    """
    stored = _lock(doctor_id)
    if starts_at is None or stored.starts_at is None or stored.starts_at <= now or stored.limited:
        _search_and_store(doctor_id, since=now, stored=stored, now=now)
    elif starts_at - MAX_BOOKING_SPAN <= stored.starts_at:
        _search_and_store(doctor_id, since=stored.starts_at, stored=stored, now=now)


def _lock(doctor_id: uuid.UUID) -> _StoredNextOpen:
    """Lock the doctor's row until the commit, and return what it stores. A missing row is inserted."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_STORED, [doctor_id])
        row = cursor.fetchone()
        if row is None:
            cursor.execute(_INSERT, [doctor_id])
            cursor.execute(LOCK_STORED, [doctor_id])
            row = cursor.fetchone()
    return _StoredNextOpen(*row)


def _search_and_store(
    doctor_id: uuid.UUID, *, since: datetime, stored: _StoredNextOpen, now: datetime
) -> None:
    """Store the start of the first open slot from `since` on that patients can still book.

    If it differs from the stored one, a queue line is added to search again when it can no longer be booked.
    """
    params: dict[str, Any] = {
        "doctor": doctor_id,
        "since": since,
        "now": now,
        "taking": TIME_TAKING_STATES,
        "conflict_distance": MAX_CONFLICT_DISTANCE,
    }
    limits = ""
    if stored.limited:
        local_times = local_time_expressions({}, now, now + _MAX_DISTANCE)
        limits, params = WITHIN_LIMITS.format(**local_times.days), local_times.values | params
    with connection.cursor() as cursor:
        cursor.execute(UPDATE_NEXT_OPEN.format(limits=limits), params)
        found, notice = cursor.fetchone()
    if found is not None and found != stored.starts_at:
        # Without a notice period, the slot can be booked until just before its start. With one, it can still
        # be booked exactly that long before its start.
        due_at = found - notice + timedelta(microseconds=1) if notice else found
        enqueue(kind="next_open", row_id=doctor_id, due_at=due_at)
