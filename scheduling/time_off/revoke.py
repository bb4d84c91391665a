"""Revoke time off, and optionally revert its effects on bookings."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from clinics.models import Doctor
from scheduling.availability.next_open_slot import tracking_changes
from scheduling.bookings.book import book_slot
from scheduling.bookings.reschedule import reschedule_booking
from scheduling.errors import RescheduledSince, SlotNotOffered, SlotStarted
from scheduling.hours.selectors import to_time_off_spec
from scheduling.hours.slot_generator import generate_slots_between
from scheduling.models import Booking, BookingEvent, Slot, TimeOff, TimeOffEffect
from scheduling.time_off.block_slots import lock_schedules, refresh_next_slots, reopen_manual_slots
from scheduling.time_off.give import request_regeneration
from scheduling.time_off.selectors import upcoming_periods
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import User
from tenants.base.errors import DomainError, NotFound
from tenants.base.retry import retry_conflicts

_Effects = dict[TimeOffEffect, uuid.UUID]
"""The effects of a time off on bookings, each with the id of the doctor the booking was with."""


class RevertResult(StrEnum):
    """The result of reverting an effect on a booking."""

    MOVED_BACK = "moved_back"
    BOOKED_AGAIN = "booked_again"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class RevertedBooking:
    """A booking after an effect was reverted, and the error if it could not be reverted."""

    booking: Booking
    done: RevertResult
    instead_of: uuid.UUID | None = None
    """The cancelled booking that this new one replaces. It stays cancelled."""
    refused: DomainError | None = None


@retry_conflicts
def revoke_time_off(
    *, time_off: TimeOff, revert: bool = False, by: User, now: datetime
) -> list[RevertedBooking]:
    """Revoke a time off. Its times are offered again within seconds.

    :param revert: whether to revert its effects too, where the old time is free: bookings it moved are moved
        back, bookings it cancelled are booked again
    :return: with `revert`, the bookings that it moved or cancelled, by their old start; else an empty list
    :raises NotFound: it has already been revoked
    """
    doctor = time_off.doctor
    with transaction.atomic(), tracking_changes():
        lock_schedules(doctor)
        if not TimeOff.objects.standing().filter(pk=time_off.pk).update(undone_at=now):
            raise NotFound
        doctor_ids = reopen_manual_slots(
            doctor, upcoming_periods(to_time_off_spec(time_off), now=now), now=now
        )
        effects = _effects_of(time_off) if revert else {}
        _regenerate_slots(effects, now=now)
        reverted = [
            _revert_effect(effect, doctor_id, by=by, now=now) for effect, doctor_id in effects.items()
        ]
        write_audit_entries(what=AuditAction.REMOVED, by=by, about=[time_off])
        request_regeneration(doctor, now=now)
        refresh_next_slots(doctor_ids, now=now)
    return reverted


def _effects_of(time_off: TimeOff) -> _Effects:
    """The effects of the time off, by old start. The old doctor of a moved booking is in its history."""
    effects = list(time_off.effects.select_related("booking").order_by("old_starts_at", "id"))
    moves = {
        (event.booking_id, event.details["starts_at"]): uuid.UUID(event.details["doctor"])
        for event in BookingEvent.objects.filter(
            booking__in=[effect.booking_id for effect in effects], kind=BookingEvent.Kind.RESCHEDULED
        )
    }
    return {
        effect: moves.get((effect.booking_id, effect.old_starts_at.isoformat()), effect.booking.doctor_id)
        if effect.done == TimeOffEffect.Done.MOVED
        else effect.booking.doctor_id
        for effect in effects
    }


def _regenerate_slots(effects: _Effects, *, now: datetime) -> None:
    """Generate the slots of the affected days now, since the queued regeneration runs after the commit."""
    starts: dict[uuid.UUID, list[datetime]] = {}
    for effect, doctor_id in effects.items():
        starts.setdefault(doctor_id, []).append(effect.old_starts_at)
    for doctor in Doctor.objects.filter(pk__in=starts).order_by("pk"):
        old_starts = starts[doctor.pk]
        generate_slots_between(doctor=doctor, starts_at=min(old_starts), ends_at=max(old_starts), now=now)


def _revert_effect(
    effect: TimeOffEffect, doctor_id: uuid.UUID, *, by: User, now: datetime
) -> RevertedBooking:
    """Restore the old time of a booking. A refusal affects only this booking and is part of the result."""
    try:
        with transaction.atomic():
            slot = _old_slot(effect, doctor_id, now=now)
            if effect.done == TimeOffEffect.Done.MOVED:
                return RevertedBooking(_move_back(effect, slot, by=by, now=now), RevertResult.MOVED_BACK)
            replacement = _book_again(effect.booking, slot, by=by, now=now)
            return RevertedBooking(replacement, RevertResult.BOOKED_AGAIN, instead_of=effect.booking_id)
    except DomainError as error:
        booking = Booking.objects.shown().get(pk=effect.booking_id)
        return RevertedBooking(booking, RevertResult.LEFT, refused=error)


def _old_slot(effect: TimeOffEffect, doctor_id: uuid.UUID, *, now: datetime) -> Slot:
    """The slot at the booking's old time, which need not be the same row as before.

    :raises SlotStarted: that time has started
    :raises SlotNotOffered: the doctor no longer offers it
    """
    if effect.old_starts_at <= now:
        raise SlotStarted
    slot = Slot.objects.live().filter(doctor=doctor_id, starts_at=effect.old_starts_at).first()
    if slot is None:
        raise SlotNotOffered
    return slot


def _move_back(effect: TimeOffEffect, slot: Slot, *, by: User, now: datetime) -> Booking:
    """Move a booking back to its old time.

    :raises RescheduledSince: the booking was moved again after the time off moved it
    """
    booking = effect.booking
    moves = booking.events.filter(kind=BookingEvent.Kind.RESCHEDULED)
    last_move = moves.order_by("created_at", "id").last()
    if last_move is None or last_move.details["starts_at"] != effect.old_starts_at.isoformat():
        raise RescheduledSince
    return reschedule_booking(booking=booking, slot_id=slot.pk, by=by, now=now)


def _book_again(booking: Booking, slot: Slot, *, by: User, now: datetime) -> Booking:
    """Make a new booking with the data of the cancelled one."""
    return book_slot(
        slot_id=slot.pk,
        patient=booking.patient,
        by=by,
        visit_type=booking.visit_type,
        reason=booking.reason,
        answers={answer["question"]: answer["answer"] for answer in booking.answers},
        overbook=booking.overbooked,
        now=now,
    )
