"""Changing when a doctor works. Every change asks for the doctor's slots to be generated anew."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from clinics.models import Doctor
from clinics.selectors import clinic_settings
from scheduling.errors import HoursChanged
from scheduling.models import DatedException, ExceptionInterval, Place, WorkingHours
from scheduling.planning import DatedException as PlannedException
from scheduling.planning import Hours, HoursRefused, Interval, check_day, check_week
from tenants.accounts.audit import What, record_by
from tenants.accounts.models import User
from tenants.base.errors import InvalidInput, NotFound
from tenants.queue import enqueue


@transaction.atomic
def set_working_hours(
    *,
    doctor: Doctor,
    week: Sequence[Hours],
    version: int | None = None,
    by: User | None = None,
    now: datetime,
) -> None:
    """Replace the doctor's whole week.

    :param version: of the schedule that was read before; None to replace whatever there is
    :param by: who is to be in the audit log for it; None where the caller writes that, as the admin does
    :raises HoursChanged: it has been changed since
    :raises InvalidInput: an interval does not end after it begins, or overlaps another; or its slots are
        too long or too short
    """
    with hours_said_plainly("hours"):
        check_week(week)
    _check_places(hours.place for hours in week)
    lock_schedule(doctor, version=version)
    replace_week(doctor, week)
    record_by(by, what=What.CHANGED, about=[doctor])
    hours_changed(doctor=doctor, now=now)


@transaction.atomic
def set_exception(
    *,
    doctor: Doctor,
    day: date,
    intervals: Sequence[Interval],
    slot_minutes: int | None = None,
    place: uuid.UUID | None = None,
    version: int | None = None,
    by: User | None = None,
    now: datetime,
) -> DatedException:
    """Say what holds on `day` instead of the week; no intervals: the doctor does not work.

    :param version: as in `set_working_hours`
    :raises HoursChanged: the schedule has been changed since
    :param by: as in `set_working_hours`
    :param slot_minutes: when not given, the length that the doctor's week has on that weekday, else anywhere
    :raises InvalidInput: an interval does not end after it begins, or two overlap
    """
    length = slot_minutes or _default_slot_minutes(doctor, day)
    with hours_said_plainly("intervals"):
        check_day(intervals, length)
    _check_places([place])
    lock_schedule(doctor, version=version)
    exception, _created = DatedException.objects.update_or_create(
        doctor=doctor, day=day, defaults={"slot_minutes": length, "place_id": place}
    )
    exception.intervals.all().delete()
    ExceptionInterval.objects.bulk_create(
        ExceptionInterval(exception=exception, opens=opens, closes=closes) for opens, closes in intervals
    )
    record_by(by, what=What.CHANGED, about=[exception])
    hours_changed(doctor=doctor, now=now)
    return exception


@transaction.atomic
def remove_exception(
    *, doctor: Doctor, day: date, version: int | None = None, by: User | None = None, now: datetime
) -> None:
    """Let the week hold again on `day`.

    :param version: as in `set_working_hours`
    :raises HoursChanged: the schedule has been changed since
    :param by: as in `set_working_hours`
    :raises NotFound: it does already
    """
    lock_schedule(doctor, version=version)
    exception = DatedException.objects.filter(doctor=doctor, day=day).first()
    if exception is None:
        raise NotFound
    record_by(by, what=What.REMOVED, about=[exception])
    exception.delete()
    hours_changed(doctor=doctor, now=now)


def replace_week(doctor: Doctor, week: Iterable[Hours]) -> None:
    """Store a checked week in the place of the doctor's."""
    lock_schedule(doctor)
    WorkingHours.objects.filter(doctor=doctor).delete()
    WorkingHours.objects.bulk_create(
        WorkingHours(
            doctor=doctor,
            weekday=hours.weekday,
            opens=hours.opens,
            closes=hours.closes,
            slot_minutes=hours.slot_minutes,
            weeks=hours.weeks,
            place_id=hours.place,
            valid_from=hours.valid_from,
            valid_until=hours.valid_until,
        )
        for hours in week
    )


def replace_exceptions(doctor: Doctor, dated: Iterable[PlannedException]) -> None:
    """Store checked dated days in the place of all that the doctor has, however many, in four statements."""
    lock_schedule(doctor)
    DatedException.objects.filter(doctor=doctor).delete()
    rows = {
        DatedException(
            doctor=doctor, day=planned.day, slot_minutes=planned.slot_minutes, place_id=planned.place
        ): planned.intervals
        for planned in dated
    }
    DatedException.objects.bulk_create(rows)
    ExceptionInterval.objects.bulk_create(
        ExceptionInterval(exception=row, opens=opens, closes=closes)
        for row, intervals in rows.items()
        for opens, closes in intervals
    )


def hours_changed(*, doctor: Doctor, now: datetime) -> None:
    """Ask for the doctor's slots to be brought in line with their hours, as soon as this commits."""
    Doctor.objects.filter(pk=doctor.pk).update(schedule_version=F("schedule_version") + 1)
    doctor.refresh_from_db(fields=["schedule_version"])
    enqueue(kind="doctor_hours", row_id=doctor.pk, due_at=now)


def _default_slot_minutes(doctor: Doctor, day: date) -> int:
    """How long the doctor's appointments are on such a day."""
    lengths = dict(
        WorkingHours.objects.filter(doctor=doctor).order_by("-opens").values_list("weekday", "slot_minutes")
    )
    return lengths.get(day.weekday()) or next(iter(lengths.values()), 0) or clinic_settings().slot_minutes


def lock_schedule(doctor: Doctor, *, version: int | None = None) -> None:
    """Let one change of a doctor's schedule at a time go on; bookings are not held up by it.

    :raises HoursChanged: the schedule is not the one of that version any more
    """
    locked = Doctor.objects.select_for_update(no_key=True).only("schedule_version").get(pk=doctor.pk)
    if version is not None and version != locked.schedule_version:
        raise HoursChanged


def _check_places(places: Iterable[uuid.UUID | None]) -> None:
    """Refuse hours at a place that the clinic does not have, or does not use any more.

    :raises InvalidInput: it does not
    """
    named = {place for place in places if place is not None}
    if Place.objects.filter(pk__in=named, is_active=True).count() != len(named):
        raise InvalidInput(errors={"place": [_("There is no such place.")]})


@contextmanager
def hours_said_plainly(field: str) -> Iterator[None]:
    """Turn the planner's refusal into one that names the field, in the reader's language."""
    try:
        yield
    except HoursRefused as refused:
        raise InvalidInput(errors={field: [_(refused.message) % refused.params]}) from refused
