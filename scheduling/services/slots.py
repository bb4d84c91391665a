"""Slots made, moved, blocked and taken away by hand."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from clinics.models import Doctor
from scheduling.errors import SlotBooked, SlotOverlaps, SlotStarted
from scheduling.models import Booking, Slot
from scheduling.planning import (
    LONGEST_SLOT,
    SHORTEST_SLOT,
    Hours,
    Interval,
    check_interval,
    plan_runs,
    slots_of,
)
from scheduling.services.hours import hours_said_plainly
from scheduling.services.next_open import time_changes, time_was_changed, time_was_freed
from scheduling.time_off import Period
from tenants.accounts.audit import What, record_by
from tenants.accounts.models import User
from tenants.base.constraints import constraint_of
from tenants.base.errors import InvalidInput, NotFound
from tenants.door import current_clinic
from tenants.queue import enqueue

_MAX_DISTANCE = timedelta(days=731)
"""How far ahead a slot may be made: two years, past which a date is a slip of the finger."""


def _check_period(starts_at: datetime, ends_at: datetime, *, now: datetime) -> None:
    """Refuse a period that no appointment can have.

    :raises InvalidInput: it ends before it begins, or is too short, too long or too far ahead
    :raises SlotStarted: it has begun
    """
    minutes = (ends_at - starts_at) / timedelta(minutes=1)
    if minutes <= 0:
        raise InvalidInput(errors={"ends_at": [_("The end must be after the start.")]})
    if not SHORTEST_SLOT <= minutes <= LONGEST_SLOT:
        sizes = {"shortest": SHORTEST_SLOT, "longest": LONGEST_SLOT}
        raise InvalidInput(
            errors={"ends_at": [_("A slot lasts from %(shortest)d to %(longest)d minutes.") % sizes]}
        )
    if starts_at <= now:
        raise SlotStarted
    if starts_at > now + _MAX_DISTANCE:
        raise InvalidInput(errors={"starts_at": [_("This is too far ahead.")]})


def periods_of_day(*, day: date, interval: Interval, slot_minutes: int) -> list[Period]:
    """The periods of `slot_minutes` that fit into an interval of the clinic's day, one after the other.

    :raises InvalidInput: the interval does not end after it begins
    """
    with hours_said_plainly("to"):
        check_interval(*interval, slot_minutes)
    hours = [Hours(weekday=day.weekday(), opens=interval[0], closes=interval[1], slot_minutes=slot_minutes)]
    runs = plan_runs(hours=hours, exceptions={}, zone=current_clinic().zone, first=day, last=day)
    return [period for run in runs for period in slots_of(run)]


def add_slots(*, doctor: Doctor, periods: list[Period], by: User | None = None, now: datetime) -> list[Slot]:
    """Offer times beyond the hours: all of them or none.

    :param by: who is to be in the audit log for it; None where the caller writes that, as the admin does
    :raises InvalidInput: one of them is no period an appointment can have
    :raises SlotStarted: one has begun
    :raises SlotOverlaps: the doctor has a slot there
    """
    for starts_at, ends_at in periods:
        _check_period(starts_at, ends_at, now=now)
    with _overlap_as_refusal(), transaction.atomic(), time_changes():
        for period in periods:
            _delete_withdrawn_marker(doctor.pk, period)
        slots = Slot.objects.bulk_create(
            Slot(doctor=doctor, starts_at=starts_at, ends_at=ends_at, created_at=now)
            for starts_at, ends_at in periods
        )
        record_by(by, what=What.ADDED, about=slots)
        for slot in slots:
            enqueue(kind="time_freed", row_id=slot.pk, due_at=now)
        time_was_changed(doctor_id=doctor.pk, now=now)
    return slots


def change_slot(
    *,
    slot: Slot,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    status: str | None = None,
    by: User | None = None,
    now: datetime,
) -> Slot:
    """Move a slot, or switch it between offered and not offered. A moved slot is one made by hand.

    :param by: as in `add_slots`
    :raises SlotBooked: somebody has booked it
    :raises InvalidInput: the new period is none an appointment can have
    :raises SlotStarted: the new period has begun
    :raises SlotOverlaps: the doctor has another slot there
    """
    period = (starts_at or slot.starts_at, ends_at or slot.ends_at)
    moved = period != (slot.starts_at, slot.ends_at)
    if moved:
        _check_period(*period, now=now)
    with _overlap_as_refusal(), transaction.atomic(), time_changes():
        locked = _lock_unbooked(slot.pk)
        old_period, origin = (locked.starts_at, locked.ends_at), locked.origin
        locked.status = status or locked.status
        if moved:
            # What was given up or missed there was not at the new time.
            Booking.objects.filter(slot=locked).update(slot=None)
            _delete_withdrawn_marker(locked.doctor_id, period)
            locked.starts_at, locked.ends_at = period
            locked.origin, locked.fits_hours = Slot.Origin.HAND, True
        locked.save(update_fields=["starts_at", "ends_at", "status", "origin", "fits_hours"])
        if moved and origin == Slot.Origin.HOURS:
            _leave_withdrawn_marker(locked.doctor_id, old_period, now=now)
        record_by(by, what=What.CHANGED, about=[locked])
        time_was_freed(doctor_id=locked.doctor_id, slot_id=locked.pk, now=now)
    return locked


def withdraw_slot(*, slot: Slot, by: User | None = None, now: datetime) -> None:
    """Take a slot away. It leaves a mark, so that the generator does not put one there again.

    :param by: as in `add_slots`
    :raises SlotBooked: somebody has booked it
    """
    with transaction.atomic(), time_changes():
        locked = _lock_unbooked(slot.pk)
        locked.status = Slot.Status.WITHDRAWN
        locked.save(update_fields=["status"])
        record_by(by, what=What.REMOVED, about=[locked])
        time_was_changed(doctor_id=locked.doctor_id, now=now)


def _lock_unbooked(slot_id: uuid.UUID) -> Slot:
    """The slot, locked against being booked until this transaction ends.

    :raises NotFound: it is gone
    :raises SlotBooked: somebody has booked it
    """
    slot = Slot.objects.live().select_for_update(of=("self",)).filter(pk=slot_id).first()
    if slot is None:
        raise NotFound
    # Asked after the lock is held, in a statement of its own, so that a booking just committed is seen.
    taken = Booking.objects.taking().filter(doctor=slot.doctor_id)
    if taken.overlapping(slot.starts_at, slot.ends_at).exists():
        raise SlotBooked
    return slot


def _leave_withdrawn_marker(doctor_id: uuid.UUID, period: Period, *, now: datetime) -> None:
    """Where a generated slot was moved away, keep the generator from filling its place."""
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
    """Drop what is left of a slot that was taken away, since another comes in its place."""
    starts_at, ends_at = period
    marks = Slot.objects.filter(
        doctor=doctor_id, starts_at=starts_at, ends_at=ends_at, status=Slot.Status.WITHDRAWN
    )
    Booking.objects.filter(slot__in=marks).update(slot=None)
    marks.delete()


@contextmanager
def _overlap_as_refusal() -> Iterator[None]:
    """Turn the constraint that keeps a doctor in one place into a refusal.

    :raises SlotOverlaps: it was broken
    """
    try:
        yield
    except IntegrityError as error:
        # Only the beginning: a sharded table's constraint carries a number behind its name.
        if constraint_of(error).startswith(("slot_doctor_is_in_one_place", "slot_is_there_once")):
            raise SlotOverlaps from error
        raise
