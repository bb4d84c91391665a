"""Track the changes of doctors' time within a transaction, and act on them before its commit.

Holds whose time was closed end, opened time is offered to the waiting list, and the stored start of each
doctor's next open slot is updated.
"""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, NamedTuple

from django.db import connection
from django.db.models import DateTimeField, Func

from scheduling.availability.booking_rules import HAS_NOT_STARTED, IS_OFFERED
from scheduling.availability.cache import availability_changes
from scheduling.availability.changed_times import (
    MAX_DISTANCE,
    OpenedTime,
    TimeChanges,
    handle_time_changes,
)
from scheduling.availability.doctor_limits import NO_LIMITS, limit_params, limit_parts
from scheduling.availability.open_slots import MAX_CONFLICT_DISTANCE
from scheduling.availability.sql import SLOT_IS_BUSY_ELSEWHERE, TAKING_BOOKINGS
from scheduling.calendar.local_times_sql import local_time_expressions
from scheduling.models import Booking
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
_MAX_DISTANCE = timedelta(days=760)
"""No slot is further ahead: staff may add slots two years ahead, and no booking horizon is longer."""
_FIRST_OPEN = f"""
-- The start of the first slot of a doctor that is offered, that patients can still book, that no booking
-- takes and that the doctor's limits allow; NULL if there is none.
WITH {{limits}} first_open AS (
    SELECT slot.starts_at FROM scheduling_slot AS slot {{join_limits}}
    WHERE slot.doctor_id = {{doctor}} AND {IS_OFFERED} AND {HAS_NOT_STARTED}
        AND slot.starts_at >= {{soonest}} AND NOT EXISTS ({TAKING_BOOKINGS})
        AND NOT {SLOT_IS_BUSY_ELSEWHERE} {{within_limits}}
    ORDER BY slot.starts_at LIMIT 1
)
SELECT starts_at FROM first_open
"""
_UPDATE = f"""
UPDATE scheduling_nextopen AS next SET updated_at = %(now)s, starts_at = ({_FIRST_OPEN})
FROM (SELECT booking_notice_minutes * '1 minute'::interval AS notice FROM clinics_clinicsettings) AS rules
WHERE next.doctor_id = %(doctor)s
RETURNING next.starts_at, rules.notice
"""


def update_statement(*, limited: bool, now: datetime) -> tuple[str, dict[str, Any]]:
    """The statement that stores a doctor's next open slot, and its parameters but for `doctor` and `since`.

    :param limited: whether the doctor has limits
    """
    parts, params = _first_open(doctor="next.doctor_id", limited=limited, now=now)
    return _UPDATE.format(**parts, soonest="greatest(%(since)s, %(now)s + rules.notice)"), params


class NextOpenStart(Func):
    """Expression for the start of the next open slot of the doctor with that id, searched among the slots.

    :param soonest: the earliest start (UTC)
    """

    output_field: ClassVar = DateTimeField()

    def __init__(self, doctor_id: Any, *, soonest: datetime, now: datetime) -> None:
        super().__init__(doctor_id)
        self._soonest, self._now = soonest, now

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """Compile the search, with its named parameters replaced by positional ones."""
        doctor, doctor_params = compiler.compile(self.get_source_expressions()[0])
        parts, params = _first_open(doctor="%(doctor)s", limited=True, now=self._now)
        statement = _FIRST_OPEN.format(**parts, soonest="%(soonest)s")
        params |= {"soonest": self._soonest}
        values: list[Any] = []
        for name in re.findall(r"%\((\w+)\)s", statement):
            values += doctor_params if name == "doctor" else [params[name]]
        positional = re.sub(r"%\((\w+)\)s", lambda found: doctor if found[1] == "doctor" else "%s", statement)
        return f"({positional})", values


def _first_open(*, doctor: str, limited: bool, now: datetime) -> tuple[dict[str, str], dict[str, Any]]:
    """The parts and the parameters of the search for a doctor's first open slot.

    :param doctor: SQL for the doctor's id
    """
    parts = {"doctor": doctor, **NO_LIMITS}
    params: dict[str, Any] = {
        "now": now,
        "taking": TIME_TAKING_STATES,
        "conflict_distance": MAX_CONFLICT_DISTANCE,
    }
    if limited:
        last = now + MAX_DISTANCE
        local_times = local_time_expressions({}, now, last)
        parts |= limit_parts(local_times.days, of_doctor=doctor)
        params |= local_times.values | limit_params(now, last)
    return parts, params


class _StoredNextOpen(NamedTuple):
    """The stored next open slot of a doctor, before it is updated."""

    starts_at: datetime | None
    limited: bool
    """Whether the doctor has limits. If so, any booking may fill the day or week of the next open slot."""


