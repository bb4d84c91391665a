"""Read outside calendars again, and store their busy periods. Call none of it in a transaction.

A failed attempt never opens time: the stored periods stay. Only the process that claims a calendar reads it,
so that many bookings at once cost one request to its server.
"""

import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q

from clinics.models import Doctor
from clinics.selectors import clinic_settings
from scheduling.availability.changed_times import OpenedTime
from scheduling.availability.next_open_slot import on_rules_changed, refresh_next_slot, tracking_changes
from scheduling.calendar.local_times import booking_horizon, clinic_day
from scheduling.clock.time_off import Period
from scheduling.models import BusyPeriod, OutsideCalendar
from scheduling.outside_calendars.read_calendar import (
    NOTHING,
    CalendarUnreadable,
    Problem,
    Reading,
    Source,
    Version,
    read_calendar,
)
from scheduling.outside_calendars.selectors import zones_of
from scheduling.outside_calendars.sources import source_of
from tenants.base.clock import day_start
from tenants.base.retry import retry_conflicts
from tenants.current import current_clinic
from tenants.queue.jobs import enqueue

INTERVAL = timedelta(minutes=15)
"""The time between two readings of a calendar that can be read."""
_MAX_INTERVAL = timedelta(hours=6)
"""The longest time between two attempts at a calendar that cannot be read."""
_BEYOND_HORIZON = timedelta(days=60)
"""How far beyond the last bookable day busy periods are stored, in case that later readings fail."""
_FULL_EVERY = timedelta(days=1)
"""After so long a calendar is read as a whole even if it says that it has not changed."""
_NOTIFY_AFTER = timedelta(days=1)
"""The doctor is emailed about a calendar that could not be read for so long."""
_MAX_AT_ONCE = 10

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Request:
    """What is read for one doctor: from the beginning of yesterday to some weeks beyond the horizon."""

    begins: datetime
    ends: datetime
    zones: list[str]

    @classmethod
    def for_doctor(cls, doctor: Doctor, *, now: datetime) -> "Request":
        """The request for a doctor's calendars. It is the same during one day of the clinic."""
        zone, horizon = current_clinic().zone, booking_horizon(clinic_settings(), now=now)
        return cls(
            begins=day_start(clinic_day(now) - timedelta(days=1), zone),
            ends=day_start(horizon + _BEYOND_HORIZON, zone),
            zones=zones_of(doctor),
        )

    def read(self, source: Source, known: Version = NOTHING) -> Reading | Problem:
        """Read the calendar. It needs no database, so it may run in a thread."""
        try:
            return read_calendar(source, begins=self.begins, ends=self.ends, zones=self.zones, known=known)
        except CalendarUnreadable as error:
            return error.problem


def refresh_calendars(
    calendars: Sequence[OutsideCalendar], *, not_since: datetime, now: datetime
) -> list[OutsideCalendar]:
    """Read calendars again, all at the same time, and store what has changed.

    :param not_since: a calendar of which an attempt has begun since then is left alone
    :return: those that were attempted
    """
    claimed = [
        calendar for calendar in calendars[:_MAX_AT_ONCE] if _claim(calendar, not_since=not_since, now=now)
    ]
    if not claimed:
        return []
    requests = [Request.for_doctor(calendar.doctor, now=now) for calendar in claimed]
    prepared = [
        (request, source_of(calendar), _known_version(calendar, request))
        for calendar, request in zip(claimed, requests, strict=True)
    ]
    with ThreadPoolExecutor(max_workers=len(claimed)) as threads:
        results = list(threads.map(_read, prepared))
    for calendar, request, result in zip(claimed, requests, results, strict=True):
        if isinstance(result, Reading):
            _record_reading(calendar, request, result, now=now)
        else:
            _record_failure(calendar, result, now=now)
    return claimed


def _claim(calendar: OutsideCalendar, *, not_since: datetime, now: datetime) -> bool:
    free = Q(attempted_at=None) | Q(attempted_at__lte=not_since)
    return bool(OutsideCalendar.objects.filter(free, pk=calendar.pk).update(attempted_at=now))


def _known_version(calendar: OutsideCalendar, request: Request) -> Version:
    """What was read last; nothing if the stored periods end too early, so that all is read again."""
    if calendar.covers_until is None or calendar.covers_until < request.ends - _FULL_EVERY / 2:
        return NOTHING
    return Version(calendar.etag, calendar.last_modified, calendar.digest)


def _read(prepared: tuple[Request, Source | None, Version]) -> Reading | Problem:
    request, source, known = prepared
    return Problem.ENTER_AGAIN if source is None else request.read(source, known)


@retry_conflicts
def _record_reading(calendar: OutsideCalendar, request: Request, reading: Reading, *, now: datetime) -> None:
    with transaction.atomic():
        locked = OutsideCalendar.objects.select_for_update(no_key=True).filter(pk=calendar.pk).first()
        if locked is None or (locked.read_at is not None and locked.read_at > now):
            return  # it was removed, or a later reading is stored already
        if reading.periods is not None:
            store_periods(locked, reading.periods, now=now)
        covers_until = locked.covers_until if reading.periods is None else request.ends
        _schedule(locked, now + INTERVAL, covers_until=covers_until, **fields_after_reading(reading, now=now))


