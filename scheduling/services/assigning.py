"""Any doctor: of those who are open at a time, the one with least to do that day."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from clinics.models import Doctor, Patient
from scheduling.errors import (
    LimitReached,
    NewPatientsNotAccepted,
    SlotTaken,
    VisitTooLong,
    VisitTypeNotOffered,
)
from scheduling.models import Booking, Slot, VisitType
from scheduling.selectors.doctors import practising, specialty_key
from scheduling.selectors.wall import clinic_day
from scheduling.services.booking import book_slot
from tenants.accounts.models import User
from tenants.base.clock import day_start
from tenants.base.errors import DomainError
from tenants.door import current_clinic

_TWO_WEEKS = timedelta(days=14)
_TRY_NEXT_DOCTOR = (SlotTaken, VisitTooLong, VisitTypeNotOffered, NewPatientsNotAccepted, LimitReached)
"""What one doctor's refusal says nothing about the others with."""


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
    """Book the time with the doctor who has least to do that day, of those who are open then.

    :param specialty: code or id; any where not given
    :raises SlotTaken: no doctor is open then (any more)
    :raises DomainError: as `book_slot`
    """
    refused: DomainError = SlotTaken({"alternatives": []})
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
        except _TRY_NEXT_DOCTOR as refusal:
            refused = refusal
    raise refused


def _open_slots_at(starts_at: datetime, *, specialty: str | None, now: datetime) -> list[Slot]:
    """The open slots that start at that instant, of the doctors who practise the specialty."""
    bookable: Any = Doctor.objects.bookable()
    if specialty:
        bookable = bookable.filter(practising(**specialty_key(specialty)))
    return list(
        Slot.objects.free().untaken(now=now).filter(starts_at=starts_at, doctor__in=bookable).order_by("id")
    )


def _sort_by_load(slots: list[Slot], *, now: datetime) -> list[Slot]:
    """Least loaded doctors first: by booked time that day, then in the four weeks around it, then in turn.

    Which of two equals comes first changes from day to day, and nobody can choose it.
    """
    if not slots:
        return []
    day, zone = clinic_day(slots[0].starts_at), current_clinic().zone
    first, after = day_start(day - _TWO_WEEKS, zone), day_start(day + _TWO_WEEKS, zone)
    around = Booking.objects.alive(now=now).filter(
        Q(starts_at__gte=first, starts_at__lt=after), doctor__in=[slot.doctor_id for slot in slots]
    )
    that_day: dict[Any, timedelta] = {}
    in_all: dict[Any, timedelta] = {}
    for doctor, starts, ends in around.values_list("doctor_id", "starts_at", "ends_at"):
        in_all[doctor] = in_all.get(doctor, timedelta()) + (ends - starts)
        if clinic_day(starts) == day:
            that_day[doctor] = that_day.get(doctor, timedelta()) + (ends - starts)

    def load(slot: Slot) -> tuple[timedelta, timedelta, str]:
        turn = hashlib.sha256(f"{day}{slot.doctor_id}".encode()).hexdigest()
        nothing = timedelta()
        return that_day.get(slot.doctor_id, nothing), in_all.get(slot.doctor_id, nothing), turn

    return sorted(slots, key=load)
