"""The limits of a doctor: the maximum number of bookings, or of booked minutes, of a day and a week."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from clinics.models import Doctor
from scheduling.availability.sql import JOIN_LIMITS, LIMITS, WITHIN_LIMITS
from scheduling.calendar.local_times import clinic_day
from scheduling.models import Booking
from tenants.base.clock import day_start
from tenants.current import current_clinic

LIMIT_FIELDS = ("day_limit", "day_limit_minutes", "week_limit", "week_limit_minutes")


@dataclass(frozen=True, slots=True)
class ReachedLimit:
    """A limit of a doctor that one more visit would exceed."""

    limit: str
    """The name of the doctor's field."""
    maximum: int
    current: int
    """The bookings, or their minutes, that count towards the limit now."""


def has_limits(doctor: Doctor) -> bool:
    """Whether the doctor has any limit."""
    return any(getattr(doctor, limit) is not None for limit in LIMIT_FIELDS)


def reached_limits(
    doctor: Doctor, *, day: date, length: timedelta, now: datetime, excluding: Iterable[Booking] = ()
) -> list[ReachedLimit]:
    """The limits of the day, and of its week from Monday, that one more visit would exceed.

    :param day: a day of the clinic
    :param length: of the visit
    :param excluding: bookings that do not count, since they are being moved
    """
    if not has_limits(doctor):
        return []
    monday, excluded = day - timedelta(days=day.weekday()), [booking.pk for booking in excluding]
    reached = []
    for unit, first, days in (("day", day, 1), ("week", monday, 7)):
        max_bookings, max_minutes = getattr(doctor, f"{unit}_limit"), getattr(doctor, f"{unit}_limit_minutes")
        if max_bookings is None and max_minutes is None:
            continue
        periods = _counted_periods(doctor, first, days, excluded, now=now)
        minutes = sum((ends - starts for starts, ends in periods), timedelta()) / timedelta(minutes=1)
        if max_bookings is not None and len(periods) >= max_bookings:
            reached.append(ReachedLimit(f"{unit}_limit", max_bookings, len(periods)))
        if max_minutes is not None and minutes + length / timedelta(minutes=1) > max_minutes:
            reached.append(ReachedLimit(f"{unit}_limit_minutes", max_minutes, int(minutes)))
    return reached


NO_LIMITS = {"limits": "", "join_limits": "", "within_limits": ""}
"""The parts of a statement of `availability/sql.py` if no doctor has limits."""


def limit_parts(days: Mapping[str, str], *, of_doctor: str = "", not_own: str = "") -> dict[str, str]:
    """The parts of a statement of `availability/sql.py` that apply the limits of doctors.

    :param days: the clinic's local dates, as in `LocalTimeExpressions`
    :param of_doctor: SQL for the id of the only doctor whose limits are needed
    :param not_own: SQL condition on the bookings that count
    """
    condition = f"AND id = {of_doctor}" if of_doctor else ""
    return {
        "limits": LIMITS.format(**days, of_doctor=condition, not_own=not_own) + ",",
        "join_limits": JOIN_LIMITS,
        "within_limits": WITHIN_LIMITS.format(**days),
    }


def limit_params(first: datetime, before: datetime) -> dict[str, Any]:
    """The parameters of `limit_parts` for slots between two instants: the weeks, from Monday, around them."""
    first_day, zone = clinic_day(first), current_clinic().zone
    monday = first_day - timedelta(days=first_day.weekday())
    days = 7 * ((clinic_day(before) - monday).days // 7 + 1)
    return {
        "limits_from": monday,
        "limit_days": days,
        "limits_begin": day_start(monday, zone),
        "limits_end": day_start(monday + timedelta(days=days), zone),
    }


def _counted_periods(
    doctor: Doctor, first: date, days: int, excluded: list[uuid.UUID], *, now: datetime
) -> list[tuple[datetime, datetime]]:
    """The start and end of each booking that counts on the clinic's days from `first` on."""
    zone = current_clinic().zone
    bookings = Booking.objects.active(now=now).filter(
        doctor=doctor,
        starts_at__gte=day_start(first, zone),
        starts_at__lt=day_start(first + timedelta(days=days), zone),
    )
    return list(bookings.exclude(pk__in=excluded).values_list("starts_at", "ends_at"))
