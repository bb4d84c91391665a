"""Reschedule a booking with one UPDATE, so that it is never at both times or at neither."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, connection, transaction

from clinics.models import ClinicSettings
from clinics.selectors import clinic_settings
from scheduling.availability.booking_window import Window, booking_window
from scheduling.availability.next_open_slot import tracking_changes
from scheduling.bookings.approval import needs_approval
from scheduling.bookings.book import (
    Claim,
    Claimed,
    claim_slot,
    refresh_after_booking,
)
from scheduling.bookings.cancel import has_notice
from scheduling.bookings.events import record_event
from scheduling.bookings.refusals import check_eligibility, check_not_taken, refusal_reason
from scheduling.bookings.release_holds import settling_expired_holds
from scheduling.bookings.release_time import release_time
from scheduling.bookings.sql import MOVE, WrittenRow
from scheduling.bookings.unannounced_moves import announced_before
from scheduling.errors import BookingNotChangeable, RescheduledTooLate, SameTime
from scheduling.models import Booking, BookingEvent, Slot, VisitType
from scheduling.visit_types.intake_answers import answers_before_visit, check_answers
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import User
from tenants.base.constraints import violated_constraint
from tenants.base.retry import retry_conflicts

_MOVABLE = ["PENDING", "CONFIRMED"]


@retry_conflicts
@settling_expired_holds
def reschedule_booking(
    *,
    booking: Booking,
    slot_id: uuid.UUID,
    by: User,
    visit_type: VisitType | None = None,
    answers: Mapping[str, str] | None = None,
    reason: str = "",
    waive_notice: bool = False,
    now: datetime,
) -> Booking:
    """Move `booking` to another slot, with the same doctor or another. It keeps its id.

    With another visit type, the rules of a new booking of that type apply, and both change or neither does.

    :param visit_type: the new visit type; None: the booking keeps its own
    :param answers: answers to the questions asked when booking, by the question's id; None: the booking keeps
        its own, unless the visit type changes
    :param waive_notice: whether a patient may move it without notice, because the clinic asked them to
    :raises BookingNotChangeable: it has started, is cancelled or completed, or somebody else has changed it
    :raises RescheduledTooLate: `by` is a patient, and less than the clinic's rescheduling notice is left
    :raises SameTime: it is at that time already, and the visit type stays the same
    :raises InvalidInput: a required question is not answered
    :raises DomainError: the new slot cannot be booked; as `book_slot`
    """
    rules, by_patient = clinic_settings(), by.role == User.Role.PATIENT
    check_movable(booking, by=by, rules=rules, waive_notice=waive_notice, now=now)
    claim = _moving_claim(booking, slot_id=slot_id, visit_type=visit_type, answers=answers, by=by)
    _check_changes_something(claim, booking)
    if by_patient:
        claim = replace(claim, status=_status_after_move(claim, booking, rules=rules, now=now))
    window = booking_window(
        rules, visit_type=claim.visit_type, by_staff=not by_patient or waive_notice, now=now
    )
    check_not_taken(**claim.as_arguments, window=window, now=now)
    with transaction.atomic(), tracking_changes():
        if by_patient and _changes_visit_type(claim, booking):
            check_eligibility(claim.visit_type, patient=booking.patient, moving=booking)
        moved = _move(claim, booking, window=window, now=now)
        _record_move(claim, booking, by=by, reason=reason, now=now)
        release_time(booking, now=now)
        refresh_after_booking(moved, now=now)
    return Booking.objects.shown().get(pk=booking.pk)


def _record_move(claim: Claim, booking: Booking, *, by: User, reason: str, now: datetime) -> None:
    """Write the event with its queue line, and the audit entry of a move by staff."""
    record_event(
        booking,
        BookingEvent.Kind.RESCHEDULED,
        by=by,
        note=reason,
        details={
            **previous_details(booking),
            **announced_before(booking),
            "status": claim.status,
            "version": booking.version + 1,
        },
        now=now,
    )
    if by.role != User.Role.PATIENT:
        write_audit_entries(what=AuditAction.RESCHEDULED, by=by, about=[booking, booking.patient])


def check_movable(
    booking: Booking, *, by: User, rules: ClinicSettings, waive_notice: bool = False, now: datetime
) -> None:
    """Check that `by` may still move the booking to another time.

    :raises BookingNotChangeable: it has started, is cancelled or is completed
    :raises RescheduledTooLate: `by` is a patient, and less than the clinic's rescheduling notice is left
    """
    if booking.starts_at <= now or booking.status not in _MOVABLE:
        raise BookingNotChangeable
    needs_notice = by.role == User.Role.PATIENT and not waive_notice
    if needs_notice and not _gives_reschedule_notice(booking, rules=rules, now=now):
        raise RescheduledTooLate


def _moving_claim(
    booking: Booking,
    *,
    slot_id: uuid.UUID,
    visit_type: VisitType | None,
    answers: Mapping[str, str] | None,
    by: User,
) -> Claim:
    """The claim on the new slot.

    :raises InvalidInput: a required question is not answered
    """
    visit_type = visit_type or booking.visit_type
    if answers is None and visit_type == booking.visit_type:
        checked = booking.answers
    else:
        checked = check_answers(visit_type, answers or {})
        if visit_type == booking.visit_type:
            checked += answers_before_visit(visit_type, booking.answers)
    return Claim(
        slot_id=slot_id,
        patient=booking.patient,
        by=by,
        visit_type=visit_type,
        status=booking.status,
        answers=checked,
        moving=booking,
        booking_id=booking.pk,
    )


def _changes_visit_type(claim: Claim, booking: Booking) -> bool:
    return claim.visit_type != booking.visit_type


def _check_changes_something(claim: Claim, booking: Booking) -> None:
    """Refuse a move to the time that the booking has, which would be recorded and mailed as a change.

    :raises SameTime: doctor, place, start, end and visit type stay the same
    """
    if _changes_visit_type(claim, booking):
        return
    same_start = Slot.objects.live().filter(
        pk=claim.slot_id, doctor=booking.doctor_id, place=booking.place_id, starts_at=booking.starts_at
    )
    if any(slot.starts_at + claim.length(slot) == booking.ends_at for slot in same_start):
        raise SameTime


def _status_after_move(claim: Claim, booking: Booking, *, rules: ClinicSettings, now: datetime) -> str:
    """The booking's status after its patient moved it: pending if the clinic has to approve it."""
    if needs_approval(claim.visit_type, patient=booking.patient, rules=rules, now=now):
        return Booking.Status.PENDING
    return Booking.Status.CONFIRMED if _changes_visit_type(claim, booking) else booking.status


