"""The limits of a doctor: the maximum number of bookings, or of booked minutes, of a day and a week."""

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.db.models import BooleanField, F, Func

from clinics.models import Doctor
from scheduling.availability.sql import WITHIN_LIMITS
from scheduling.calendar.local_times_sql import local_time_expressions
from scheduling.models import Booking
from scheduling.models.booking_states import TIME_TAKING_STATES
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


class _WithinLimits(Func):
    """Condition on a slot: its doctor's limits allow one more visit on its day and in its week."""

    output_field: ClassVar = BooleanField()
    statement = "EXISTS (SELECT FROM (SELECT {columns}) AS slot WHERE TRUE {condition})"

    def __init__(self, *, condition: str = "", params: Mapping[str, Any] | None = None) -> None:
        super().__init__(F("doctor"), F("starts_at"), F("ends_at"))
        self.condition, self.params = condition, dict(params or {})

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """Compile the condition, with its named parameters replaced by positional ones."""
        compiled = [compiler.compile(column) for column in self.get_source_expressions()]
        names = ("doctor_id", "starts_at", "ends_at")
        columns = ", ".join(f"{sql} AS {name}" for (sql, _), name in zip(compiled, names, strict=True))
        used = re.findall(r"%\((\w+)\)s", self.condition)
        condition = re.sub(r"%\(\w+\)s", "%s", self.condition)
        column_params = [value for _, values in compiled for value in values]
        statement = self.statement.format(columns=columns, condition=condition)
        return statement, column_params + [self.params[name] for name in used]


def within_limits(first: datetime, before: datetime, *, now: datetime) -> _WithinLimits:
    """Condition on slots that start between two instants: a visit as long as the slot fits the limits."""
    local_times = local_time_expressions({}, first, before)
    return _WithinLimits(
        condition=WITHIN_LIMITS.format(**local_times.days),
        params=local_times.values | {"taking": TIME_TAKING_STATES, "now": now},
    )


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
