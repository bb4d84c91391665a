"""Change a doctor's working hours. Every change enqueues the regeneration of the doctor's slots."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from clinics.models import Doctor
from clinics.selectors import clinic_settings
from scheduling.clock.planning import DatedException as PlannedException
from scheduling.clock.planning import Hours, HoursRefused, Interval, check_day
from scheduling.errors import HoursChanged
from scheduling.hours.checks import check_new_exception, check_new_week, planned_exception, refusal_message
from scheduling.hours.planned_slots import close_unplanned_slots
from scheduling.models import DatedException, ExceptionInterval, Place, WorkingHours
from tenants.accounts.audit.services import AuditAction, write_audit_entries_by
from tenants.accounts.models import User
from tenants.base.errors import InvalidInput, NotFound
from tenants.queue.jobs import enqueue


@transaction.atomic
def set_working_hours(
    *,
    doctor: Doctor,
    week: Sequence[Hours],
    version: int | None = None,
    by: User | None = None,
    now: datetime,
) -> None:
    """Replace the doctor's weekly hours.

    :param version: the version of the schedule that the change is based on; None: do not check it
    :param by: the user for the audit log; None if the caller writes it, as the admin does
    :raises HoursChanged: the schedule has been changed since that version
    :raises InvalidInput: the hours are invalid (see `check_new_week`), or name a place that is not in use
    """
    _check_places(hours.place for hours in week)
    lock_schedule(doctor, version=version)
    with planner_errors_as_field_errors("hours"):
        check_new_week(doctor, week, now=now)
    before = _week_in_words(doctor)
    replace_week(doctor, week)
    changes = {"workinghours": [before, _week_in_words(doctor)]}
    write_audit_entries_by(by, what=AuditAction.CHANGED, about=[doctor], changes=changes)
    close_unplanned_slots(doctor=doctor, now=now)
    on_hours_changed(doctor=doctor, now=now)


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
    """Set the doctor's hours for one date. No intervals: the doctor does not work.

    :param slot_minutes: default: the length in the weekly hours of that weekday, else of any weekday
    :param version: as in `set_working_hours`
    :param by: as in `set_working_hours`
    :raises HoursChanged: the schedule has been changed since that version
    :raises InvalidInput: the intervals are invalid (see `check_day`), overlap other hours in real time, or
        the place is not in use
    """
    length = slot_minutes or default_slot_minutes(doctor, day)
    with planner_errors_as_field_errors("intervals"):
        check_day(intervals, length)
    _check_places([place])
    lock_schedule(doctor, version=version)
    with planner_errors_as_field_errors("intervals"):
        check_new_exception(doctor, day, planned_exception(day, intervals, length, place=place))
    before = _day_in_words(doctor, day)
    exception, _created = DatedException.objects.update_or_create(
        doctor=doctor, day=day, defaults={"slot_minutes": length, "place_id": place}
    )
    exception.intervals.all().delete()
    ExceptionInterval.objects.bulk_create(
        ExceptionInterval(exception=exception, opens=opens, closes=closes) for opens, closes in intervals
    )
    changes = {"intervals": [before, _day_in_words(doctor, day)]}
    write_audit_entries_by(by, what=AuditAction.CHANGED, about=[exception], changes=changes)
    close_unplanned_slots(doctor=doctor, now=now)
    on_hours_changed(doctor=doctor, now=now)
    return exception


@transaction.atomic
def remove_exception(
    *, doctor: Doctor, day: date, version: int | None = None, by: User | None = None, now: datetime
) -> None:
    """Remove the exception of `day`, so that the weekly hours apply again.

    :param version: as in `set_working_hours`
    :param by: as in `set_working_hours`
    :raises HoursChanged: the schedule has been changed since that version
    :raises NotFound: `day` has no exception
    :raises InvalidInput: the weekly hours of that day overlap other hours in real time
    """
    lock_schedule(doctor, version=version)
    exception = DatedException.objects.filter(doctor=doctor, day=day).first()
    if exception is None:
        raise NotFound
    with planner_errors_as_field_errors("date"):
        check_new_exception(doctor, day, None)
    changes = {"day": [day.isoformat(), None], "intervals": [_day_in_words(doctor, day), None]}
    write_audit_entries_by(by, what=AuditAction.REMOVED, about=[exception], changes=changes)
    exception.delete()
    close_unplanned_slots(doctor=doctor, now=now)
    on_hours_changed(doctor=doctor, now=now)


def _week_in_words(doctor: Doctor) -> list[str]:
    """The doctor's weekly hours, for the audit log."""
    rows = WorkingHours.objects.filter(doctor=doctor).order_by("weekday", "opens", "id")
    return [f"{row}, {row.slot_minutes} min" for row in rows]


