"""Keeping up when each doctor's next open slot starts, in the transaction that changes it."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from scheduling.availability_cache import availability_changes
from scheduling.booking_rules import HAS_NOT_STARTED, IS_OFFERED
from scheduling.models.bookings import REACH
from scheduling.models.states import TAKING
from scheduling.open_times_sql import TAKER, WITHIN_LIMITS
from scheduling.selectors.availability import MAX_CONFLICT_DISTANCE
from scheduling.selectors.walls import walls_of
from tenants.queue import enqueue

# A row for every doctor, before it is locked: of two who make it at once, one would not see the other's.
_INSERT = "INSERT INTO scheduling_nextopen (doctor_id) VALUES (%s) ON CONFLICT DO NOTHING"
KNOWN = """
SELECT starts_at, EXISTS (
    SELECT FROM clinics_doctor AS doctor WHERE doctor.id = doctor_id AND coalesce(
        doctor.day_limit, doctor.day_limit_minutes, doctor.week_limit, doctor.week_limit_minutes) IS NOT NULL)
FROM scheduling_nextopen WHERE doctor_id = %s FOR NO KEY UPDATE
"""
FIND = f"""
UPDATE scheduling_nextopen AS next SET starts_at = (
    SELECT slot.starts_at FROM scheduling_slot AS slot
    WHERE slot.doctor_id = next.doctor_id AND {IS_OFFERED} AND {HAS_NOT_STARTED}
        AND slot.starts_at >= greatest(%(since)s, %(now)s + rules.notice)
        AND NOT EXISTS ({TAKER}) {{limits}}
    ORDER BY slot.starts_at LIMIT 1)
FROM (SELECT booking_notice_minutes * '1 minute'::interval AS notice FROM clinics_clinicsettings) AS rules
WHERE next.doctor_id = %(doctor)s
RETURNING next.starts_at, rules.notice
"""

FURTHEST = timedelta(days=760)
"""Beyond every slot there is: two years, and what clinics book ahead is no more."""


class _StoredNextOpen(NamedTuple):
    """What is known of a doctor before it is looked for again."""

    starts_at: datetime | None
    limited: bool
    """Whether they see only so many patients: any booking may fill the day, or week, of the next slot."""


# By doctor: from when on to look, or None to look at everything, and when it was noted.
_pending: ContextVar[dict[uuid.UUID, tuple[datetime | None, datetime]] | None] = ContextVar(
    "noted", default=None
)


@contextmanager
def time_changes() -> Iterator[None]:
    """Around every service that opens or closes doctors' time, within its transaction.

    Kept answers about open slots are withdrawn. Which open slots are the next is looked for at the end, by
    the outermost of several services. Whoever looks keeps others from it until the commit, and to go on and
    take time afterwards, or to look for several doctors in any order, would be to wait for those who wait.
    """
    with availability_changes():
        if _pending.get() is not None:
            yield
            return
        noted: dict[uuid.UUID, tuple[datetime | None, datetime]] = {}
        began = _pending.set(noted)
        try:
            yield
        finally:
            _pending.reset(began)
        for doctor_id, (starts_at, now) in sorted(noted.items()):
            _update(doctor_id, starts_at=starts_at, now=now)


def time_was_taken(*, doctor_id: uuid.UUID, starts_at: datetime, now: datetime) -> None:
    """A booking that starts at `starts_at` takes time of the doctor's."""
    _note(doctor_id, starts_at=starts_at, now=now)


def time_was_changed(*, doctor_id: uuid.UUID, now: datetime) -> None:
    """Times of the doctor's were opened or closed, wherever."""
    _note(doctor_id, starts_at=None, now=now)


def time_was_freed(*, doctor_id: uuid.UUID, slot_id: uuid.UUID | None, now: datetime) -> None:
    """A booked or held time is open again, also for whoever waits."""
    if slot_id is not None:
        enqueue(kind="time_freed", row_id=slot_id, due_at=now)
    time_was_changed(doctor_id=doctor_id, now=now)


def _note(doctor_id: uuid.UUID, *, starts_at: datetime | None, now: datetime) -> None:
    noted = _pending.get()
    if noted is None:
        _update(doctor_id, starts_at=starts_at, now=now)
    else:
        earlier, _then = noted.get(doctor_id, (starts_at, now))
        noted[doctor_id] = (min(earlier, starts_at) if earlier and starts_at else None, now)


def _update(doctor_id: uuid.UUID, *, starts_at: datetime | None, now: datetime) -> None:
    """Look for the next open slot where a change may have made it another one.

    Whoever changes a doctor's time does so in turn from here to the commit: otherwise two who take the next
    slot and the one after it would not see each other, and leave behind a time that is taken.
    """
    kept = _lock(doctor_id)
    if starts_at is None or kept.starts_at is None or kept.starts_at <= now or kept.limited:
        _search_and_store(doctor_id, since=now, kept=kept, now=now)
    elif starts_at - REACH <= kept.starts_at:
        _search_and_store(doctor_id, since=kept.starts_at, kept=kept, now=now)


def _lock(doctor_id: uuid.UUID) -> _StoredNextOpen:
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [doctor_id])
        row = cursor.fetchone()
        if row is None:
            cursor.execute(_INSERT, [doctor_id])
            cursor.execute(KNOWN, [doctor_id])
            row = cursor.fetchone()
    return _StoredNextOpen(*row)


def _search_and_store(doctor_id: uuid.UUID, *, since: datetime, kept: _StoredNextOpen, now: datetime) -> None:
    """Store the start of the first open slot that patients have time to book.

    Where it is another than before, a line is left to look again when that is over.
    """
    values: dict[str, Any] = {
        "doctor": doctor_id,
        "since": since,
        "now": now,
        "taking": TAKING,
        "conflict_distance": MAX_CONFLICT_DISTANCE,
    }
    limits = ""
    if kept.limited:
        walls = walls_of({}, now, now + FURTHEST)
        limits, values = WITHIN_LIMITS.format(**walls.days), walls.values | values
    with connection.cursor() as cursor:
        cursor.execute(FIND.format(limits=limits), values)
        found, notice = cursor.fetchone()
    if found is not None and found != kept.starts_at:
        # At its start it is over; with so much notice to the minute it can still be booked.
        due_at = found - notice + timedelta(microseconds=1) if notice else found
        enqueue(kind="next_open", row_id=doctor_id, due_at=due_at)
