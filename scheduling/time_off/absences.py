"""Absences that the front desk records: a doctor is ill, and patients have to be told.

An absence is time off. Without it, the times that moved or cancelled bookings leave would be offered again.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from clinics.models import Doctor
from scheduling.calendar.local_times import clinic_day
from scheduling.clock.time_off import TimeOffSpec
from scheduling.time_off.decisions import Action, Decision
from scheduling.time_off.errors import AbsenceTooLong
from scheduling.time_off.give import TimeOffResult, give_time_off
from tenants.accounts.models import User

MAX_DESK_DAYS = 7
"""How long an absence is at most that a receptionist records, and how far ahead it begins."""


def check_absence(spec: TimeOffSpec, *, by: User, now: datetime) -> None:
    """Check that `by` may record such an absence.

    :raises AbsenceTooLong: a receptionist records more than some days, or one that begins later
    """
    if by.role != User.Role.RECEPTIONIST:
        return
    latest = clinic_day(now) + timedelta(days=MAX_DESK_DAYS)
    if spec.last is None or spec.last - spec.first >= timedelta(days=MAX_DESK_DAYS) or spec.first > latest:
        raise AbsenceTooLong


def record_absence(
    *,
    doctor: Doctor,
    spec: TimeOffSpec,
    note: str,
    decisions: Mapping[uuid.UUID, Decision],
    others: Action,
    by: User,
    now: datetime,
) -> TimeOffResult:
    """Record that the doctor is away, and keep, move or cancel the bookings, as `give_time_off` does.

    :raises AbsenceTooLong: as `check_absence`
    :raises InvalidInput: the absence is invalid or past
    """
    check_absence(spec, by=by, now=now)
    return give_time_off(
        doctor=doctor, spec=spec, note=note, decisions=decisions, others=others, by=by, now=now
    )