def _move(claim: Claim, booking: Booking, *, window: Window, now: datetime) -> Claimed:
    """Move the booking to the claimed slot.

    :raises DomainError: as `reschedule_booking`
    """
    write = partial(_update_booking, booking=booking, keeps_answers=claim.answers == booking.answers)
    moved = claim_slot(claim, window=window, now=now, write=write)
    if moved is not None:
        return moved
    unchanged = Booking.objects.filter(pk=booking.pk, status__in=_MOVABLE, version=booking.version)
    if not unchanged.exists():
        raise BookingNotChangeable
    raise refusal_reason(**claim.as_arguments, overbook=False, window=window, now=now)


def _update_booking(params: dict[str, Any], *, booking: Booking, keeps_answers: bool) -> WrittenRow | None:
    """Write the new time if nobody else changed the booking; None if a rule or a constraint prevented it.

    :param keeps_answers: keep the answers in the row, which may have been given since the booking was read
    """
    expected = {"movable": _MOVABLE, "old_version": booking.version, "keeps_answers": keeps_answers}
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


def previous_details(booking: Booking) -> dict[str, str]:
    """The booking's time, slot, doctor, place and visit type, stored with the event of the change."""
    return {
        "starts_at": booking.starts_at.isoformat(),
        "ends_at": booking.ends_at.isoformat(),
        "slot": str(booking.slot_id or ""),
        "doctor": str(booking.doctor_id),
        "place": str(booking.place_id or ""),
        "visit_type": str(booking.visit_type_id or ""),
        "visit_type_name": booking.visit_type.name if booking.visit_type else "",
    }