def fields_after_reading(reading: Reading, *, now: datetime) -> dict[str, Any]:
    """The fields of a calendar that was read: its version, and that there is no problem."""
    return {
        "etag": reading.version.etag,
        "last_modified": reading.version.last_modified,
        "digest": reading.version.digest,
        "read_at": now,
        "attempt_ended_at": now,
        "failures": 0,
        "failing_since": None,
        "doctor_notified_at": None,
        "problem": "",
    }


def store_periods(calendar: OutsideCalendar, periods: Sequence[Period], *, now: datetime) -> None:
    """Replace the calendar's stored periods, in the caller's transaction. Write only what differs.

    Time that opens is offered to the waiting list; holds and offers whose time is busy now end.
    """
    rows = BusyPeriod.objects.filter(calendar=calendar).values_list("starts_at", "ends_at", "pk")
    stored = {(begins, ends): key for begins, ends, key in rows}
    current = set(periods)
    removed = {period: key for period, key in stored.items() if period not in current}
    added = [period for period in periods if period not in stored]
    opened = [OpenedTime(begins, ends, calendar.doctor_id) for begins, ends in removed if ends > now]
    if not (opened or any(ends > now for _begins, ends in added)):
        _replace(calendar, removed=list(removed.values()), added=added)
        return
    with tracking_changes():
        _replace(calendar, removed=list(removed.values()), added=added)
        on_rules_changed(*opened, now=now)
        refresh_next_slot(doctor_id=calendar.doctor_id, now=now)


def _replace(calendar: OutsideCalendar, *, removed: list[uuid.UUID], added: Sequence[Period]) -> None:
    if removed:
        BusyPeriod.objects.filter(pk__in=removed).delete()
    BusyPeriod.objects.bulk_create(
        BusyPeriod(calendar=calendar, doctor_id=calendar.doctor_id, starts_at=begins, ends_at=ends)
        for begins, ends in added
    )


def _record_failure(calendar: OutsideCalendar, problem: Problem, *, now: datetime) -> None:
    """Record a failed attempt, plan the next one, and email the doctor after a day of them."""
    log.info("outside_calendar_unreadable", calendar=str(calendar.pk), problem=problem.value)
    with transaction.atomic():
        locked = OutsideCalendar.objects.select_for_update(no_key=True).filter(pk=calendar.pk).first()
        if locked is None:
            return
        since = locked.failing_since or now
        notify = locked.doctor_notified_at is None and now - since >= _NOTIFY_AFTER
        if notify:
            enqueue(kind="outside_calendar_failing", row_id=calendar.pk, due_at=now)
        _schedule(
            locked,
            # 15, 30, 60 minutes and so on.
            now + min(INTERVAL * 2 ** min(locked.failures, 8), _MAX_INTERVAL),
            problem=problem,
            failures=locked.failures + 1,
            failing_since=since,
            attempt_ended_at=now,
            doctor_notified_at=now if notify else locked.doctor_notified_at,
        )


def _schedule(calendar: OutsideCalendar, at: datetime, **changes: Any) -> None:
    """Plan the next reading. A job that comes before it belongs to an earlier plan and does nothing.

    :param changes: other fields to update with it
    """
    OutsideCalendar.objects.filter(pk=calendar.pk).update(next_read_at=at, **changes)
    enqueue(kind="outside_calendar", row_id=calendar.pk, due_at=at)


def refresh_if_due(calendar: OutsideCalendar, *, now: datetime) -> None:
    """Read a calendar if its time has come. A doctor who takes no bookings waits for a day."""
    if calendar.next_read_at is not None and calendar.next_read_at > now:
        return
    if not calendar.doctor.is_active:
        with transaction.atomic():
            _schedule(calendar, now + timedelta(days=1))
        return
    if not refresh_calendars([calendar], not_since=now - timedelta(seconds=30), now=now):
        with transaction.atomic():
            _schedule(calendar, now + timedelta(minutes=1))


def plan_overdue(*, now: datetime) -> None:
    """Plan the reading of calendars whose job was lost."""
    overdue = Q(next_read_at=None) | Q(next_read_at__lt=now - timedelta(hours=1))
    with transaction.atomic():
        for calendar in OutsideCalendar.objects.filter(overdue):
            _schedule(calendar, now)


def forget_lost_addresses_after_restore(*, now: datetime) -> None:
    """Forget the addresses that a restored clinic cannot decrypt. Their busy times stay.

    The key depends on the installation and on the clinic's id. A clinic that was restored with both has its
    addresses, and its calendars are read again. Otherwise the doctor has to enter them again.
    """
    lost = [calendar.pk for calendar in OutsideCalendar.objects.all() if source_of(calendar) is None]
    OutsideCalendar.objects.filter(pk__in=lost).update(
        stored_address="",
        stored_login="",
        problem=Problem.ENTER_AGAIN,
        failing_since=now,
        doctor_notified_at=None,
    )
    # The queue is not restored: the nightly maintenance plans the readings (`plan_overdue`).
    OutsideCalendar.objects.update(next_read_at=None)
