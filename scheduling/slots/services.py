"""Add, move, block and withdraw single slots."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clinics.models import Doctor
from scheduling.availability.changed_times import OpenedTime
from scheduling.availability.next_open_slot import on_opened, refresh_next_slot, tracking_changes
from scheduling.calendar.local_times import clinic_day
from scheduling.clock.planning import (
    LONGEST_SLOT,
    SHORTEST_SLOT,
    Hours,
    Interval,
    check_interval,
    plan_working_periods,
    slots_in,
)
from scheduling.clock.time_off import Period
from scheduling.errors import SlotBooked, SlotDuringTimeOff, SlotOverlaps, SlotStarted
from scheduling.hours.selectors import doctor_time_off_periods, planned_working_periods
from scheduling.hours.services import lock_schedule, planner_errors_as_field_errors
from scheduling.hours.slot_generator import generate_slots_between
from scheduling.models import Booking, Slot
from scheduling.models.slots import MAX_SLOT_LENGTH
from tenants.accounts.audit.services import AuditAction, write_audit_entries_by
from tenants.accounts.models import User
from tenants.base.constraints import violated_constraint
from tenants.base.errors import InvalidInput, NotFound
from tenants.base.retry import retry_conflicts
from tenants.current import current_clinic

_MAX_DISTANCE = timedelta(days=731)
"""How far ahead a slot may be added: two years. A later date is probably a typing error."""


def _check_period(starts_at: datetime, ends_at: datetime, *, now: datetime) -> None:
    """Check that a period can be a slot.

    :raises InvalidInput: it ends before it starts, or is too short, too long or too far ahead
    :raises SlotStarted: it has started
    """
    minutes = (ends_at - starts_at) / timedelta(minutes=1)
    if minutes <= 0:
        raise InvalidInput(errors={"ends_at": [_("The end must be after the start. Choose a later end.")]})
    if not SHORTEST_SLOT <= minutes <= LONGEST_SLOT:
        sizes = {"shortest": SHORTEST_SLOT, "longest": LONGEST_SLOT}
        raise InvalidInput(
            errors={"ends_at": [_("A slot must last from %(shortest)d to %(longest)d minutes.") % sizes]}
        )
    if starts_at <= now:
        raise SlotStarted
    if starts_at > now + _MAX_DISTANCE:
        raise InvalidInput(
            errors={"starts_at": [_("This is too far ahead. Choose a date within the next two years.")]}
        )


def periods_of_day(*, day: date, interval: Interval, slot_minutes: int) -> list[Period]:
    """The consecutive slots (start, end) in an interval of the clinic's day.

    :raises InvalidInput: the interval does not end after it starts, or the slots are too short or too long
    """
    with planner_errors_as_field_errors("to"):
        check_interval(*interval, slot_minutes)
    hours = [Hours(weekday=day.weekday(), opens=interval[0], closes=interval[1], slot_minutes=slot_minutes)]
    periods = plan_working_periods(
        hours=hours, exceptions={}, zone=current_clinic().zone, first=day, last=day
    )
    return [slot for period in periods for slot in slots_in(period)]


def add_slots(
    *,
    doctor: Doctor,
    periods: list[Period],
    during_time_off: bool = False,
    by: User | None = None,
    now: datetime,
) -> list[Slot]:
    """Add slots in addition to the doctor's hours: all of them or none.

    :param during_time_off: whether `by` has confirmed that the slots are offered although the doctor is away
    :param by: the user for the audit log; None if the caller writes it, as the admin does
    :raises InvalidInput: a period is too short, too long or too far ahead
    :raises SlotStarted: a period has started
    :raises SlotDuringTimeOff: a period is within time off, and it was not confirmed
    :raises SlotOverlaps: the doctor has a slot at that time
    """
    for starts_at, ends_at in periods:
        _check_period(starts_at, ends_at, now=now)
    with _overlap_as_refusal(), transaction.atomic(), tracking_changes():
        # Time off that is given at the same time waits for this lock, and then blocks the new slots.
        lock_schedule(doctor)
        if not during_time_off:
            _check_outside_time_off(doctor, periods)
        for period in periods:
            _delete_withdrawn_marker(doctor.pk, period)
        slots = Slot.objects.bulk_create(
            Slot(doctor=doctor, starts_at=starts_at, ends_at=ends_at, created_at=now)
            for starts_at, ends_at in periods
        )
        write_audit_entries_by(by, what=AuditAction.ADDED, about=slots)
        on_opened(*[OpenedTime(slot.starts_at, slot.ends_at, doctor.pk) for slot in slots], now=now)
        refresh_next_slot(doctor_id=doctor.pk, now=now)
    return slots


def change_slot(
    *,
    slot: Slot,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    status: str | None = None,
    during_time_off: bool = False,
    by: User | None = None,
    now: datetime,
) -> Slot:
    """Move a slot, or change whether it is offered. The slot generator no longer changes a moved slot.

    A slot of the doctor's hours that is set free is offered only if the hours still contain it.

    :param during_time_off: as in `add_slots`. The slot generator does not change such a slot either
    :param by: as in `add_slots`
    :raises SlotDuringTimeOff: the slot would be offered within time off, and it was not confirmed
    :raises SlotBooked: the slot is booked
    :raises InvalidInput: the new period is too short, too long or too far ahead
    :raises SlotStarted: the new period has started
    :raises SlotOverlaps: the doctor has another slot at that time
    """
    period = (starts_at or slot.starts_at, ends_at or slot.ends_at)
    moved = period != (slot.starts_at, slot.ends_at)
    if moved:
        _check_period(*period, now=now)
    with _overlap_as_refusal(), transaction.atomic(), tracking_changes():
        lock_schedule(slot.doctor)
        locked = _lock_unbooked(slot.pk)
        set_free = locked.status != Slot.Status.FREE and status == Slot.Status.FREE
        old_period, origin = (locked.starts_at, locked.ends_at), locked.origin
        locked.status = status or locked.status
        if moved:
            # Cancelled and missed bookings were at the old time, so they no longer refer to the slot.
            Booking.objects.filter(slot=locked).update(slot=None)
            _delete_withdrawn_marker(locked.doctor_id, period)
            locked.starts_at, locked.ends_at = period
            locked.origin, locked.fits_hours = Slot.Origin.HAND, True
        if moved or set_free:
            _offer(locked, during_time_off=during_time_off)
        locked.save(update_fields=["starts_at", "ends_at", "status", "origin", "fits_hours"])
        if moved and origin == Slot.Origin.HOURS:
            _leave_withdrawn_marker(locked.doctor_id, old_period, now=now)
        write_audit_entries_by(by, what=AuditAction.CHANGED, about=[locked])
        on_opened(OpenedTime(locked.starts_at, locked.ends_at, locked.doctor_id), now=now)
        refresh_next_slot(doctor_id=locked.doctor_id, now=now)
    return locked


def _offer(slot: Slot, *, during_time_off: bool) -> None:
    """Set whether a slot that was moved or set free is within the doctor's working time.

    A blocked slot does not follow the hours, so they may have changed since. The caller saves the slot.

    :raises SlotDuringTimeOff: it is within time off, and it was not confirmed
    """
    period = (slot.starts_at, slot.ends_at)
    if slot.status == Slot.Status.FREE and _in_time_off(slot.doctor, [period], slot.place_id):
        if not during_time_off:
            raise SlotDuringTimeOff
        # By hand, since the hours of a day with time off do not contain it.
        slot.origin, slot.fits_hours = Slot.Origin.HAND, True
    elif slot.origin == Slot.Origin.HOURS:
        slot.fits_hours = _is_planned(slot)
    else:
        slot.fits_hours = True


def _is_planned(slot: Slot) -> bool:
    """Whether the slot generator would add the slot: the doctor's hours contain it, without time off."""
    day = clinic_day(slot.starts_at)
    return any(
        (slot.starts_at, slot.ends_at) in slots_in(period) and period.place == slot.place_id
        for period in planned_working_periods(slot.doctor, first=day, last=day)
    )


