"""Book a time with any doctor: of those who have an open slot at that time, the least booked one."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from clinics.models import Doctor, Patient
from scheduling.availability.doctor_search import practises_specialty, specialty_lookup
from scheduling.bookings.book import book_slot
from scheduling.calendar.local_times import clinic_day
from scheduling.errors import (
    LimitReached,
    NewPatientsNotAccepted,
    SlotTaken,
    VisitTooLong,
    VisitTypeNotOffered,
)
from scheduling.models import Booking, Slot, VisitType
from tenants.accounts.models import User
from tenants.base.clock import day_start
from tenants.base.errors import DomainError
from tenants.current import current_clinic

_TWO_WEEKS = timedelta(days=14)
_TRY_NEXT_DOCTOR = (SlotTaken, VisitTooLong, VisitTypeNotOffered, NewPatientsNotAccepted, LimitReached)
"""Refusals that concern one doctor only, so that the next doctor is tried."""


def book_any_doctor(
    *,
    starts_at: datetime,
    specialty: str | None,
    visit_type: VisitType | None,
    patient: Patient,
    by: User,
    reason: str = "",
    answers: Mapping[str, str] | None = None,
    now: datetime,
) -> Booking:
    """Book the time with the doctor who has the least booked time, of those with an open slot at that time.

    :param starts_at: the start of the slot (UTC)
    :param specialty: a code or id; None: any specialty
    :raises SlotTaken: no doctor has an open slot at that time
    :raises DomainError: as `book_slot`
    """
    last_error: DomainError = SlotTaken({"alternatives": []})
    for slot in _sort_by_load(_open_slots_at(starts_at, specialty=specialty, now=now), now=now):
        try:
            return book_slot(
                slot_id=slot.pk,
                patient=patient,
                by=by,
                visit_type=visit_type,
                reason=reason,
                answers=answers,
                now=now,
            )
        except _TRY_NEXT_DOCTOR as error:
            last_error = error
    raise last_error


def _open_slots_at(starts_at: datetime, *, specialty: str | None, now: datetime) -> list[Slot]:
    """The open slots that start at that instant, of doctors who practise the specialty."""
    bookable: Any = Doctor.objects.bookable()
    if specialty:
        bookable = bookable.filter(practises_specialty(**specialty_lookup(specialty)))
    return list(
        Slot.objects.offered()
        .untaken(now=now)
        .filter(starts_at=starts_at, doctor__in=bookable)
        .order_by("id")
    )


def _sort_by_load(slots: list[Slot], *, now: datetime) -> list[Slot]:
    """Sort slots by their doctors' load: the time booked on that day, then in the four weeks around it.

    Ties are broken by a hash that changes from day to day, so that nobody can choose the doctor.
    """
    if not slots:
        return []
    day, zone = clinic_day(slots[0].starts_at), current_clinic().zone
    first, after = day_start(day - _TWO_WEEKS, zone), day_start(day + _TWO_WEEKS, zone)
    bookings = Booking.objects.active(now=now).filter(
        Q(starts_at__gte=first, starts_at__lt=after), doctor__in=[slot.doctor_id for slot in slots]
    )
    load_that_day: dict[Any, timedelta] = {}
    load_in_four_weeks: dict[Any, timedelta] = {}
    for doctor, starts, ends in bookings.values_list("doctor_id", "starts_at", "ends_at"):
        load_in_four_weeks[doctor] = load_in_four_weeks.get(doctor, timedelta()) + (ends - starts)
        if clinic_day(starts) == day:
            load_that_day[doctor] = load_that_day.get(doctor, timedelta()) + (ends - starts)

    def load(slot: Slot) -> tuple[timedelta, timedelta, str]:
        tie_break = hashlib.sha256(f"{day}{slot.doctor_id}".encode()).hexdigest()
        zero = timedelta()
        return (
            load_that_day.get(slot.doctor_id, zero),
            load_in_four_weeks.get(slot.doctor_id, zero),
            tie_break,
        )

    return sorted(slots, key=load)