def _day_in_words(doctor: Doctor, day: date) -> list[str] | None:
    """The doctor's hours on a date with other hours, for the audit log. None: the weekly hours apply."""
    if not DatedException.objects.filter(doctor=doctor, day=day).exists():
        return None
    intervals = ExceptionInterval.objects.filter(exception__doctor=doctor, exception__day=day)
    return [str(interval) for interval in intervals.order_by("opens")]


def replace_week(doctor: Doctor, week: Iterable[Hours]) -> None:
    """Replace the stored weekly hours by `week`, which was checked with `check_week`."""
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


def replace_exceptions(doctor: Doctor, new_exceptions: Iterable[PlannedException]) -> None:
    """Replace all stored exceptions, in four statements. The new ones were checked with `check_day`."""
    lock_schedule(doctor)
    DatedException.objects.filter(doctor=doctor).delete()
    rows = {
        DatedException(
            doctor=doctor, day=planned.day, slot_minutes=planned.slot_minutes, place_id=planned.place
        ): planned.intervals
        for planned in new_exceptions
    }
    DatedException.objects.bulk_create(rows)
    ExceptionInterval.objects.bulk_create(
        ExceptionInterval(exception=row, opens=opens, closes=closes)
        for row, intervals in rows.items()
        for opens, closes in intervals
    )


def on_hours_changed(*, doctor: Doctor, now: datetime) -> None:
    """Increase the version of the doctor's schedule, and enqueue the regeneration of their slots."""
    Doctor.objects.filter(pk=doctor.pk).update(schedule_version=F("schedule_version") + 1)
    doctor.refresh_from_db(fields=["schedule_version"])
    enqueue_regeneration(doctor.pk, now=now)


def enqueue_regeneration(doctor_id: uuid.UUID, *, now: datetime) -> None:
    """Enqueue the regeneration of a doctor's slots, whose hours need not have changed."""
    enqueue(kind="doctor_hours", row_id=doctor_id, due_at=now)


def default_slot_minutes(doctor: Doctor, day: date) -> int:
    """The usual length of the doctor's appointments on that weekday, in minutes."""
    lengths = dict(
        WorkingHours.objects.filter(doctor=doctor).order_by("-opens").values_list("weekday", "slot_minutes")
    )
    return lengths.get(day.weekday()) or next(iter(lengths.values()), 0) or clinic_settings().slot_minutes


def lock_schedule(doctor: Doctor, *, version: int | None = None) -> None:
    """Lock the doctor's schedule against other changes until the commit. Bookings do not wait for this lock.

    :param version: the expected version of the schedule; None: do not check it
    :raises HoursChanged: the schedule has another version
    """
    locked = Doctor.objects.select_for_update(no_key=True).only("schedule_version").get(pk=doctor.pk)
    if version is not None and version != locked.schedule_version:
        raise HoursChanged


def _check_places(places: Iterable[uuid.UUID | None]) -> None:
    """Check that the places exist and are in use.

    :raises InvalidInput: one does not exist or is not in use
    """
    ids = {place for place in places if place is not None}
    if Place.objects.filter(pk__in=ids, is_active=True).count() != len(ids):
        raise InvalidInput(
            errors={"place": [_("This place does not exist or is not in use. Choose another one.")]}
        )


@contextmanager
def planner_errors_as_field_errors(field: str) -> Iterator[None]:
    """Convert `HoursRefused` into a translated error of `field`, which names the day.

    :raises InvalidInput: the planner refused the hours
    """
    try:
        yield
    except HoursRefused as error:
        raise InvalidInput(errors={field: [refusal_message(error)]}) from error
