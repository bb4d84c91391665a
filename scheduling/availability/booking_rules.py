"""The rules that decide whether a time can be booked, each stated once.

The statements that book (`bookings/sql.py`) and that list open slots (`availability/sql.py`) use them, and so
do the reason for a refusal (`bookings/refusals.py`) and the explanation of a time (`explain/`). The SQL
fragments expect the aliases `slot` and `doctor`, and the parameters `now`, `soonest`, `before`, `visit_type`,
`patient` and `taking`.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import Combinable

from clinics.models import Doctor, Patient
from scheduling.availability.booking_window import Window
from scheduling.models import Booking, BusyPeriod, Slot, VisitType
from scheduling.models.bookings import BookingQuerySet

IS_OFFERED = "slot.status = 'free' AND slot.fits_hours"

# The booking window. Staff have no notice period: for them `soonest` is `now`.
HAS_NOT_STARTED = "slot.starts_at > %(now)s"
GIVES_NOTICE = "slot.starts_at >= %(soonest)s"
IS_WITHIN_HORIZON = "slot.starts_at < %(before)s"
IN_BOOKING_WINDOW = f"{HAS_NOT_STARTED} AND {GIVES_NOTICE} AND {IS_WITHIN_HORIZON}"

# A doctor who accepts no new patients still sees patients who have, or had, a real booking with them.
ACCEPTS_PATIENT = """(doctor.accepting_new_patients OR EXISTS (
    SELECT FROM scheduling_booking AS previous
    WHERE previous.doctor_id = doctor.id AND previous.patient_id = %(patient)s
        AND previous.status <> 'CANCELLED' AND NOT previous.only_held))"""

# A visit type that names no doctor is offered by every doctor who has not paused it.
OFFERS_VISIT_TYPE = """(%(visit_type)s::uuid IS NULL
    OR (NOT EXISTS (
        SELECT FROM scheduling_visittype_doctors AS offer WHERE offer.visittype_id = %(visit_type)s)
    OR EXISTS (
        SELECT FROM scheduling_visittype_doctors AS offer
        WHERE offer.visittype_id = %(visit_type)s AND offer.doctor_id = doctor.id))
    AND NOT EXISTS (
        SELECT FROM scheduling_visittype_paused_by AS pause
        WHERE pause.visittype_id = %(visit_type)s AND pause.doctor_id = doctor.id))"""


def busy_range(booking: str) -> str:
    """SQL for the period a booking keeps its doctor and room busy: the visit with its buffers.

    :param booking: the alias of `scheduling_booking` in the statement
    """
    return (
        f"tstzrange(coalesce({booking}.busy_from, {booking}.starts_at),"
        f" coalesce({booking}.busy_until, {booking}.ends_at))"
    )


def takes_time(booking: str) -> str:
    """SQL for whether a booking takes its time at `now`. A hold does not once it has expired."""
    return (
        f"{booking}.status = ANY(%(taking)s)"
        f" AND ({booking}.status <> 'HELD' OR {booking}.held_until > %(now)s)"
    )


def is_busy_elsewhere(doctor: str, begins: str, ends: str) -> str:
    """SQL for whether an outside calendar of the doctor has a busy period between two instants.

    Every stored period counts, however old the copy is. Staff may overbook it, as they may a booking.

    :param doctor: SQL for the doctor's id
    """
    return (
        "EXISTS (SELECT FROM scheduling_busyperiod AS elsewhere"
        f" WHERE elsewhere.doctor_id = {doctor}"
        f" AND tstzrange(elsewhere.starts_at, elsewhere.ends_at) && tstzrange({begins}, {ends}))"
    )


def is_own(booking: str) -> str:
    """SQL for whether a booking does not count for the person who moves a booking to another time.

    These are the booking that is being moved, and the holds of its patient, which the move releases if they
    are in the way. Holds of the waiting list count. The parameters are `moving` and `patient`.

    :param booking: as in `busy_range`
    """
    return (
        f"({booking}.id = %(moving)s OR {booking}.status = 'HELD' AND {booking}.patient_id = %(patient)s"
        " AND NOT EXISTS ("
        f"SELECT FROM scheduling_waitlistoffer AS offer WHERE offer.booking_id = {booking}.id))"
    )


_CHECK = f"""
SELECT doctor.is_active, {HAS_NOT_STARTED}, {GIVES_NOTICE}, {IS_WITHIN_HORIZON},
    {OFFERS_VISIT_TYPE}, {ACCEPTS_PATIENT}