@dataclass(slots=True)
class _Tracked:
    """The changes within the outermost `tracking_changes`."""

    next_open: dict[uuid.UUID, tuple[datetime | None, datetime]] = field(default_factory=dict)
    """Doctors to update, by id: the earliest changed start, or None to search all slots, and the time of the
    change."""
    changes: TimeChanges | None = None


_tracked: ContextVar[_Tracked | None] = ContextVar("tracked_time_changes", default=None)


@contextmanager
def tracking_changes() -> Iterator[None]:
    """Wrap every service that takes or releases doctors' time. Use it within the service's transaction.

    It invalidates the cache of open slots. At the end of the outermost block, holds whose time was closed are
    ended, opened time is offered to the waiting list, and the next open slots of all changed doctors are
    updated. Each update locks its doctor's row until the commit, so updates come last and in the order of the
    doctors' ids: otherwise two transactions could wait for each other.
    """
    if _tracked.get() is not None:
        # The outermost block has the marker. One set in a savepoint would stay if that is rolled back.
        yield
        return
    with availability_changes():
        tracked = _Tracked()
        token = _tracked.set(tracked)
        try:
            yield
            settle_changes()
        finally:
            _tracked.reset(token)
        for doctor_id, (starts_at, now) in sorted(tracked.next_open.items()):
            _update(doctor_id, starts_at=starts_at, now=now)


def settle_changes() -> None:
    """Act on the changes recorded so far, instead of at the end of the block."""
    tracked = _tracked.get()
    while tracked is not None and tracked.changes is not None:
        changes, tracked.changes = tracked.changes, None
        handle_time_changes(changes)


def on_opened(*opened: OpenedTime, notify_at: datetime | None = None, now: datetime) -> None:
    """Record that times opened: they are offered to the waiting list before the commit.

    :param notify_at: when patients are notified of the offers; None: at once
    """
    if opened:
        with tracking_changes():
            changes = _recorded_changes(now)
            changes.opened.extend(opened)
            changes.notify_at = notify_at or changes.notify_at


def on_rules_changed(*opened: OpenedTime, now: datetime) -> None:
    """Record a change that may close times and may open `opened`. Holds that break a rule end."""
    with tracking_changes():
        changes = _recorded_changes(now)
        changes.rules_changed = True
        changes.opened.extend(opened)


def _recorded_changes(now: datetime) -> TimeChanges:
    """The changes recorded in the current `tracking_changes`, to add to."""
    tracked = _tracked.get()
    assert tracked is not None  # noqa: S101  the callers are inside `tracking_changes`
    tracked.changes = tracked.changes or TimeChanges(now)
    return tracked.changes


def on_booked(*, doctor_id: uuid.UUID, starts_at: datetime, now: datetime) -> None:
    """Update the doctor's next open slot after a booking or hold that starts at `starts_at`."""
    _schedule_update(doctor_id, starts_at=starts_at, now=now)


def refresh_next_slot(*, doctor_id: uuid.UUID, now: datetime) -> None:
    """Update the doctor's next open slot after any change of their slots or bookings."""
    _schedule_update(doctor_id, starts_at=None, now=now)


def on_released(booking: Booking, *, notify_at: datetime | None = None, now: datetime) -> None:
    """Offer the time of a booking that ended or moved, and update the doctor's next open slot.

    :param booking: with the time it had
    :param notify_at: as in `on_opened`
    """
    begins, ends = booking.busy_from or booking.starts_at, booking.busy_until or booking.ends_at
    on_opened(OpenedTime(begins, ends, booking.doctor_id), notify_at=notify_at, now=now)
    if booking.room_id is not None:
        # The room is free again for visits with other doctors.
        on_opened(OpenedTime(begins, ends), notify_at=notify_at, now=now)
    refresh_next_slot(doctor_id=booking.doctor_id, now=now)


def _schedule_update(doctor_id: uuid.UUID, *, starts_at: datetime | None, now: datetime) -> None:
    """Schedule the update for the end of the outermost `tracking_changes`; outside of one, update now."""
    tracked = _tracked.get()
    if tracked is None:
        _update(doctor_id, starts_at=starts_at, now=now)
    else:
        earlier, _now = tracked.next_open.get(doctor_id, (starts_at, now))
        tracked.next_open[doctor_id] = (min(earlier, starts_at) if earlier and starts_at else None, now)


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
    statement, params = update_statement(limited=stored.limited, now=now)
    with connection.cursor() as cursor:
        cursor.execute(statement, params | {"doctor": doctor_id, "since": since})
        found, notice = cursor.fetchone()
    if found is not None and found != stored.starts_at:
        # Without a notice period, the slot can be booked until just before its start. With one, it can still
        # be booked exactly that long before its start.
        due_at = found - notice + timedelta(microseconds=1) if notice else found
        enqueue(kind="next_open", row_id=doctor_id, due_at=due_at)