def _check_outside_time_off(doctor: Doctor, periods: list[Period]) -> None:
    """Refuse periods within time off of the doctor or the clinic, even in part.

    :raises SlotDuringTimeOff: a period is within time off
    """
    if _in_time_off(doctor, periods):
        raise SlotDuringTimeOff


def _in_time_off(doctor: Doctor, periods: list[Period], place_id: uuid.UUID | None = None) -> bool:
    """Whether any of the periods is within time off of the doctor or the clinic, even in part."""
    if not periods:
        return False
    first = clinic_day(min(starts_at for starts_at, _ in periods))
    last = clinic_day(max(ends_at for _, ends_at in periods))
    off = doctor_time_off_periods(doctor, first=first, last=last)
    return any(off.overlap(period, place_id) for period in periods)


def withdraw_slot(*, slot: Slot, by: User | None = None, now: datetime) -> None:
    """Remove a slot. Its row stays as a removed period, to which the slot generator adds no slots.

    :param by: as in `add_slots`
    :raises SlotBooked: the slot is booked
    """
    with transaction.atomic(), tracking_changes():
        locked = _lock_unbooked(slot.pk)
        locked.status = Slot.Status.WITHDRAWN
        locked.save(update_fields=["status"])
        write_audit_entries_by(by, what=AuditAction.REMOVED, about=[locked])
        refresh_next_slot(doctor_id=locked.doctor_id, now=now)


