"""How much a doctor's day and week hold, and how much there is."""

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.db.models import BooleanField, F, Func

from clinics.models import Doctor
from scheduling.models import Booking
from scheduling.models.states import TAKING
from scheduling.open_times_sql import WITHIN_LIMITS
from scheduling.selectors.walls import walls_of
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
        periods = _counted_periods(doctor, first, days, left_out, now=now)
        minutes = sum((ends - starts for starts, ends in periods), timedelta()) / timedelta(minutes=1)
        if most is not None and len(periods) >= most:
            reached.append(Reached(f"{span}_limit", most, len(periods)))
        if most_minutes is not None and minutes + lasts / timedelta(minutes=1) > most_minutes:
            reached.append(Reached(f"{span}_limit_minutes", most_minutes, int(minutes)))
    return reached


class _WithinLimits(Func):
    """Whether a slot's doctor sees one more patient on its day and in its week, said in SQL."""

    output_field: ClassVar = BooleanField()
    statement = "EXISTS (SELECT FROM (SELECT {columns}) AS slot WHERE TRUE {full})"

    def __init__(self, *, full: str = "", values: Mapping[str, Any] | None = None) -> None:
        super().__init__(F("doctor"), F("starts_at"), F("ends_at"))
        self.full, self.values = full, dict(values or {})

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """With the statement's named parameters in their places."""
        compiled = [compiler.compile(column) for column in self.get_source_expressions()]
        names = ("doctor_id", "starts_at", "ends_at")
        columns = ", ".join(f"{sql} AS {name}" for (sql, _), name in zip(compiled, names, strict=True))
        wanted = re.findall(r"%\((\w+)\)s", self.full)
        full = re.sub(r"%\(\w+\)s", "%s", self.full)
        params = [value for _, given in compiled for value in given]
        return self.statement.format(columns=columns, full=full), params + [self.values[n] for n in wanted]


def within_limits(first: datetime, before: datetime, *, now: datetime) -> _WithinLimits:
    """For slots that start between two instants: as `limits_reached`, for a visit as long as its slot."""
    walls = walls_of({}, first, before)
    return _WithinLimits(
        full=WITHIN_LIMITS.format(**walls.days), values=walls.values | {"taking": TAKING, "now": now}
    )


def _counted_periods(
    doctor: Doctor, first: date, days: int, left_out: list[uuid.UUID], *, now: datetime
) -> list[tuple[datetime, datetime]]:
    zone = current_clinic().zone
    there = Booking.objects.alive(now=now).filter(
        doctor=doctor,
        starts_at__gte=day_start(first, zone),
        starts_at__lt=day_start(first + timedelta(days=days), zone),
    )
    return list(there.exclude(pk__in=left_out).values_list("starts_at", "ends_at"))