FROM clinics_doctor AS doctor CROSS JOIN (SELECT %(starts_at)s::timestamptz AS starts_at) AS slot
WHERE doctor.id = %(doctor)s
"""


@dataclass(frozen=True, slots=True)
class RuleResults:
    """The rules that a visit at a time satisfies (True) or breaks (False)."""

    doctor_is_active: bool
    has_not_started: bool
    gives_notice: bool
    is_within_horizon: bool
    offers_visit_type: bool
    accepts_patient: bool


def check_rules(
    doctor: Doctor,
    *,
    starts_at: datetime,
    visit_type: VisitType | None,
    patient: Patient | None,
    window: Window,
    now: datetime,
) -> RuleResults:
    """Evaluate the rules for a visit that starts at `starts_at` (UTC), whether or not there is a slot.

    :param patient: None for a patient who has no bookings at the clinic
    """
    params: dict[str, Any] = {
        "doctor": doctor.pk,
        "starts_at": starts_at,
        "visit_type": visit_type and visit_type.pk,
        "patient": patient and patient.pk,
        "soonest": window.soonest,
        "before": window.before,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CHECK, params)
        return RuleResults(*cursor.fetchone())


EligibilityRule = Literal["staff_only", "known_only", "new_only"]


def unmet_eligibility(
    visit_type: VisitType, patient: Patient, *, moving: Booking | None = None
) -> EligibilityRule | None:
    """The rule of the visit type that keeps this patient from booking it; None if they may book it.

    :param moving: a booking that does not make them a known patient, since it is being moved
    """
    if visit_type.who_may_book == VisitType.Who.STAFF:
        return "staff_only"
    known_only = visit_type.who_may_book == VisitType.Who.KNOWN
    if known_only or visit_type.new_patients_only:
        others = Booking.objects.not_cancelled().filter(patient=patient)
        is_known = others.exclude(pk__in=[moving.pk] if moving else []).exists()
        if is_known != known_only:
            return "known_only" if known_only else "new_only"
    return None


def doctor_conflicts(
    doctor_id: uuid.UUID, starts_at: datetime, ends_at: datetime, *, now: datetime
) -> BookingQuerySet:
    """The doctor's bookings and unexpired holds that overlap a period, buffers included."""
    return Booking.objects.active(now=now).filter(doctor=doctor_id).overlapping(starts_at, ends_at)


def busy_elsewhere(
    doctor_id: uuid.UUID | Combinable, starts_at: datetime | Combinable, ends_at: datetime | Combinable
) -> QuerySet[BusyPeriod]:
    """The periods in which the doctor is busy in outside calendars, as in `is_busy_elsewhere`.

    With expressions of an outer query it is a subquery.
    """
    return BusyPeriod.objects.filter(doctor=doctor_id, starts_at__lt=ends_at, ends_at__gt=starts_at)


def patient_conflicts(
    patient: Patient, starts_at: datetime, ends_at: datetime, *, now: datetime
) -> BookingQuerySet:
    """The patient's bookings and unexpired holds during a visit. Buffers are the doctor's time only."""
    return Booking.objects.active(now=now).filter(
        patient=patient, starts_at__lt=ends_at, ends_at__gt=starts_at
    )


def own_holds_of(patient: Patient) -> BookingQuerySet:
    """The patient's holds, without those that the waiting list made.

    They are never in the patient's own way: not at that time, and not in a limit.
    """
    return Booking.objects.filter(patient=patient, status=Booking.Status.HELD, offer=None)


def upcoming_bookings(patient: Patient, *, now: datetime) -> BookingQuerySet:
    """The bookings that count towards the clinic's limit of upcoming bookings per patient. Holds do not."""
    return Booking.objects.upcoming(now=now).booked().filter(patient=patient)


def offered_until(slot: Slot, ends_at: datetime) -> datetime:
    """The end of the time that the doctor offers without a gap from the slot's start.

    A visit longer than its slot takes the slots that follow it. Slots that start at `ends_at` or later do not
    count.
    """
    following = Slot.objects.offered().filter(
        doctor=slot.doctor_id, place=slot.place_id, starts_at__gte=slot.starts_at, starts_at__lt=ends_at
    )
    until = slot.starts_at
    for starts, ends in following.order_by("starts_at").values_list("starts_at", "ends_at"):
        if starts != until:
            break
        until = ends
    return until
