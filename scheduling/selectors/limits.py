"""How much a doctor's day and week hold, and how much there is."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from clinics.models import Doctor
from scheduling.models import Booking
from tenants.base.clock import day_start
from tenants.door import current_clinic

LIMITS = ("day_limit", "day_limit_minutes", "week_limit", "week_limit_minutes")


@dataclass(frozen=True, slots=True)
class Reached:
    """A limit that one more visit would go beyond."""

    limit: str
    """Its field."""
    most: int
    there: int
    """Bookings, or minutes of them, that count."""


def has_limits(doctor: Doctor) -> bool:
    """Whether the doctor sees only so many patients."""
    return any(getattr(doctor, limit) is not None for limit in LIMITS)


def limits_reached(
    doctor: Doctor, *, day: date, lasts: timedelta, now: datetime, but: Iterable[Booking] = ()
) -> list[Reached]:
    """The limits that one more visit of that length would go beyond: of the day, and of the week from Monday.

    :param but: bookings that do not count, since they are about to move
    """
    if not has_limits(doctor):
        return []
    monday, left_out = day - timedelta(days=day.weekday()), [each.pk for each in but]
    reached = []
    for span, first, days in (("day", day, 1), ("week", monday, 7)):
        most, most_minutes = getattr(doctor, f"{span}_limit"), getattr(doctor, f"{span}_limit_minutes")
        if most is None and most_minutes is None:
            continue
        periods = _periods(doctor, first, days, left_out, now=now)
        minutes = sum((ends - starts for starts, ends in periods), timedelta()) / timedelta(minutes=1)
        if most is not None and len(periods) >= most:
            reached.append(Reached(f"{span}_limit", most, len(periods)))
        if most_minutes is not None and minutes + lasts / timedelta(minutes=1) > most_minutes:
            reached.append(Reached(f"{span}_limit_minutes", most_minutes, int(minutes)))
    return reached


def _periods(
    doctor: Doctor, first: date, days: int, left_out: list[uuid.UUID], *, now: datetime
) -> list[tuple[datetime, datetime]]:
    zone = current_clinic().zone
    there = Booking.objects.alive(now=now).filter(
        doctor=doctor,
        starts_at__gte=day_start(first, zone),
        starts_at__lt=day_start(first + timedelta(days=days), zone),
    )
    return list(there.exclude(pk__in=left_out).values_list("starts_at", "ends_at"))
