"""The next free times across doctors, for the front desk, soonest first and a page at a time."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from clinics.models import Doctor, Patient
from clinics.selectors import clinic_settings
from scheduling.availability import sql
from scheduling.availability.booking_rules import ACCEPTS_PATIENT, takes_time
from scheduling.availability.booking_window import booking_window
from scheduling.availability.conditions import PARTS_OF_DAY
from scheduling.availability.open_slots import run_availability_sql
from scheduling.models import Place, Slot, VisitType
from tenants.base.clock import day_start
from tenants.current import current_clinic

_PAGE_SIZE = 20
_DOCTOR_DAYS = 2000
"""The maximum of doctors times days that one request searches, which limits its duration."""
_MAX_STEP = timedelta(days=92)
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)

# Of the doctors who are free at the same time and place, the least busy one is listed, with the number of the
# others, unless every doctor is requested.
_NEXT_FREE = f"""
WITH {{limits}} {{busy}}, {{open}}, {sql.LOAD}, suitable AS (
    SELECT slot.id, slot.doctor_id, slot.place_id, slot.starts_at, slot.ends_at,
        count(*) OVER same_time - 1 AS others,
        row_number() OVER (PARTITION BY slot.starts_at, slot.place_id ORDER BY {sql.LEAST_BUSY_FIRST}) AS rank
    FROM open AS slot JOIN load ON load.doctor_id = slot.doctor_id AND load.day = {{slot_day}}
    WHERE (%(slot)s::uuid IS NULL OR slot.id = %(slot)s) AND (%(any_time)s OR (
            SELECT range_agg(tstzrange(begins, ends))
            FROM unnest(%(times_begin)s::timestamptz[], %(times_end)s::timestamptz[]) AS time(begins, ends)
        ) @> slot.starts_at)
        -- Not while the patient has another appointment. A hold of the patient's own does not count.
        AND NOT EXISTS (
            SELECT FROM scheduling_booking AS elsewhere
            WHERE elsewhere.patient_id = %(patient)s AND elsewhere.status <> 'HELD'
                AND {takes_time("elsewhere")}
                AND elsewhere.starts_at < slot.ends_at AND elsewhere.ends_at > slot.starts_at)
    WINDOW same_time AS (PARTITION BY slot.starts_at, slot.place_id)
), chosen AS (
    SELECT * FROM suitable WHERE rank = 1 OR %(every_doctor)s
), {{page}}
SELECT {{slots_json}}
FROM page JOIN chosen ON chosen.id = page.id JOIN clinics_doctor AS doctor ON doctor.id = page.doctor_id
"""
_OTHERS = """, ',"others":', chosen.others"""
_ORDER = {
    "source": "chosen",
    "excluding": "AND (starts_at, id) > (%(after_start)s::timestamptz, %(after_id)s::uuid)",
    "order": "starts_at",
    "extra_fields": sql.DOCTOR_NAME + _OTHERS,
}
# Only slots near the times that are searched. A long visit needs the slots that follow as well.
_NEAR_TIMES = """ AND (
    SELECT range_agg(tstzrange(begins, ends + %(conflict_distance)s))
    FROM unnest(%(times_begin)s::timestamptz[], %(times_end)s::timestamptz[]) AS time(begins, ends)
) @> slot.starts_at"""


@dataclass(frozen=True, slots=True)
class NextFreeQuery:
    """A search for free times. Dates, weekdays and parts of the day are local to the place."""

    first: date | None = None
    """None: from now on."""
    visit_type: VisitType | None = None
    doctor: uuid.UUID | None = None
    specialty: str | None = None
    place: Place | None = None
    at_main_address: bool = False
    """Only times at the clinic's own address."""
    weekdays: frozenset[int] = frozenset()
    """Empty: every weekday. 0 is Monday."""
    part_of_day: str | None = None
    patient: Patient | None = None
    """Leave out the doctors who do not accept the patient, and the times when the patient is busy."""
    every_doctor: bool = False
    """List every doctor who is free at a time, and not only the one with the least booked time."""
    slot: Slot | None = None
    """Only this slot, if it is free."""
    after: tuple[datetime, uuid.UUID] | None = None
    """The cursor: the start and id of the last time of the previous page."""

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of dates and times of day: that of the place, if one is chosen."""
        return self.place.zone if self.place else current_clinic().zone

    @property
    def any_time(self) -> bool:
        """Whether every time of the week suits."""
        return not self.weekdays and self.part_of_day is None


@dataclass(frozen=True, slots=True)
class NextFree:
    """A page of free times."""

    results: list[dict[str, Any]]
    searched_until: datetime
    """The end of the searched period (UTC). Later times are on the next page."""
    has_more: bool
    """Whether there may be more free times."""


def next_free_times(query: NextFreeQuery, *, now: datetime) -> NextFree:
    """The next free times, soonest first.

    Staff need not give notice, and can book as far ahead as the clinic takes bookings. A request searches a
    limited number of days, which depends on the number of doctors. So it may find few times or none although
    the booking window has not ended.
    """
    window = booking_window(clinic_settings(), visit_type=query.visit_type, by_staff=True, now=now)
    if query.slot is not None:
        starts_at = query.slot.starts_at
        is_possible = window.soonest <= starts_at < window.before
        found = _search(query, starts_at, starts_at + _SECOND, limit=1, now=now) if is_possible else []
        return NextFree(found, searched_until=starts_at, has_more=False)
    begins = max(window.soonest, query.after[0] if query.after else window.soonest)
    if query.first is not None:
        begins = max(begins, day_start(query.first, query.zone))
    results: list[dict[str, Any]] = []
    until = begins
    for soonest, before in _steps(query, begins, window.before):
        results += _search(query, soonest, before, limit=_PAGE_SIZE + 1 - len(results), now=now)
        until = before
        if len(results) > _PAGE_SIZE:
            break
    return NextFree(
        results[:_PAGE_SIZE],
        searched_until=until,
        has_more=len(results) > _PAGE_SIZE or until < window.before,
    )


def _steps(query: NextFreeQuery, begins: datetime, before: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield consecutive periods to search: short ones first, since most times are found soon."""
    doctors = 1 if query.doctor else max(Doctor.objects.bookable().count(), 1)
    days_left, step = max(_DOCTOR_DAYS // doctors, 2), _MAX_STEP if query.doctor else _DAY
    while begins < before and days_left > 0:
        ends = min(begins + min(step, days_left * _DAY), before)
        yield begins, ends
        days_left -= step.days
        begins, step = ends, min(step * 2, _MAX_STEP)


def _search(
    query: NextFreeQuery, soonest: datetime, before: datetime, *, limit: int, now: datetime
) -> list[dict[str, Any]]:
    """The first free times in a period."""
    times = [] if query.any_time else list(_searched_times(query, soonest, before))
    if not times and not query.any_time:
        return []
    after_start, after_id = query.after or (soonest - _DAY, uuid.UUID(int=0))
    rows = run_availability_sql(
        _NEXT_FREE,
        {
            "soonest": soonest,
            "before": before,
            "doctor": query.doctor,
            "specialty": query.specialty,
            "place": query.place and query.place.pk,
            "slot": query.slot and query.slot.pk,
            "patient": query.patient and query.patient.pk,
            "any_time": query.any_time,
            "times_begin": [begins for begins, _ends in times],
            "times_end": [ends for _begins, ends in times],
            "every_doctor": query.every_doctor or query.doctor is not None,
            "after_start": after_start,
            "after_id": after_id,
            "limit": limit,
            "offset": 0,
        },
        doctor_condition=_conditions(query),
        order=_ORDER,
        visit_type=query.visit_type,
        now=now,
    )
    found: list[dict[str, Any]] = json.loads(rows[0][0])
    return found


def _conditions(query: NextFreeQuery) -> str:
    """The SQL conditions on a slot and its doctor."""
    conditions = sql.OF_DOCTOR if query.doctor else ""
    if query.specialty:
        conditions += sql.OF_SPECIALTY
    if query.place:
        conditions += sql.AT_PLACE
    elif query.at_main_address:
        conditions += sql.AT_MAIN_ADDRESS
    if query.patient:
        conditions += f" AND {ACCEPTS_PATIENT}"
    return conditions if query.any_time else conditions + _NEAR_TIMES


def _searched_times(
    query: NextFreeQuery, soonest: datetime, before: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the requested part of each requested day."""
    opens, closes = (minutes // 60 for minutes in PARTS_OF_DAY.get(query.part_of_day or "", (0, 24 * 60)))
    day = soonest.astimezone(query.zone).date()
    while day_start(day, query.zone) < before:
        if not query.weekdays or day.weekday() in query.weekdays:
            yield _local(day, opens, query.zone), _local(day, closes, query.zone)
        day += _DAY


def _local(day: date, hour: int, zone: ZoneInfo) -> datetime:
    """The instant of a local hour, from 0 to 24."""
    return datetime.combine(day + hour // 24 * _DAY, time(hour % 24), tzinfo=zone)
