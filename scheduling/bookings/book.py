"""Book a slot: the service, the statement that claims the slot, and the limits counted under a lock.

Every path to a booking ends in `claim_slot`: a booking, a hold, a reschedule, an offer of the waiting list.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from psycopg.types.json import Jsonb

from clinics.models import ClinicSettings, Doctor, Patient
from clinics.selectors import clinic_settings
from scheduling.availability.booking_rules import (
    busy_elsewhere,
    doctor_conflicts,
    own_holds_of,
    upcoming_bookings,
)
from scheduling.availability.booking_window import Window, booking_window
from scheduling.availability.doctor_limits import has_limits, reached_limits
from scheduling.availability.next_open_slot import on_booked, tracking_changes
from scheduling.availability.open_slots import taken_slot
from scheduling.availability.unconfirmed_limit import check_unconfirmed_limit
from scheduling.bookings.approval import needs_approval
from scheduling.bookings.offered_times import naming_offers, withdraw_offers
from scheduling.bookings.phone_visits import check_phone
from scheduling.bookings.refusals import check_eligibility, check_not_taken, refusal_reason
from scheduling.bookings.release_holds import (
    on_holds_released,
    release_conflicting_holds,
    release_holds,
    settling_expired_holds,
)
from scheduling.bookings.sql import WrittenRow, insert_booking
from scheduling.calendar.local_times import clinic_day
from scheduling.calendar.local_times_sql import offsets_between
from scheduling.clock.time_off import Period
from scheduling.errors import LimitReached
from scheduling.models import Booking, Place, Slot, VisitType
from scheduling.models.booking_states import TIME_TAKING_STATES
from scheduling.models.visit_types import with_buffers
from scheduling.visit_types.intake_answers import check_answers
from scheduling.visit_types.rooms import suitable_rooms
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import User
from tenants.base.retry import retry_conflicts
from tenants.current import current_clinic
from tenants.queue.running_job import current_request_id

_MINUTE = timedelta(minutes=1)
_MAX_ATTEMPTS = 5
"""Enough to release expired holds, check limits and find another room, each after a failed attempt."""


@retry_conflicts
@settling_expired_holds
@naming_offers
def book_slot(
    *,
    slot_id: uuid.UUID,
    patient: Patient,
    by: User,
    visit_type: VisitType | None = None,
    reason: str = "",
    answers: Mapping[str, str] | None = None,
    overbook: bool = False,
    withdraw_offer: bool = False,
    series_id: uuid.UUID | None = None,
    made_together: uuid.UUID | None = None,
    now: datetime,
) -> Booking:
    """Book the slot for `patient`. Of several concurrent attempts, one succeeds.

    A patient's booking is pending if `needs_approval` says so. Staff need neither notice nor approval.

    :param answers: answers to the visit type's intake questions, by the question's id
    :param overbook: let staff exceed the doctor's limits and book a time that is taken; ignored for patients
    :param withdraw_offer: if the time is offered to the waiting list, let staff withdraw the offer
    :param made_together: a new id that the bookings of a visit chain share, so that one message lists them
    :raises SlotTaken: somebody else has the slot; `data.alternatives` lists the nearest open ones
    :raises TimeOffered: for staff: the waiting list has the time
    :raises LimitReached: a limit of the patient's upcoming bookings or of the doctor's day or week is reached
    :raises InvalidInput: a required question is not answered
    :raises DomainError: another rule forbids it; `refusal_reason` lists the errors
    """
    rules, by_patient = clinic_settings(), by.role == User.Role.PATIENT
    claim = Claim(
        slot_id=slot_id,
        patient=patient,
        by=by,
        visit_type=visit_type,
        reason=reason,
        answers=check_answers(visit_type, answers or {}),
        series_id=series_id,
        made_together=made_together,
        may_overbook=overbook and not by_patient,
    )
    window = booking_window(rules, visit_type=visit_type, by_staff=not by_patient, now=now)
    if by_patient or not (overbook or withdraw_offer):
        check_not_taken(**claim.as_arguments, window=window, now=now)
    with transaction.atomic(), tracking_changes():
        if by_patient:
            claimed = _claim_for_patient(claim, rules=rules, window=window, now=now)
        else:
            claimed = _claim_for_staff(claim, by=by, withdraw_offer=withdraw_offer, window=window, now=now)
        refresh_after_booking(claimed, now=now)
    return Booking.objects.shown().get(pk=claimed.booking_id)


def _claim_for_patient(claim: "Claim", *, rules: ClinicSettings, window: Window, now: datetime) -> "Claimed":
    check_eligibility(claim.visit_type, patient=claim.patient)
    check_patient_limit(claim.patient, rules=rules, now=now)
    release_holds_beyond_limit(claim.patient, by=claim.by, rules=rules, now=now)
    if needs_approval(claim.visit_type, patient=claim.patient, rules=rules, now=now):
        claim = replace(claim, status=Booking.Status.PENDING)
    return claim_or_refuse(claim, window=window, now=now)


def _claim_for_staff(
    claim: "Claim", *, by: User, withdraw_offer: bool, window: Window, now: datetime
) -> "Claimed":
    if withdraw_offer:
        withdraw_offers(claim.slot_id, visit_type=claim.visit_type, by=by, now=now)
    claimed = claim_or_refuse(claim, window=window, now=now)
    what = AuditAction.OVERBOOKED if claimed.overbooked else AuditAction.BOOKED
    write_audit_entries(what=what, by=by, about=[Booking(pk=claimed.booking_id), claim.patient])
    return claimed


def claim_or_refuse(claim: "Claim", *, window: Window, now: datetime) -> "Claimed":
    """Claim the slot.

    :raises DomainError: why it cannot be claimed
    """
    claimed = claim_slot(claim, window=window, now=now)
    if claimed is None:
        raise refusal_reason(**claim.as_arguments, overbook=claim.may_overbook, window=window, now=now)
    return claimed


# The claim on a slot


@dataclass(frozen=True, slots=True)
class Claim:
    """A request for a slot, from which the parameters of the statement are computed."""

    slot_id: uuid.UUID
    patient: Patient
    by: User | None
    """None if the waiting list holds the slot for the patient, or if a newcomer does."""
    visit_type: VisitType | None = None
    status: str = Booking.Status.CONFIRMED
    reason: str = ""
    answers: Sequence[dict[str, str]] = ()
    held_until: datetime | None = None
    """When the hold ends; None for a booking."""
    may_overbook: bool = False
    """Whether the doctor's limits do not apply, and a taken time may be booked in addition."""
    overbooked: bool = False
    """Whether the time is taken, so that it is booked in addition, exempt from the doctor's constraint."""
    series_id: uuid.UUID | None = None
    made_together: uuid.UUID | None = None
    moving: Booking | None = None
    """The booking that is moved to the slot; None if the claim makes a new one."""
    booking_id: uuid.UUID = field(default_factory=uuid.uuid4)
    limits_checked: bool = False

    @property
    def is_by_waiting_list(self) -> bool:
        """Whether the waiting list holds the slot. It does not release the patient's own holds."""
        return self.by is None and not self.patient.is_newcomer

    @property
    def as_arguments(self) -> dict[str, Any]:
        """The arguments of `check_not_taken` and `refusal_reason` that the claim determines."""
        return {
            "slot_id": self.slot_id,
            "patient": self.patient,
            "visit_type": self.visit_type,
            "moving": self.moving,
        }

    def length(self, slot: Slot) -> timedelta:
        """The duration of the visit: that of its visit type, else that of the slot."""
        return (self.visit_type and self.visit_type.duration) or slot.ends_at - slot.starts_at

    def busy_period(self, slot: Slot) -> Period:
        """The visit with its buffers."""
        return with_buffers(self.visit_type, slot.starts_at, slot.starts_at + self.length(slot))


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim that was written."""

    booking_id: uuid.UUID
    doctor_id: uuid.UUID
    starts_at: datetime
    overbooked: bool = False


def claim_slot(
    claim: Claim,
    *,
    window: Window,
    now: datetime,
    write: Callable[[dict[str, Any]], WrittenRow | None] = insert_booking,
) -> Claimed | None:
    """Write the claim if the rules and constraints allow it; None if they do not.

    Runs in the caller's transaction. If an attempt writes nothing, it removes one obstacle and tries again.

    :param write: the function that writes; a reschedule updates the existing booking
    :raises LimitReached: the doctor's limit of that day or week is reached
    :raises PhoneRequired: it becomes a visit by telephone, and there is no number to call
    :raises PassedToWaitingList: a hold has expired, and the waiting list gets its time
    """
    if claim.held_until is None:
        check_phone(claim.visit_type, patient=claim.patient, moving=claim.moving)
    rooms = suitable_rooms(claim.visit_type)
    claim = replace(claim, limits_checked=claim.may_overbook)
    for _attempt in range(_MAX_ATTEMPTS):
        row = write(_claim_params(claim, window=window, rooms=rooms, now=now))
        if row is not None:
            return _claim_result(claim, row)
        slot = Slot.objects.live().select_related("doctor").filter(pk=claim.slot_id).first()
        if slot is None:
            break
        retry = _without_obstacle(claim, slot, rooms=rooms, now=now)
        if retry is None:
            break
        claim = retry
    return None


def _without_obstacle(
    claim: Claim, slot: Slot, *, rooms: list[uuid.UUID] | None, now: datetime
) -> Claim | None:
    """The claim to try next, after an obstacle was removed; None if none can be removed.

    :raises LimitReached: the doctor's limit of that day or week is reached
    """
    busy = claim.busy_period(slot)
    if not claim.may_overbook and taken_slot(**claim.as_arguments, now=now):
        return None
    if not claim.limits_checked and has_limits(slot.doctor):
        check_doctor_limits(claim, slot=slot, now=now)
        return replace(claim, limits_checked=True)
    released = release_conflicting_holds(
        slot=slot,
        patient=claim.patient,
        busy=busy,
        rooms=rooms,
        release_own=not claim.is_by_waiting_list,
        now=now,
    )
    if released:
        return claim
    # An overbooking is exempt from the doctor's constraint, so only a time that is taken is overbooked.
    if (
        claim.may_overbook
        and not claim.overbooked
        and (
            doctor_conflicts(slot.doctor_id, *busy, now=now).exists()
            or busy_elsewhere(slot.doctor_id, *busy).exists()
        )
    ):
        return replace(claim, overbooked=True)
    # If only the room was taken meanwhile, the next attempt finds another.
    return claim if rooms and Slot.objects.untaken(now=now).filter(pk=slot.pk).exists() else None


def _claim_params(
    claim: Claim, *, window: Window, rooms: list[uuid.UUID] | None, now: datetime
) -> dict[str, Any]:
    """The parameters of the statements in `bookings/sql.py`."""
    visit, is_hold = claim.visit_type, claim.held_until is not None
    offsets = offsets_between(current_clinic().zone, now.date(), window.before.date())
    return {
        "booking": claim.booking_id,
        "event": uuid.uuid4(),
        "slot": claim.slot_id,
        "patient": claim.patient.pk,
        "by": claim.by and claim.by.pk,
        "status": claim.status,
        "kind": "held" if is_hold else "booked",
        "line": "hold" if is_hold else "booking_event",
        "reason": claim.reason,
        "answers": Jsonb(list(claim.answers)),
        "visit_type": visit and visit.pk,
        "duration": visit and visit.duration,
        # NULL without a buffer: then the visit alone counts.
        "gap_before": (visit and visit.buffer_before) or None,
        "gap_after": (visit and visit.buffer_after) or None,
        "rooms": rooms,
        "own_room": None,
        "overlapped": [],
        "keeps_start": False,
        "series": claim.series_id,
        "together": claim.made_together and str(claim.made_together),
        "held_until": claim.held_until,
        "overbooked": claim.overbooked,
        "limits_checked": claim.limits_checked,
        "taking": TIME_TAKING_STATES,
        "since": [since for since, _ in offsets],
        "offsets": [round(offset / _MINUTE) for _, offset in offsets],
        "clinic": current_clinic().pk,
        "request": current_request_id(),
        "now": now,
        "soonest": window.soonest,
        "before": window.before,
    }


def _claim_result(claim: Claim, row: WrittenRow) -> Claimed:
    """The written claim. At a place with its own time zone the UTC offset there is stored."""
    doctor_id, starts_at, place_id = row
    if place_id is not None:
        offset = starts_at.astimezone(Place.objects.get(pk=place_id).zone).utcoffset() or timedelta()
        minutes = round(offset / _MINUTE)
        Booking.objects.filter(pk=claim.booking_id).update(offset_minutes=minutes)
    return Claimed(claim.booking_id, doctor_id, starts_at, claim.overbooked)


def refresh_after_booking(claimed: Claimed, *, now: datetime) -> None:
    """Refresh the next open slot of the doctor whose time the claim took."""
    on_booked(doctor_id=claimed.doctor_id, starts_at=claimed.starts_at, now=now)


# Limits. Two concurrent transactions could both count and then both write, so the row of the patient or
# doctor is locked until the transaction ends. Without a limit, nothing is locked.


def check_patient_limit(
    patient: Patient, *, rules: ClinicSettings, now: datetime, excluding: Booking | None = None
) -> None:
    """Check the clinic's limit of upcoming bookings per patient. Checked again when a hold is confirmed.

    :param excluding: a booking that does not count
    :raises EmailNotConfirmed: the patient has to confirm the email address first
    :raises LimitReached: the patient has as many bookings as the limit
    """
    check_unconfirmed_limit(patient, rules=rules, now=now, excluding=excluding)
    if rules.upcoming_limit is None:
        return
    Patient.objects.select_for_update(no_key=True).only("pk").get(pk=patient.pk)
    upcoming = upcoming_bookings(patient, now=now)
    if excluding:
        upcoming = upcoming.exclude(pk=excluding.pk)
    if upcoming.count() >= rules.upcoming_limit:
        raise LimitReached


def release_holds_beyond_limit(
    patient: Patient,
    *,
    by: User | None,
    confirming: Booking | None = None,
    rules: ClinicSettings,
    now: datetime,
) -> None:
    """Release the patient's own holds if, after one more booking, the limit lets none of them be confirmed.

    :param confirming: the hold that becomes the booking
    """
    if rules.upcoming_limit is None:
        return
    holds = own_holds_of(patient).exclude(pk__in=[confirming.pk] if confirming else [])
    if holds and upcoming_bookings(patient, now=now).count() + 1 >= rules.upcoming_limit:
        on_holds_released(release_holds(holds, by=by, now=now), now=now)


def check_doctor_limits(claim: Claim, *, slot: Slot, now: datetime) -> None:
    """Check the doctor's limits of the slot's day and week. A booking that is being moved does not count.

    The patient's own holds with the doctor do not count either: they are released if they fill the limit.

    :raises LimitReached: the day or the week is full
    """
    doctor = Doctor.objects.select_for_update(no_key=True).get(pk=slot.doctor_id)
    visit: dict[str, Any] = {
        "day": clinic_day(slot.starts_at),
        "length": claim.length(slot),
        "excluding": [claim.moving] if claim.moving else [],
        "now": now,
    }
    if not reached_limits(doctor, **visit):
        return
    own_holds = own_holds_of(claim.patient).filter(doctor=doctor)
    if claim.is_by_waiting_list or reached_limits(
        doctor, **{**visit, "excluding": [*visit["excluding"], *own_holds]}
    ):
        raise LimitReached
    on_holds_released(release_holds(own_holds, by=claim.by, now=now), now=now)
