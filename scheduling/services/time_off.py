"""Giving time off, and what becomes of the bookings in it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from clinics.models import Doctor
from clinics.selectors import clinic_settings
from clinics.services.rules import booking_rules_changed
from scheduling.errors import NoTimeOpen
from scheduling.models import Booking, TimeOff, TimeOffEffect
from scheduling.planning import HoursRefused
from scheduling.selectors.instead import alternatives_to
from scheduling.selectors.time_off import bookings_hit, periods_ahead
from scheduling.selectors.wall import clinic_day
from scheduling.services.cancelling import cancel_booking
from scheduling.services.hours import hours_changed
from scheduling.services.moving import reschedule_booking
from scheduling.services.next_open import time_changes
from scheduling.services.shutting import lock_schedules, shut_times, times_were_changed
from scheduling.time_off import Off, Period, check_off
from tenants.accounts.audit import What, record
from tenants.accounts.models import User
from tenants.base.errors import DomainError, InvalidInput
from tenants.retrying import retry_conflicts

_FIELDS_BY_CODE = {"last_day_before_first": "to", "no_weekday": "weekdays"}
"""Which part of a time off the planner's refusal is about; `closes` where it is none of these."""


class Action(StrEnum):
    """What can be done with a booking in a time off."""

    KEEP = "keep"
    MOVE = "move"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to become of a booking."""

    action: Action
    slot_id: uuid.UUID | None = None
    """Where it moves; None: to its best alternative."""


class Done(StrEnum):
    """What became of it."""

    KEPT = "kept"
    MOVED = "moved"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a booking, and why not what was asked for."""

    booking: Booking
    done: Done
    old_starts_at: datetime
    refused: DomainError | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """A time off, and what became of each booking that it hit, by start."""

    time_off: TimeOff
    outcomes: list[Outcome]


@retry_conflicts
def give_time_off(
    *,
    doctor: Doctor | None,
    off: Off,
    note: str = "",
    decisions: Mapping[uuid.UUID, Decision] | None = None,
    others: Action = Action.KEEP,
    by: User,
    now: datetime,
) -> Given:
    """Let the doctor, or the whole clinic, be off: from the commit on nobody can book there.

    A booking made in the same moment is either hit like the others, or refused. Bookings that `decisions`
    names and that are not hit (any more) are left alone. Where one cannot be moved or cancelled, it stays,
    and the answer says why; the others are done all the same.

    :param note: what for; whose booking is moved or cancelled reads it as the reason
    :param decisions: what is to become of which booking, before those that are not named
    :param others: what is to become of those, the earliest first
    :raises InvalidInput: the time off is none, or over
    """
    check_time_off(off, now=now)
    decisions = decisions or {}
    with transaction.atomic(), time_changes():
        lock_schedules(doctor)
        time_off = TimeOff.objects.create(
            doctor=doctor,
            first_on=off.first,
            last_on=off.last,
            opens=off.opens,
            closes=off.closes,
            weekdays=sorted(off.weekdays),
            note=note,
            by=by,
            created_at=now,
        )
        periods = periods_ahead(off, now=now)
        shut = shut_times(doctor, periods, by=by, now=now)
        hit = bookings_hit(doctor, periods)
        outcomes = {
            booking.pk: _apply_decision(
                booking,
                decisions.get(booking.pk, Decision(others)),
                time_off=time_off,
                periods=periods,
                by=by,
                now=now,
            )
            for booking in sorted(hit, key=lambda each: each.pk not in decisions)
        }
        record(what=What.ADDED, by=by, about=[time_off])
        slots_follow(doctor, now=now)
        times_were_changed(shut, now=now)
    return Given(time_off=time_off, outcomes=[outcomes[booking.pk] for booking in hit])


def check_time_off(off: Off, *, now: datetime) -> None:
    """Refuse what nobody can be given.

    :raises InvalidInput: its end is not after its beginning, it is on no weekday, or it is over
    """
    try:
        check_off(off)
    except HoursRefused as refused:
        field = _FIELDS_BY_CODE.get(refused.code, "closes")
        raise InvalidInput(errors={field: [_(refused.message) % refused.params]}) from refused
    if off.last is not None and off.last < clinic_day(now):
        raise InvalidInput(errors={"to": [_("This is over. Choose a day that is still to come.")]})


def _apply_decision(
    booking: Booking,
    decision: Decision,
    *,
    time_off: TimeOff,
    periods: Sequence[Period],
    by: User,
    now: datetime,
) -> Outcome:
    """Do with one booking what was decided; what is refused is undone for this one alone."""
    words: dict[str, Any] = {"booking": booking, "by": by, "reason": time_off.note, "now": now}
    try:
        with transaction.atomic():
            if decision.action == Action.MOVE:
                slot_id = decision.slot_id or _best_slot(booking, time_off.doctor, periods, now=now)
                changed, done = reschedule_booking(slot_id=slot_id, **words), Done.MOVED
            elif decision.action == Action.CANCEL:
                changed, done = cancel_booking(**words), Done.CANCELLED
            else:
                return Outcome(booking=booking, done=Done.KEPT, old_starts_at=booking.starts_at)
            _record_effect(booking, done, time_off=time_off, now=now)
    except DomainError as refused:
        return Outcome(booking=booking, done=Done.KEPT, old_starts_at=booking.starts_at, refused=refused)
    return Outcome(booking=changed, done=done, old_starts_at=booking.starts_at)


def _best_slot(
    booking: Booking, doctor: Doctor | None, periods: Sequence[Period], *, now: datetime
) -> uuid.UUID:
    """The first of the booking's alternatives as they are now.

    :raises NoTimeOpen: there is none
    """
    found = alternatives_to(booking, doctor=doctor, off=periods, rules=clinic_settings(), now=now, limit=1)
    if not found:
        raise NoTimeOpen
    return found[0].slot.pk


def _record_effect(booking: Booking, done: Done, *, time_off: TimeOff, now: datetime) -> None:
    """Keep what the booking was, so that it can be that again."""
    TimeOffEffect.objects.create(
        time_off=time_off,
        booking=booking,
        done=done,
        old_slot_id=booking.slot_id,
        old_starts_at=booking.starts_at,
        old_ends_at=booking.ends_at,
        created_at=now,
    )


def slots_follow(doctor: Doctor | None, *, now: datetime) -> None:
    """Ask for the doctor's slots, or everybody's, to be brought in line as soon as this commits."""
    if doctor is None:
        booking_rules_changed()
    else:
        hours_changed(doctor=doctor, now=now)
