"""Change working hours or deactivate a doctor, and keep, move or cancel the bookings in the closed time."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from clinics.models import Doctor
from scheduling.availability.next_open_slot import refresh_next_slot, tracking_changes
from scheduling.bookings.release_holds import ReleaseReason, on_holds_released, release_holds
from scheduling.clock.planning import DatedException as PlannedException
from scheduling.clock.planning import Hours, Interval, check_day
from scheduling.hours.checks import check_new_exception, planned_exception
from scheduling.hours.services import (
    default_slot_minutes,
    lock_schedule,
    planner_errors_as_field_errors,
    remove_exception,
    set_exception,
    set_working_hours,
)
from scheduling.models import Booking
from scheduling.schedule_changes.selectors import (
    Closing,
    bookings_in,
    closing_of_doctor,
    closing_of_exception,
    closing_of_week,
)
from scheduling.time_off.block_slots import block_slots, refresh_next_slots
from scheduling.time_off.decisions import Action, Closed, Decision, Outcome, apply_decisions
from scheduling.time_off.selectors import affected_holds
from tenants.accounts.audit.services import AuditAction, write_audit_entries_by
from tenants.accounts.models import User
from tenants.base.retry import retry_conflicts


@dataclass(frozen=True, slots=True)
class Decisions:
    """What to do with the bookings that a change affects."""

    bookings: Mapping[uuid.UUID, Decision] = field(default_factory=dict)
    """Actions on single bookings, by the booking's id."""
    others: Action = Action.KEEP
    note: str = ""
    """The reason; patients whose bookings are moved or cancelled see it."""


@dataclass(frozen=True, slots=True)
class ExceptionChange:
    """New hours of one date."""

    day: date
    intervals: Sequence[Interval] | None
    """None: the exception is removed, and the weekly hours apply again."""
    slot_minutes: int | None = None
    place: uuid.UUID | None = None


@retry_conflicts
def change_week(
    *,
    doctor: Doctor,
    week: Sequence[Hours],
    decisions: Decisions,
    version: int | None = None,
    audited: bool = True,
    by: User,
    now: datetime,
) -> list[Outcome]:
    """Replace the doctor's weekly hours, and carry out the decisions on the bookings outside the new ones.

    :param audited: whether to write the audit log; otherwise the caller does, as the admin
    :raises HoursChanged: as `set_working_hours`
    :raises InvalidInput: as `set_working_hours`
    """
    with transaction.atomic(), tracking_changes():
        lock_schedule(doctor, version=version)
        closing = closing_of_week(doctor, week, now=now)
        set_working_hours(doctor=doctor, week=week, by=by if audited else None, now=now)
        return apply_closing(closing, decisions, by=by, now=now)


@retry_conflicts
def change_exception(
    *,
    doctor: Doctor,
    change: ExceptionChange,
    decisions: Decisions,
    version: int | None = None,
    audited: bool = True,
    by: User,
    now: datetime,
) -> list[Outcome]:
    """Set or remove the hours of one date, and carry out the decisions on the bookings outside the new ones.

    :param audited: as in `change_week`
    :raises HoursChanged: as `set_exception`
    :raises InvalidInput: as `set_exception`
    :raises NotFound: the date has no exception that could be removed
    """
    author = by if audited else None
    with transaction.atomic(), tracking_changes():
        lock_schedule(doctor, version=version)
        closing = closing_of_change(doctor, change, now=now)
        if change.intervals is None:
            remove_exception(doctor=doctor, day=change.day, by=author, now=now)
        else:
            set_exception(
                doctor=doctor,
                day=change.day,
                intervals=change.intervals,
                slot_minutes=change.slot_minutes,
                place=change.place,
                by=author,
                now=now,
            )
        return apply_closing(closing, decisions, by=by, now=now)


def closing_of_change(doctor: Doctor, change: ExceptionChange, *, now: datetime) -> Closing:
    """The time that the change of one date closes."""
    return closing_of_exception(doctor, change.day, planned_change(doctor, change), now=now)


def planned_change(doctor: Doctor, change: ExceptionChange) -> PlannedException | None:
    """The new hours of one date for the planner; None: its exception is removed."""
    if change.intervals is None:
        return None
    minutes = change.slot_minutes or default_slot_minutes(doctor, change.day)
    return planned_exception(change.day, change.intervals, minutes, place=change.place)


def check_change(doctor: Doctor, change: ExceptionChange) -> None:
    """Check the change of one date as `change_exception` does, without making it.

    :raises InvalidInput: the intervals are invalid, or overlap other hours in real time
    """
    planned = planned_change(doctor, change)
    with planner_errors_as_field_errors("intervals"):
        if planned is not None:
            check_day(planned.intervals, planned.slot_minutes)
        check_new_exception(doctor, change.day, planned)


@retry_conflicts
def deactivate_doctor(*, doctor: Doctor, decisions: Decisions, by: User, now: datetime) -> list[Outcome]:
    """Stop bookings with the doctor, and carry out the decisions on the existing ones."""
    with transaction.atomic(), tracking_changes():
        lock_schedule(doctor)
        closing = closing_of_doctor(doctor, now=now)
        Doctor.objects.filter(pk=doctor.pk).update(is_active=False)
        write_audit_entries_by(by, what=AuditAction.CHANGED, about=[doctor])
        outcomes = apply_closing(closing, decisions, by=by, now=now)
        refresh_next_slot(doctor_id=doctor.pk, now=now)
    return outcomes


def apply_closing(closing: Closing, decisions: Decisions, *, by: User, now: datetime) -> list[Outcome]:
    """Block the closed slots, release the holds in them and carry out the decisions.

    Call it in the transaction that makes the change. A booking made at the same time is affected like the
    others, or refused.
    """
    doctor_ids = block_slots(closing.doctor, closing.blocked, by=by, now=now)
    if not closing.keeps_manual_slots:
        holds = Booking.objects.filter(pk__in=affected_holds(closing.doctor, closing.lost))
        released = release_holds(holds, by=by, because=ReleaseReason.TIME_CLOSED, now=now)
        on_holds_released(released, now=now)
    outcomes = apply_decisions(
        bookings_in(closing),
        decisions.bookings,
        others=decisions.others,
        closed=Closed(closing.doctor, closing.unavailable, reason=decisions.note),
        by=by,
        now=now,
    )
    refresh_next_slots(doctor_ids, now=now)
    return outcomes
