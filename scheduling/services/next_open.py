"""Keeping up when each doctor's next open slot starts, in the transaction that changes it."""

import uuid
from datetime import datetime
from typing import Any

from django.db import connection

from scheduling.models.bookings import REACH
from scheduling.models.states import TAKING
from tenants.queue import enqueue

# A row for every doctor, before it is locked: of two who make it at once, one would not see the other's.
THERE = "INSERT INTO scheduling_nextopen (doctor_id) VALUES (%s) ON CONFLICT DO NOTHING"
KNOWN = "SELECT starts_at FROM scheduling_nextopen WHERE doctor_id = %s FOR NO KEY UPDATE"
FIND = """
UPDATE scheduling_nextopen AS next SET starts_at = (
    SELECT slot.starts_at FROM scheduling_slot AS slot
    WHERE slot.doctor_id = next.doctor_id AND slot.status = 'free' AND slot.fits_hours
        AND slot.starts_at > %(now)s AND slot.starts_at >= %(since)s
        AND NOT EXISTS (
            SELECT FROM scheduling_booking AS taker
            WHERE taker.doctor_id = slot.doctor_id AND taker.status = ANY(%(taking)s)
                AND (taker.status <> 'HELD' OR taker.held_until > %(now)s)
                AND taker.starts_at < slot.ends_at + %(reach)s
                AND taker.starts_at > slot.starts_at - %(reach)s
                AND coalesce(taker.busy_from, taker.starts_at) < slot.ends_at
                AND coalesce(taker.busy_until, taker.ends_at) > slot.starts_at)
    ORDER BY slot.starts_at LIMIT 1)
WHERE next.doctor_id = %(doctor)s
RETURNING starts_at
"""


def time_was_taken(*, doctor_id: uuid.UUID, starts_at: datetime, now: datetime) -> None:
    """A booking that starts at `starts_at` takes time of the doctor's. Call it last in the transaction.

    Whoever changes a doctor's time does so in turn from here to the commit: otherwise two who take the next
    slot and the one after it would not see each other, and leave behind a time that is taken.
    """
    known = _lock(doctor_id)
    if known is None or known <= now:
        _find(doctor_id, since=now, known=known, now=now)
    elif starts_at - REACH <= known:
        _find(doctor_id, since=known, known=known, now=now)


def time_was_changed(*, doctor_id: uuid.UUID, now: datetime) -> None:
    """Times of the doctor's were opened or closed, wherever. Call it last in the transaction."""
    known = _lock(doctor_id)
    _find(doctor_id, since=now, known=known, now=now)


def time_was_freed(*, doctor_id: uuid.UUID, slot_id: uuid.UUID | None, now: datetime) -> None:
    """A booked or held time is open again, also for whoever waits. Call it last in the transaction."""
    if slot_id is not None:
        enqueue(kind="time_freed", row_id=slot_id, due_at=now)
    time_was_changed(doctor_id=doctor_id, now=now)


def _lock(doctor_id: uuid.UUID) -> datetime | None:
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [doctor_id])
        row = cursor.fetchone()
        if row is None:
            cursor.execute(THERE, [doctor_id])
            cursor.execute(KNOWN, [doctor_id])
            row = cursor.fetchone()
    known: datetime | None = row[0]
    return known


def _find(doctor_id: uuid.UUID, *, since: datetime, known: datetime | None, now: datetime) -> None:
    """Store the first open slot's start and, where it is another, a line to look again when it has passed."""
    values: dict[str, Any] = {
        "doctor": doctor_id,
        "since": since,
        "now": now,
        "taking": TAKING,
        "reach": REACH,
    }
    with connection.cursor() as cursor:
        cursor.execute(FIND, values)
        found = cursor.fetchone()[0]
    if found is not None and found != known:
        enqueue(kind="next_open", row_id=doctor_id, due_at=found)
