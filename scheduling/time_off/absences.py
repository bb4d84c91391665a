"""Absences that the front desk records, for example when a doctor is ill.

An absence is time off. Otherwise the times of the moved or cancelled bookings would be offered again.
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

_MAX_DESK_DAYS = 7
"""The longest absence that a receptionist can record, and how far ahead it can begin."""


def check_absence(spec: TimeOffSpec, *, by: User, now: datetime) -> None:
    """Check that `by` may record this absence.

    :raises AbsenceTooLong: `by` is a receptionist, and it is longer than seven days or begins later than that
    """
    if by.role != User.Role.RECEPTIONIST:
        return
    latest = clinic_day(now) + timedelta(days=_MAX_DESK_DAYS)
    if spec.last is None or spec.last - spec.first >= timedelta(days=_MAX_DESK_DAYS) or spec.first > latest:
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
