"""Test, add and remove a doctor's outside calendars."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from clinics.models import Doctor
from scheduling.models import OutsideCalendar
from scheduling.outside_calendars.errors import OutsideCalendarLimitReached, OutsideCalendarUnreadable
from scheduling.outside_calendars.read_calendar import Problem, Reading, Source
from scheduling.outside_calendars.refresh import (
    INTERVAL,
    Request,
    fields_after_reading,
    refresh_calendars,
    store_periods,
)
from scheduling.outside_calendars.sources import stored_source
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import User
from tenants.base.errors import InvalidInput
from tenants.base.retry import retry_conflicts
from tenants.queue.jobs import enqueue

MAX_CALENDARS = 5
"""How many outside calendars a doctor has at most."""
PREVIEW = timedelta(days=14)
"""How far ahead busy times are counted, to compare them with the calendar itself."""


def try_source(source: Source, *, doctor: Doctor, now: datetime) -> tuple[Request, Reading]:
    """Read a calendar that is not stored. Do not call it in a transaction.

    :raises OutsideCalendarUnreadable: it could not be read
    """
    request = Request.for_doctor(doctor, now=now)
    result = request.read(source)
    if isinstance(result, Reading):
        return request, result
    raise OutsideCalendarUnreadable({"problem": result.value}, errors={"address": [result.label]})


def upcoming_count(reading: Reading, *, now: datetime) -> int:
    """The number of busy periods in the next two weeks."""
    return sum(ends > now and begins < now + PREVIEW for begins, ends in reading.periods or ())


def add_calendar(*, doctor: Doctor, name: str, source: Source, by: User, now: datetime) -> OutsideCalendar:
    """Read a calendar and add it to the doctor's. Its busy times can no longer be booked.

    Existing bookings stay as they are. A calendar of that name whose address was lost in a restore gets the
    new one, so that its busy times never open.

    :raises OutsideCalendarUnreadable: it could not be read
    :raises OutsideCalendarLimitReached: the doctor has the maximum number of them
    :raises InvalidInput: another one has that name
    """
    _check_may_add(doctor, name)
    request, reading = try_source(source, doctor=doctor, now=now)
    return _store(doctor=doctor, name=name, source=source, request=request, reading=reading, by=by, now=now)


def _lost_calendar(doctor: Doctor, name: str) -> OutsideCalendar | None:
    """The doctor's calendar of that name, if its address has to be entered again."""
    lost = doctor.outside_calendars.filter(name=name, problem=Problem.ENTER_AGAIN)
    return lost.first()


def _check_may_add(doctor: Doctor, name: str) -> None:
    """Check that the doctor may add a calendar of that name, or enter its address again.

    :raises OutsideCalendarLimitReached: the doctor has the maximum number of them
    :raises InvalidInput: another one has that name
    """
    if _lost_calendar(doctor, name) is not None:
        return
    names = list(doctor.outside_calendars.values_list("name", flat=True))
    if len(names) >= MAX_CALENDARS:
        raise OutsideCalendarLimitReached
    if name in names:
        raise InvalidInput(errors={"name": [_("Another calendar has this name. Choose a different one.")]})


@retry_conflicts
@transaction.atomic
def _store(
    *,
    doctor: Doctor,
    name: str,
    source: Source,
    request: Request,
    reading: Reading,
    by: User,
    now: datetime,
) -> OutsideCalendar:
    Doctor.objects.select_for_update(no_key=True).only("pk").get(pk=doctor.pk)
    _check_may_add(doctor, name)
    calendar = _lost_calendar(doctor, name) or OutsideCalendar(doctor=doctor, name=name)
    values = {
        **stored_source(source),
        **fields_after_reading(reading, now=now),
        "covers_until": request.ends,
        "attempted_at": now,
        "next_read_at": now + INTERVAL,
    }
    for field, value in values.items():
        setattr(calendar, field, value)
    calendar.save()
    store_periods(calendar, reading.periods or (), now=now)
    enqueue(kind="outside_calendar", row_id=calendar.pk, due_at=now + INTERVAL)
    write_audit_entries(what=AuditAction.ADDED, by=by, about=[calendar, doctor])
    return calendar


@retry_conflicts
@transaction.atomic
def remove_calendar(*, calendar: OutsideCalendar, by: User, now: datetime) -> None:
    """Remove a calendar. Its busy times can be booked again."""
    locked = OutsideCalendar.objects.select_for_update().filter(pk=calendar.pk).first()
    if locked is None:
        return
    store_periods(locked, (), now=now)
    write_audit_entries(what=AuditAction.REMOVED, by=by, about=[locked, locked.doctor])
    locked.delete()


def refresh_now(calendar: OutsideCalendar, *, now: datetime) -> None:
    """Read a calendar now, unless an attempt began in the last ten seconds."""
    refresh_calendars([calendar], not_since=now - timedelta(seconds=10), now=now)
