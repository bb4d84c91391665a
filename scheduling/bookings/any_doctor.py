"""Book a time with any doctor: of those who have an open slot at that time, the least booked one."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from clinics.models import Doctor, Patient
from scheduling.availability import sql
from scheduling.availability.doctor_search import practises_specialty, specialty_lookup
from scheduling.availability.open_slots import run_availability_sql
from scheduling.bookings.book import book_slot
from scheduling.errors import (
    LimitReached,
    NewPatientsNotAccepted,
    RoomsTaken,
    SlotTaken,
    VisitTooLong,
    VisitTypeNotOffered,
)
from scheduling.models import Booking, Slot, VisitType
from tenants.accounts.models import User
from tenants.base.errors import DomainError

_TRY_NEXT_DOCTOR = (
    SlotTaken,
    VisitTooLong,
    VisitTypeNotOffered,
    NewPatientsNotAccepted,
    LimitReached,
    RoomsTaken,
)
"""Refusals that concern one doctor or place only, so that the next doctor is tried."""


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
    """Book the time with the least busy doctor of those with an open slot at that time.

    If one place has such slots, that is the doctor whom the list of open slots shows for that time.

    :param starts_at: the start of the slot (UTC)
    :param specialty: a code or id; None: any specialty
    :raises SlotTaken: no doctor has an open slot at that time
    :raises DomainError: as `book_slot`
    """
    last_error: DomainError = SlotTaken({"alternatives": []})
    for slot_id in _sort_by_load(_open_slots_at(starts_at, specialty=specialty, now=now), now=now):
        try:
            return book_slot(
                slot_id=slot_id,
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


def _sort_by_load(slots: list[Slot], *, now: datetime) -> list[uuid.UUID]:
    """The ids of slots at the same time: that of the least busy doctor first, as in `available/`."""
    if not slots:
        return []
    starts_at = slots[0].starts_at
    params = {"slots": [slot.pk for slot in slots], "soonest": starts_at, "before": starts_at}
    rows = run_availability_sql(sql.BY_LOAD, params, doctor_condition="", visit_type=None, now=now)
    return [slot_id for (slot_id,) in rows]
