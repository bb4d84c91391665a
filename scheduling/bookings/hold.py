"""Hold a slot while the patient fills in the form, and confirm or release the hold."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from clinics.models import ClinicSettings, Patient
from clinics.selectors import clinic_settings
from scheduling.availability.booking_rules import own_holds_of
from scheduling.availability.booking_window import Window, booking_window
from scheduling.availability.next_open_slot import tracking_changes
from scheduling.availability.open_slots import SlotStart, nearest_open_slots
from scheduling.bookings.approval import needs_approval
from scheduling.bookings.book import (
    Claim,
    check_patient_limit,
    claim_or_refuse,
    refresh_after_booking,
    release_holds_beyond_limit,
)
from scheduling.bookings.events import record_event
from scheduling.bookings.invalid_holds import is_invalid
from scheduling.bookings.offered_times import naming_offers
from scheduling.bookings.phone_visits import check_phone
from scheduling.bookings.refusals import check_eligibility, check_not_taken
from scheduling.bookings.release_holds import (
    ReleaseReason,
    on_holds_released,
    release_holds,
    settling_expired_holds,
)
from scheduling.bookings.settle_offers import mark_offer_taken
from scheduling.errors import HoldExpired, TimeWithdrawn
from scheduling.models import Booking, BookingEvent, VisitType
from scheduling.models.bookings import BookingQuerySet
from scheduling.visit_types.intake_answers import check_answers
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import User
from tenants.base.errors import NotFound
from tenants.base.retry import retry_conflicts
from tenants.queue.jobs import enqueue


@retry_conflicts
@settling_expired_holds
@naming_offers
def hold_slot(
    *,
    slot_id: uuid.UUID,
    patient: Patient,
    by: User | None,
    visit_type: VisitType | None = None,
    until: datetime | None = None,
    window: Window | None = None,
    replaces: Booking | None = None,
    now: datetime,
) -> Booking:
    """Hold a slot for `patient`. A patient has one hold at a time: a new one releases the previous.

    If the patient already holds the slot, for example in another tab, the same hold is extended. A member of
    the front desk has one hold for each patient, beside the patient's own: neither releases the other, unless
    they overlap.

    :param by: None for a newcomer and for the waiting list. The rules for patients apply to both. The waiting
        list does not release the patient's own hold
    :param until: the end of the hold; by default, after the clinic's `hold_minutes`
    :param window: the booking window; by default, that of `by` at `now`
    :param replaces: a booking that does not count towards the patient's limit, since this time may replace it
    :raises DomainError: the slot cannot be booked; as `book_slot`
    """
    rules, by_staff = clinic_settings(), by is not None and by.role != User.Role.PATIENT
    window = window or booking_window(rules, visit_type=visit_type, by_staff=by_staff, now=now)
    claim = Claim(
        slot_id=slot_id,
        patient=patient,
        by=by,
        visit_type=visit_type,
        status=Booking.Status.HELD,
        held_until=until or now + timedelta(minutes=rules.hold_minutes),
    )
    if not claim.is_by_waiting_list:
        check_not_taken(**claim.as_arguments, window=window, now=now)
    with transaction.atomic(), tracking_changes():
        if patient.is_newcomer:
            _store_newcomer(patient)
        if not by_staff:
            check_eligibility(visit_type, patient=patient)
            check_patient_limit(patient, rules=rules, now=now, excluding=replaces)
        if not claim.is_by_waiting_list:
            earlier = holds_made_by(by, patient=patient)
            if same := _same_hold(claim, earlier, now=now):
                return extend_hold(same, until=claim.held_until)
            on_holds_released(release_holds(earlier, by=by, now=now), now=now)
        claimed = claim_or_refuse(claim, window=window, now=now)
        refresh_after_booking(claimed, now=now)
    return Booking.objects.shown().get(pk=claimed.booking_id)


def _store_newcomer(patient: Patient) -> None:
    """Store the newcomer's record, if this is their first hold. A refusal rolls it back."""
    Patient.objects.bulk_create([patient], ignore_conflicts=True)


def holds_made_by(by: User | None, *, patient: Patient) -> BookingQuerySet:
    """The holds for the patient that one by `by` replaces: those of the same member of staff.

    For a patient or a carer, those that patients made; for a newcomer, their own.
    """
    if by is None:
        return own_holds_of(patient)
    made = BookingEvent.objects.filter(booking=OuterRef("pk"), kind=BookingEvent.Kind.HELD)
    by_them = made.filter(by__role=by.role) if by.role == User.Role.PATIENT else made.filter(by=by)
    return own_holds_of(patient).filter(Exists(by_them))


def _same_hold(claim: Claim, earlier: BookingQuerySet, *, now: datetime) -> Booking | None:
    """The hold among `earlier` ones that is on the slot already, for example from another tab.

    Locks the patient's row, so that two requests of the same patient cannot both make a hold.
    """
    Patient.objects.select_for_update(no_key=True).only("pk").get(pk=claim.patient.pk)
    unexpired = earlier.filter(held_until__gt=now)
    return unexpired.filter(slot=claim.slot_id, visit_type=claim.visit_type).first()


