"""Alternatives to bookings that time off affects."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from clinics.models import ClinicSettings, Doctor
from clinics.selectors import clinic_settings
from scheduling.availability import sql
from scheduling.availability.booking_window import booking_window
from scheduling.availability.open_slots import ALTERNATIVES_DISTANCE, run_availability_sql, visit_type_params
from scheduling.clock.time_off import PeriodsByPlace, TimeOffSpec
from scheduling.models import Booking, Slot
from scheduling.models.visit_types import with_buffers
from scheduling.time_off.selectors import affected_bookings, upcoming_periods

_MAX_ALTERNATIVES = 3
MAX_BOOKINGS_WITH_ALTERNATIVES = 100
"""The number of bookings for which alternatives are searched. Each booking takes several queries."""


class AlternativeKind(StrEnum):
    """How an alternative relates to the booking: the same doctor, or another of the same specialty."""

    SAME_DOCTOR = "same_doctor"
    SAME_SPECIALTY = "same_specialty"


@dataclass(frozen=True, slots=True)
class Alternative:
    """A time at which the visit fits."""

    slot: Slot
    ends_at: datetime
    """The end of the visit."""
    why: AlternativeKind


@dataclass(frozen=True, slots=True)
class ReservedTime:
    """The time of another affected booking's first alternative, which is not offered a second time."""

    doctor_id: uuid.UUID
    patient_id: uuid.UUID
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class AffectedBooking:
    """A booking that a time off would affect, and its alternatives; None if they were not searched."""

    booking: Booking
    alternatives: list[Alternative] | None


def preview_time_off(doctor: Doctor | None, spec: TimeOffSpec, *, now: datetime) -> list[AffectedBooking]:
    """The bookings that the time off would affect, by start, each with its alternatives."""
    periods = upcoming_periods(spec, now=now)
    return with_alternatives(affected_bookings(doctor, periods), doctor=doctor, periods=periods, now=now)


def with_alternatives(
    bookings: Sequence[Booking], *, doctor: Doctor | None, periods: PeriodsByPlace, now: datetime
) -> list[AffectedBooking]:
    """The bookings, each with the alternatives to it.

    The first alternatives do not conflict with each other, so all of them can be chosen together.

    :param doctor: the doctor whose `periods` are closed; None: the whole clinic
    """
    rules = clinic_settings()
    reserved: list[ReservedTime] = []
    affected = []
    for number, booking in enumerate(bookings):
        found = None
        if number < MAX_BOOKINGS_WITH_ALTERNATIVES:
            found = alternatives_to(
                booking, doctor=doctor, periods=periods, reserved=reserved, rules=rules, now=now
            )
            reserved += [_reserve(booking, best) for best in found[:1]]
        affected.append(AffectedBooking(booking=booking, alternatives=found))
    return affected


def _reserve(booking: Booking, best: Alternative) -> ReservedTime:
    """The time of an alternative, with the visit's buffers."""
    begins, ends = with_buffers(booking.visit_type, best.slot.starts_at, best.ends_at)
    return ReservedTime(
        doctor_id=best.slot.doctor_id, patient_id=booking.patient_id, begins=begins, ends=ends
    )


def alternatives_to(
    booking: Booking,
    *,
    doctor: Doctor | None,
    periods: PeriodsByPlace,
    reserved: Sequence[ReservedTime] = (),
    rules: ClinicSettings,
    now: datetime,
    limit: int = _MAX_ALTERNATIVES,
) -> list[Alternative]:
    """The open times nearest to the booking: with its doctor, then with doctors of the same specialty.

    The patient could book them, so the notice period applies. Those with another doctor are at most two weeks
    before or after the booking.

    :param doctor: the doctor who is off during `periods`; None: the whole clinic
    """
    window = booking_window(rules, visit_type=booking.visit_type, now=now)
    params = _alternatives_params(booking, doctor=doctor, periods=periods, reserved=reserved)
    found: list[Alternative] = []
    for why, doctor_condition, distance in (
        (AlternativeKind.SAME_DOCTOR, sql.OF_DOCTOR, None),
        (AlternativeKind.SAME_SPECIALTY, sql.OF_THE_SAME_SPECIALTY, ALTERNATIVES_DISTANCE),
    ):
        params["soonest"] = max(window.soonest, booking.starts_at - distance) if distance else window.soonest
        params["before"] = min(window.before, booking.starts_at + distance) if distance else window.before
        params["limit"] = limit - len(found)
        if params["limit"] and params["soonest"] < params["before"]:
            rows = run_availability_sql(
                sql.ALTERNATIVES,
                params,
                doctor_condition=doctor_condition,
                visit_type=booking.visit_type,
                now=now,
            )
            slots = Slot.objects.select_related("doctor", "place").in_bulk([row[0] for row in rows])
            # A slot may have been removed since the search.
            found += [Alternative(slots[pk], ends_at=ends, why=why) for pk, ends in rows if pk in slots]
    return found


def _alternatives_params(
    booking: Booking, *, doctor: Doctor | None, periods: PeriodsByPlace, reserved: Sequence[ReservedTime]
) -> dict[str, Any]:
    """The parameters of `ALTERNATIVES`, except for the span to search and the limit."""
    return {
        "gap_before": timedelta(),
        "gap_after": timedelta(),
        **visit_type_params(booking.visit_type),
        "booking": booking.pk,
        "patient": booking.patient_id,
        "doctor": booking.doctor_id,
        "near": booking.starts_at,
        "off_doctor": doctor and doctor.pk,
        **sql.period_params(periods),
        "reserved_doctors": [time.doctor_id for time in reserved],
        "reserved_patients": [time.patient_id for time in reserved],
        "reserved_begin": [time.begins for time in reserved],
        "reserved_end": [time.ends for time in reserved],
    }