@retry_conflicts
def restore_slot(*, slot: Slot, by: User | None = None, now: datetime) -> list[Slot]:
    """Offer a removed period again: a slot that was added by hand as it was, otherwise by the doctor's hours.

    :param by: as in `add_slots`
    :return: the slots that are now offered in the period. None if the hours no longer cover it
    :raises NotFound: the period is not removed, or not any more
    :raises SlotStarted: it has started
    :raises SlotOverlaps: the doctor has another slot at that time
    """
    with _overlap_as_refusal(), transaction.atomic(), tracking_changes():
        lock_schedule(slot.doctor)
        removed = Slot.objects.filter(pk=slot.pk, status=Slot.Status.WITHDRAWN).first()
        if removed is None:
            raise NotFound
        if removed.starts_at <= now:
            raise SlotStarted
        write_audit_entries_by(by, what=AuditAction.ADDED, about=[removed])
        if removed.origin == Slot.Origin.HAND:
            Slot.objects.filter(pk=removed.pk).update(status=Slot.Status.FREE, fits_hours=True)
        else:
            _delete_withdrawn_marker(removed.doctor_id, (removed.starts_at, removed.ends_at))
            generate_slots_between(
                doctor=slot.doctor, starts_at=removed.starts_at, ends_at=removed.ends_at, now=now
            )
        offered = list(_offered_between(removed.doctor_id, removed.starts_at, removed.ends_at))
        on_opened(OpenedTime(removed.starts_at, removed.ends_at, removed.doctor_id), now=now)
        refresh_next_slot(doctor_id=removed.doctor_id, now=now)
    return offered


def _offered_between(doctor_id: uuid.UUID, starts_at: datetime, ends_at: datetime) -> QuerySet[Slot]:
    """The doctor's offered slots that overlap a period, by start."""
    overlapping = Slot.objects.filter(
        doctor=doctor_id,
        starts_at__gt=starts_at - MAX_SLOT_LENGTH,
        starts_at__lt=ends_at,
        ends_at__gt=starts_at,
    )
    return overlapping.offered().select_related("place").order_by("starts_at")


def _lock_unbooked(slot_id: uuid.UUID) -> Slot:
    """The slot, locked so that nobody can book it until the transaction ends.

    :raises NotFound: the slot does not exist
    :raises SlotBooked: the slot is booked
    """
    slot = Slot.objects.live().select_for_update(of=("self",)).filter(pk=slot_id).first()
    if slot is None:
        raise NotFound
    # A separate statement, so that it sees bookings that were committed while this one waited for the lock.
    bookings = Booking.objects.taking_time().filter(doctor=slot.doctor_id)
    if bookings.overlapping(slot.starts_at, slot.ends_at).exists():
        raise SlotBooked
    return slot


def _leave_withdrawn_marker(doctor_id: uuid.UUID, period: Period, *, now: datetime) -> None:
    """Keep the slot generator from adding a slot again at the old time of a generated slot that was moved."""
    starts_at, ends_at = period
    Slot.objects.create(
        doctor_id=doctor_id,
        starts_at=starts_at,
        ends_at=ends_at,
        status=Slot.Status.WITHDRAWN,
        origin=Slot.Origin.HOURS,
        created_at=now,
    )


def _delete_withdrawn_marker(doctor_id: uuid.UUID, period: Period) -> None:
    """Delete a withdrawn slot with this period, since another slot takes its place."""
    starts_at, ends_at = period
    markers = Slot.objects.filter(
        doctor=doctor_id, starts_at=starts_at, ends_at=ends_at, status=Slot.Status.WITHDRAWN
    )
    Booking.objects.filter(slot__in=markers).update(slot=None)
    markers.delete()


@contextmanager
def _overlap_as_refusal() -> Iterator[None]:
    """Convert a violation of the constraints on overlapping slots into `SlotOverlaps`.

    :raises SlotOverlaps: a constraint was violated
    """
    try:
        yield
    except IntegrityError as error:
        # Compare only the start of the name: on a sharded table, the constraint's name ends in a number.
        if violated_constraint(error).startswith(("slot_doctor_is_in_one_place", "slot_is_there_once")):
            raise SlotOverlaps from error
        raise