def extend_hold(hold: Booking, *, until: datetime | None) -> Booking:
    """Extend a hold to a later end, in the caller's transaction. An earlier end changes nothing."""
    if until is not None and (hold.held_until is None or until > hold.held_until):
        Booking.objects.filter(pk=hold.pk).update(held_until=until)
        enqueue(kind="hold", row_id=hold.pk, due_at=until)
    return Booking.objects.shown().get(pk=hold.pk)


@retry_conflicts
def confirm_hold(
    *,
    hold_id: uuid.UUID,
    patient: Patient,
    by: User,
    reason: str = "",
    answers: Mapping[str, str] | None = None,
    now: datetime,
) -> Booking:
    """Turn an unexpired hold into a booking, confirmed or awaiting the clinic's approval.

    If the waiting list made the hold, its offer is taken.

    :raises HoldExpired: the hold has expired, or is not the patient's
    :raises TimeWithdrawn: the clinic no longer offers the time; `data.alternatives` lists the nearest others
    :raises InvalidInput: a required question is not answered
    :raises LimitReached: the patient has reached the limit of upcoming bookings
    :raises PhoneRequired: it is a visit by telephone, and there is no number to call
    """
    rules = clinic_settings()
    with transaction.atomic(), tracking_changes():
        hold = Booking.objects.select_related("visit_type").filter(pk=hold_id, patient=patient).first()
        if hold is None:
            raise HoldExpired
        check_phone(hold.visit_type, patient=patient)
        status = _status_after_confirmation(hold, by=by, rules=rules, now=now)
        # `held_until` decides whether the hold has expired, not whether it was released already.
        confirmed = Booking.objects.filter(
            pk=hold.pk, status=Booking.Status.HELD, held_until__gt=now, starts_at__gt=now
        ).update(
            status=status,
            only_held=False,
            held_until=None,
            reason=reason,
            answers=check_answers(hold.visit_type, answers or {}),
        )
        if not confirmed:
            raise _hold_refusal(hold, now=now)
        if is_invalid(hold, now=now):
            raise _time_withdrawn(hold, now=now)
        mark_offer_taken(hold=hold, now=now)
        _record_booking(hold, patient=patient, status=status, by=by, now=now)
    return Booking.objects.shown().get(pk=hold.pk)


def _record_booking(hold: Booking, *, patient: Patient, status: str, by: User, now: datetime) -> None:
    """Write the event with its queue line, and the audit entry of a booking by staff."""
    record_event(hold, BookingEvent.Kind.BOOKED, by=by, details={"status": status}, now=now)
    if by.role != User.Role.PATIENT:
        write_audit_entries(what=AuditAction.BOOKED, by=by, about=[hold, patient])


def _hold_refusal(hold: Booking, *, now: datetime) -> HoldExpired | TimeWithdrawn:
    """Why the hold cannot be confirmed: it expired, or the clinic ended it."""
    released = hold.events.filter(kind=BookingEvent.Kind.RELEASED, details__because__in=list(ReleaseReason))
    return _time_withdrawn(hold, now=now) if released.exists() else HoldExpired()


def _time_withdrawn(hold: Booking, *, now: datetime) -> TimeWithdrawn:
    """The refusal of a time that the clinic no longer offers, with the nearest open ones."""
    return TimeWithdrawn({"alternatives": alternatives_to_hold(hold, now=now)})


def alternatives_to_hold(hold: Booking, *, now: datetime) -> list[dict[str, Any]]:
    """The open slots nearest to a time that was held, as the API shows them."""
    window = booking_window(clinic_settings(), visit_type=hold.visit_type, now=now)
    start = SlotStart(hold.slot_id, hold.doctor_id, hold.starts_at)
    return nearest_open_slots(start, visit_type=hold.visit_type, window=window, now=now)


def _status_after_confirmation(hold: Booking, *, by: User, rules: ClinicSettings, now: datetime) -> str:
    """The status of the booking: confirmed, or pending if the clinic has to approve it.

    :raises LimitReached: the patient has reached the limit of upcoming bookings
    """
    if by.role != User.Role.PATIENT:
        return Booking.Status.CONFIRMED
    check_patient_limit(hold.patient, rules=rules, now=now, excluding=hold)
    release_holds_beyond_limit(hold.patient, by=by, confirming=hold, rules=rules, now=now)
    pending = needs_approval(hold.visit_type, patient=hold.patient, rules=rules, now=now)
    return Booking.Status.PENDING if pending else Booking.Status.CONFIRMED


def release_hold(*, hold_id: uuid.UUID, patients: QuerySet[Patient], by: User | None, now: datetime) -> None:
    """Release a hold before its end.

    :param by: None for a newcomer
    :raises NotFound: none of these patients has this hold
    """
    _release(Booking.objects.filter(pk=hold_id, patient__in=patients), by=by, now=now)


def release_desk_hold(*, hold_id: uuid.UUID, by: User, now: datetime) -> None:
    """Release a hold that the member of staff made for a caller.

    :raises NotFound: they did not make it, or it has ended
    """
    made = BookingEvent.objects.filter(booking=OuterRef("pk"), kind=BookingEvent.Kind.HELD, by=by)
    _release(Booking.objects.filter(Exists(made), pk=hold_id), by=by, now=now)


@retry_conflicts
def _release(holds: BookingQuerySet, *, by: User | None, now: datetime) -> None:
    with transaction.atomic(), tracking_changes():
        released = release_holds(holds, by=by, now=now)
        if not released:
            raise NotFound
        on_holds_released(released, now=now)
