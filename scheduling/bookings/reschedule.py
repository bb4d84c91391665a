"""Reschedule a booking with one UPDATE, so that it is never at both times or at neither."""

import uuid
from datetime import datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, connection, transaction

from clinics.models import ClinicSettings
from clinics.selectors import clinic_settings
from scheduling.availability.booking_window import Window, booking_window
from scheduling.availability.next_open_slot import tracking_changes
from scheduling.bookings.book import (
    Claim,
    Claimed,
    WrittenRow,
    claim_slot,
    needs_approval,
    refresh_after_booking,
)
from scheduling.bookings.cancel import has_notice
from scheduling.bookings.refusals import check_not_taken, refusal_reason
from scheduling.bookings.release_time import release_time
from scheduling.bookings.sql import MOVE
from scheduling.errors import BookingNotChangeable, RescheduledTooLate
from scheduling.models import Booking, BookingEvent
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import User
from tenants.base.constraints import violated_constraint
from tenants.base.retry import retry_conflicts
from tenants.queue.jobs import enqueue

_MOVABLE = ["PENDING", "CONFIRMED"]


@retry_conflicts
def reschedule_booking(
    *,
    booking: Booking,
    slot_id: uuid.UUID,
    by: User,
    reason: str = "",
    waive_notice: bool = False,
    now: datetime,
) -> Booking:
    """Move `booking` to another slot, with the same doctor or another. It keeps its id.

    :param waive_notice: whether a patient may move it without notice, because the clinic asked them to
    :raises BookingNotChangeable: it has started, is cancelled or completed, or somebody else has moved it
    :raises RescheduledTooLate: `by` is a patient, and less than the clinic's rescheduling notice is left
    :raises DomainError: the new slot cannot be booked; as `book_slot`
    """
    rules, by_patient = clinic_settings(), by.role == User.Role.PATIENT
    if booking.starts_at <= now:
        raise BookingNotChangeable
    if by_patient and not waive_notice and not _gives_reschedule_notice(booking, rules=rules, now=now):
        raise RescheduledTooLate
    pending = by_patient and needs_approval(booking.visit_type, patient=booking.patient, rules=rules, now=now)
    claim = Claim(
        slot_id=slot_id,
        patient=booking.patient,
        by=by,
        visit_type=booking.visit_type,
        status=Booking.Status.PENDING if pending else booking.status,
        booking_id=booking.pk,
    )
    window = booking_window(
        rules, visit_type=booking.visit_type, by_staff=not by_patient or waive_notice, now=now
    )
    check_not_taken(**claim.as_arguments, window=window, now=now)
    with transaction.atomic(), tracking_changes():
        moved = _move(claim, booking, window=window, now=now)
        event = BookingEvent.objects.create(
            booking=booking,
            kind=BookingEvent.Kind.RESCHEDULED,
            by=by,
            note=reason,
            details=_previous_time(booking),
            created_at=now,
        )
        enqueue(kind="booking_event", row_id=event.pk, due_at=now)
        if not by_patient:
            write_audit_entries(what=AuditAction.RESCHEDULED, by=by, about=[booking, booking.patient])
        release_time(booking, now=now)
        refresh_after_booking(moved, now=now)
    return Booking.objects.shown().get(pk=booking.pk)


def _move(claim: Claim, booking: Booking, *, window: Window, now: datetime) -> Claimed:
    """Move the booking to the claimed slot.

    :raises DomainError: as `reschedule_booking`
    """
    write = partial(_update_booking, booking=booking)
    moved = claim_slot(claim, window=window, now=now, write=write, excluding=[booking])
    if moved is not None:
        return moved
    unchanged = Booking.objects.filter(pk=booking.pk, status__in=_MOVABLE, starts_at=booking.starts_at)
    if not unchanged.exists():
        raise BookingNotChangeable
    raise refusal_reason(**claim.as_arguments, overbook=False, window=window, now=now)


def _update_booking(params: dict[str, Any], *, booking: Booking) -> WrittenRow | None:
    """Write the new time if nobody else changed the booking; None if a rule or a constraint prevented it."""
    expected = {"movable": _MOVABLE, "old_starts_at": booking.starts_at}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(MOVE, params | expected)
            row: WrittenRow | None = cursor.fetchone()
            return row
    except IntegrityError as error:
        # Compare only the start of the name: on a sharded table, the constraint's name ends in a number.
        if not violated_constraint(error).startswith("booking_"):
            raise
        return None


def _gives_reschedule_notice(booking: Booking, *, rules: ClinicSettings, now: datetime) -> bool:
    """Whether the booking starts late enough for the patient to reschedule online."""
    return has_notice(booking, minutes=rules.reschedule_notice_minutes, now=now)


def can_reschedule(booking: Booking, *, rules: ClinicSettings, now: datetime) -> bool:
    """Whether the patient may reschedule now."""
    is_upcoming = booking.status in _MOVABLE and booking.starts_at > now
    return is_upcoming and _gives_reschedule_notice(booking, rules=rules, now=now)


def _previous_time(booking: Booking) -> dict[str, str]:
    """The booking's time, slot and doctor, stored with the event of the change."""
    return {
        "starts_at": booking.starts_at.isoformat(),
        "ends_at": booking.ends_at.isoformat(),
        "slot": str(booking.slot_id or ""),
        "doctor": str(booking.doctor_id),
    }
