"""Keep, move or cancel the bookings that time off, or another change of a schedule, affects."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Q

from clinics.models import Doctor
from clinics.selectors import clinic_settings
from scheduling.bookings.cancel import cancel_booking
from scheduling.bookings.reschedule import reschedule_booking
from scheduling.clock.time_off import PeriodsByPlace
from scheduling.errors import NoTimeOpen
from scheduling.models import Booking
from scheduling.outside_calendars.before_booking import read_before_booking
from scheduling.time_off.alternatives import alternatives_to
from tenants.accounts.models import User
from tenants.base.errors import DomainError


class Action(StrEnum):
    """The actions on a booking that time off affects."""

    KEEP = "keep"
    MOVE = "move"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Decision:
    """The action to take on a booking."""

    action: Action
    slot_id: uuid.UUID | None = None
    """For `MOVE`: the new slot; None: the first alternative."""


class AppliedAction(StrEnum):
    """The action that was taken on a booking."""

    KEPT = "kept"
    MOVED = "moved"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result for a booking, and the error if the requested action was refused."""

    booking: Booking
    done: AppliedAction
    old_starts_at: datetime
    refused: DomainError | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """The time that is closed by the change, to which no booking is moved."""

    doctor: Doctor | None
    """None: the whole clinic."""
    periods: PeriodsByPlace
    reason: str = ""
    """Patients whose bookings are moved or cancelled see it."""


RecordEffect = Callable[[Booking, AppliedAction], None]
"""Takes a booking as it was before, and the action that was taken on it."""


def read_before_decisions(
    decisions: Mapping[uuid.UUID, Decision], *, others: Action, doctor: Doctor | None, now: datetime
) -> None:
    """Read stale outside calendars before bookings are moved. Call it before the transaction.

    :param decisions: as in `apply_decisions`, like `others`
    :param doctor: the doctor whose time is closed; None: the whole clinic
    """
    moves = [decision for decision in decisions.values() if decision.action == Action.MOVE]
    slots, doctors = [move.slot_id for move in moves], Doctor.objects.none()
    if others == Action.MOVE or None in slots:
        doctors = Doctor.objects.bookable()
        if doctor is not None:
            doctors = doctors.filter(Q(pk=doctor.pk) | Q(specialties__in=doctor.specialties.all()))
    read_before_booking(slots=slots, doctors=list(doctors.values_list("pk", flat=True)), now=now)


def apply_decisions(
    bookings: Sequence[Booking],
    decisions: Mapping[uuid.UUID, Decision],
    *,
    others: Action,
    closed: Closed,
    record: RecordEffect | None = None,
    by: User,
    now: datetime,
) -> list[Outcome]:
    """Carry out the decisions on the affected bookings, in the caller's transaction.

    A booking that cannot be moved or cancelled stays. Its outcome has the reason, and the other bookings are
    handled all the same.

    :param decisions: actions on single bookings by the booking's id; they are carried out first
    :param others: the action on all other affected bookings, the earliest first
    :return: the outcomes in the order of `bookings`
    """
    outcomes = {
        booking.pk: _apply_decision(
            booking,
            decisions.get(booking.pk, Decision(others)),
            closed=closed,
            record=record,
            by=by,
            now=now,
        )
        for booking in sorted(bookings, key=lambda booking: booking.pk not in decisions)
    }
    return [outcomes[booking.pk] for booking in bookings]


def _apply_decision(
    booking: Booking,
    decision: Decision,
    *,
    closed: Closed,
    record: RecordEffect | None,
    by: User,
    now: datetime,
) -> Outcome:
    """Carry out the decision on one booking. A refusal affects only this booking."""
    request: dict[str, Any] = {"booking": booking, "by": by, "reason": closed.reason, "now": now}
    try:
        with transaction.atomic():
            if decision.action == Action.MOVE:
                slot_id = decision.slot_id or _best_slot(booking, closed, now=now)
                changed, done = reschedule_booking(slot_id=slot_id, **request), AppliedAction.MOVED
            elif decision.action == Action.CANCEL:
                changed, done = cancel_booking(**request), AppliedAction.CANCELLED
            else:
                return Outcome(booking=booking, done=AppliedAction.KEPT, old_starts_at=booking.starts_at)
            if record is not None:
                record(booking, done)
    except DomainError as error:
        return Outcome(
            booking=booking, done=AppliedAction.KEPT, old_starts_at=booking.starts_at, refused=error
        )
    return Outcome(booking=changed, done=done, old_starts_at=booking.starts_at)


def _best_slot(booking: Booking, closed: Closed, *, now: datetime) -> uuid.UUID:
    """The first alternative to the booking as of now.

    :raises NoTimeOpen: there is no alternative
    """
    alternatives = alternatives_to(
        booking, doctor=closed.doctor, periods=closed.periods, rules=clinic_settings(), now=now, limit=1
    )
    if not alternatives:
        raise NoTimeOpen
    return alternatives[0].slot.pk
