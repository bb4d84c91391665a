"""Give time off, and keep, move or cancel the bookings it affects."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from clinics.models import Doctor
from clinics.services.booking_rules import request_regeneration_of_all_slots
from scheduling.availability.next_open_slot import tracking_changes
from scheduling.calendar.local_times import clinic_day
from scheduling.clock.planning import HoursRefused
from scheduling.clock.time_off import TimeOffSpec, check_time_off_spec
from scheduling.hours.services import enqueue_regeneration
from scheduling.models import Booking, Slot, TimeOff, TimeOffEffect
from scheduling.time_off.block_slots import block_slots, lock_schedules, refresh_next_slots
from scheduling.time_off.decisions import Action, AppliedAction, Closed, Decision, Outcome, apply_decisions
from scheduling.time_off.selectors import affected_bookings, upcoming_periods
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import User
from tenants.base.errors import InvalidInput
from tenants.base.retry import retry_conflicts

_FIELDS_BY_CODE = {"last_day_before_first": "to", "no_weekday": "weekdays"}
"""The field that the planner's error is about, by its code; `closes` for any other code."""


@dataclass(frozen=True, slots=True)
class TimeOffResult:
    """A time off, and the results for the bookings it affects, by start."""

    time_off: TimeOff
    outcomes: list[Outcome]


@retry_conflicts
def give_time_off(
    *,
    doctor: Doctor | None,
    spec: TimeOffSpec,
    note: str = "",
    decisions: Mapping[uuid.UUID, Decision] | None = None,
    others: Action = Action.KEEP,
    by: User,
    now: datetime,
) -> TimeOffResult:
    """Give the doctor, or the whole clinic, time off. After the commit, nobody can book its times.

    A booking made at the same time is either affected like the others, or refused. Decisions about bookings
    that are not affected are ignored. A booking that cannot be moved or cancelled stays. Its outcome has the
    reason, and the other bookings are handled all the same.

    :param note: the reason; patients whose bookings are moved or cancelled see it
    :param decisions: actions on single bookings by the booking's id; they are carried out first
    :param others: the action on all other affected bookings, the earliest first
    :raises InvalidInput: the time off is invalid or past
    """
    check_time_off(spec, now=now)
    with transaction.atomic(), tracking_changes():
        lock_schedules(doctor)
        time_off = _create_time_off(doctor, spec, note=note, by=by, now=now)
        periods = upcoming_periods(spec, now=now)
        doctor_ids = block_slots(doctor, periods, by=by, now=now)
        affected = affected_bookings(doctor, periods)
        outcomes = apply_decisions(
            affected,
            decisions or {},
            others=others,
            closed=Closed(doctor, periods, reason=note),
            record=partial(_record_effect, time_off=time_off, now=now),
            by=by,
            now=now,
        )
        write_audit_entries(what=AuditAction.ADDED, by=by, about=[time_off])
        request_regeneration(doctor, now=now)
        refresh_next_slots(doctor_ids, now=now)
    return TimeOffResult(time_off=time_off, outcomes=outcomes)


def _create_time_off(
    doctor: Doctor | None, spec: TimeOffSpec, *, note: str, by: User, now: datetime
) -> TimeOff:
    return TimeOff.objects.create(
        doctor=doctor,
        first_on=spec.first,
        last_on=spec.last,
        opens=spec.opens,
        closes=spec.closes,
        weekdays=sorted(spec.weekdays),
        note=note,
        by=by,
        created_at=now,
    )


def check_time_off(spec: TimeOffSpec, *, now: datetime) -> None:
    """Check that the time off can be given.

    :raises InvalidInput: it ends before it begins, has no weekday, or is past
    """
    try:
        check_time_off_spec(spec)
    except HoursRefused as error:
        field = _FIELDS_BY_CODE.get(error.code, "closes")
        raise InvalidInput(errors={field: [_(error.message) % error.params]}) from error
    if spec.last is not None and not upcoming_periods(spec, now=now) and spec.last < clinic_day(now):
        raise InvalidInput(errors={"to": [_("This day is in the past. Choose today or a later day.")]})


def _record_effect(booking: Booking, done: AppliedAction, *, time_off: TimeOff, now: datetime) -> None:
    """Record the change of a booking and its old time, so that it can be reverted."""
    # The slot is gone if the doctor's hours had changed since the booking was made.
    old_slot = Slot.objects.filter(pk=booking.slot_id).only("pk").first() if booking.slot_id else None
    TimeOffEffect.objects.create(
        time_off=time_off,
        booking=booking,
        done=done,
        old_slot=old_slot,
        old_starts_at=booking.starts_at,
        old_ends_at=booking.ends_at,
        created_at=now,
    )


def request_regeneration(doctor: Doctor | None, *, now: datetime) -> None:
    """Enqueue the regeneration of the slots of the doctor, or of all doctors."""
    if doctor is None:
        request_regeneration_of_all_slots()
    else:
        enqueue_regeneration(doctor.pk, now=now)
