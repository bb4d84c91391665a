"""What could be had instead of a booking that cannot stay where it is."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from clinics.models import ClinicSettings, Doctor
from clinics.selectors import clinic_settings
from scheduling import open_times_sql as sql
from scheduling.models import Booking, Slot
from scheduling.models.visits import kept_around
from scheduling.selectors.availability import NEAR, run_availability_sql, visit_type_params
from scheduling.selectors.time_off import bookings_hit, periods_ahead
from scheduling.selectors.windows import booking_window
from scheduling.time_off import Off, Period

_MAX_ALTERNATIVES = 3
LOOKED_FOR = 100
"""For how many bookings of one time off alternatives are looked for: each costs some queries."""


class Why(StrEnum):
    """Why a time comes where it does."""

    SAME_DOCTOR = "same_doctor"
    SAME_SPECIALTY = "same_specialty"


@dataclass(frozen=True, slots=True)
class Instead:
    """A time at which the visit fits."""

    slot: Slot
    ends_at: datetime
    """Of the visit."""
    why: Why


@dataclass(frozen=True, slots=True)
class Promised:
    """Time that is meant for another booking already."""

    doctor_id: uuid.UUID
    patient_id: uuid.UUID
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Hit:
    """A booking that a time off would hit, and what could be had instead; None: not looked for."""

    booking: Booking
    alternatives: list[Instead] | None


def preview_of(doctor: Doctor | None, off: Off, *, now: datetime) -> list[Hit]:
    """Which bookings the time off would hit, by start, each with its alternatives.

    The first alternative of a booking is shown with no later one: all of them can be taken.
    """
    periods, rules = periods_ahead(off, now=now), clinic_settings()
    promised: list[Promised] = []
    hits = []
    for place, booking in enumerate(bookings_hit(doctor, periods)):
        found = None
        if place < LOOKED_FOR:
            found = alternatives_to(
                booking, doctor=doctor, off=periods, promised=promised, rules=rules, now=now
            )
            promised += [_reserve(booking, best) for best in found[:1]]
        hits.append(Hit(booking=booking, alternatives=found))
    return hits


def _reserve(booking: Booking, best: Instead) -> Promised:
    """The time that goes to the booking, with what is kept free around it."""
    begins, ends = kept_around(booking.visit_type, best.slot.starts_at, best.ends_at)
    return Promised(doctor_id=best.slot.doctor_id, patient_id=booking.patient_id, begins=begins, ends=ends)


def alternatives_to(
    booking: Booking,
    *,
    doctor: Doctor | None,
    off: Sequence[Period],
    promised: Sequence[Promised] = (),
    rules: ClinicSettings,
    now: datetime,
    limit: int = _MAX_ALTERNATIVES,
) -> list[Instead]:
    """The open times nearest to the booking's at which it fits: with its doctor, then of the same specialty.

    They are those that the patient could book, with the notice that the clinic asks for. With another doctor
    they are of a fortnight around it.

    :param doctor: who is off, during `off`; None: the whole clinic
    """
    window = booking_window(rules, visit_type=booking.visit_type, now=now)
    values = _alternatives_params(booking, doctor=doctor, off=off, promised=promised)
    found: list[Instead] = []
    for why, whose, near in (
        (Why.SAME_DOCTOR, sql.OF_DOCTOR, None),
        (Why.SAME_SPECIALTY, sql.OF_THE_SAME_SPECIALTY, NEAR),
    ):
        values["soonest"] = max(window.soonest, booking.starts_at - near) if near else window.soonest
        values["before"] = min(window.before, booking.starts_at + near) if near else window.before
        values["limit"] = limit - len(found)
        if values["limit"] and values["soonest"] < values["before"]:
            rows = run_availability_sql(
                sql.ALTERNATIVES, values, whose=whose, visit_type=booking.visit_type, now=now
            )
            slots = Slot.objects.select_related("doctor", "place").in_bulk([row[0] for row in rows])
            found += [Instead(slot=slots[pk], ends_at=ends, why=why) for pk, ends in rows]
    return found


def _alternatives_params(
    booking: Booking, *, doctor: Doctor | None, off: Sequence[Period], promised: Sequence[Promised]
) -> dict[str, Any]:
    """What the statement asks, but for the time to look in."""
    return {
        "gap_before": timedelta(),
        "gap_after": timedelta(),
        **visit_type_params(booking.visit_type),
        "booking": booking.pk,
        "patient": booking.patient_id,
        "doctor": booking.doctor_id,
        "near": booking.starts_at,
        "off_doctor": doctor and doctor.pk,
        "off_begins": [begins for begins, _ in off],
        "off_ends": [ends for _, ends in off],
        "reserved_doctors": [each.doctor_id for each in promised],
        "reserved_patients": [each.patient_id for each in promised],
        "reserved_begin": [each.begins for each in promised],
        "reserved_end": [each.ends for each in promised],
    }
