"""Which slots are open: the one hot read, its JSON made by Postgres."""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from scheduling.models import Slot
from scheduling.models.states import TAKING
from scheduling.planning import utc_offsets
from scheduling.selectors.wall import clinic_day
from tenants.base.clock import day_start, zone_label
from tenants.door import current_clinic

OPEN = """
WITH open AS MATERIALIZED (
    SELECT slot.id, slot.doctor_id,
        slot.starts_at AT TIME ZONE 'UTC' AS start, slot.ends_at AT TIME ZONE 'UTC' AS stop,
        {start_shift} AS shift, {stop_shift} AS stop_shift
    FROM scheduling_slot AS slot JOIN clinics_doctor AS doctor ON doctor.id = slot.doctor_id
    WHERE slot.status = 'free' AND slot.fits_hours AND slot.starts_at > %(after)s
        AND slot.starts_at >= %(first)s AND slot.starts_at < %(before)s AND doctor.is_active {wanted}
        AND (slot.starts_at AT TIME ZONE 'UTC' + {start_shift})::date
            <= %(today)s + (SELECT horizon_days FROM clinics_clinicsettings)
        AND NOT EXISTS (
            SELECT FROM scheduling_booking AS booking
            WHERE booking.slot_id = slot.id AND booking.status = ANY(%(taking)s))
), page AS (
    SELECT * FROM open ORDER BY start, id LIMIT %(limit)s OFFSET %(offset)s
)
SELECT (SELECT count(*) FROM open), coalesce(json_agg(json_build_object(
    'id', id, 'doctor', doctor_id,
    'starts_at', to_char(start, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    'ends_at', to_char(stop, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    'time_zone', %(zone)s::text, 'tz_label', %(label)s::text, 'status', 'free',
    'local_date', to_char(start + shift, 'YYYY-MM-DD'),
    'local_time', to_char(start + shift, 'HH24:MI'),
    'local_end_time', to_char(stop + stop_shift, 'HH24:MI')
) ORDER BY start, id), '[]')::text FROM page
"""
OF_DOCTOR = " AND slot.doctor_id = %(doctor)s"
OF_SPECIALTY = """ AND EXISTS (
    SELECT FROM clinics_doctor_specialties AS practised JOIN clinics_specialty AS specialty
        ON specialty.id = practised.specialty_id
    WHERE practised.doctor_id = slot.doctor_id AND %(specialty)s IN (specialty.code, specialty.id::text))"""


@dataclass(frozen=True, slots=True)
class Question:
    """Which open slots somebody asks for. Days are the clinic's own, both included."""

    first: date
    last: date
    limit: int
    offset: int = 0
    doctor: uuid.UUID | None = None
    specialty: str | None = None

    def __str__(self) -> str:
        parts = (self.first, self.last, self.limit, self.offset, self.doctor or "", self.specialty or "")
        return "/".join(str(part) for part in parts)


def open_slots_json(question: Question, *, now: datetime) -> tuple[int, bytes]:
    """How many slots are open, and those of the page, soonest first, as a JSON array. One query."""
    clinic = current_clinic()
    first = day_start(question.first, clinic.zone)
    before = day_start(question.last + timedelta(days=1), clinic.zone)
    # A slot lasts up to eight hours, so its end may lie behind a change that its start does not see.
    changes = utc_offsets(clinic.zone, first.astimezone(UTC), before.astimezone(UTC) + timedelta(days=1))
    start_shift, shifts = _shift("slot.starts_at", changes)
    stop_shift, _same = _shift("slot.ends_at", changes)
    wanted = (OF_DOCTOR if question.doctor else "") + (OF_SPECIALTY if question.specialty else "")
    values = {
        "after": now,
        "today": clinic_day(now),
        "first": first,
        "before": before,
        "taking": TAKING,
        "doctor": question.doctor,
        "specialty": question.specialty,
        "limit": question.limit,
        "offset": question.offset,
        "zone": clinic.time_zone,
        "label": zone_label(clinic.time_zone),
        **shifts,
    }
    with connection.cursor() as cursor:
        cursor.execute(OPEN.format(start_shift=start_shift, stop_shift=stop_shift, wanted=wanted), values)
        count, results = cursor.fetchone()
    return count, results.encode()


def _shift(column: str, changes: list[tuple[datetime, timedelta]]) -> tuple[str, dict[str, Any]]:
    """The clinic's distance from UTC at `column` as SQL: its own zone data decides, Postgres only adds."""
    (_start, earliest), *later = changes
    values: dict[str, Any] = {"shift": earliest}
    sql = "%(shift)s::interval"
    for place, (at, offset) in enumerate(later):
        values |= {f"at{place}": at, f"shift{place}": offset}
        sql = f"CASE WHEN {column} >= %(at{place})s THEN %(shift{place})s::interval ELSE {sql} END"
    return sql, values


def nearest_open_slots(slot: Slot, *, now: datetime, before: datetime, count: int = 3) -> list[Slot]:
    """The open slots nearest in time to `slot`: with its doctor and, failing that, of the same specialty."""
    open_ones = (
        Slot.objects.free()
        .untaken()
        .starting_after(now)
        .filter(doctor__is_active=True, starts_at__lt=before)
        .exclude(pk=slot.pk)
        .select_related("doctor")
    )
    own = nearest_in_time(open_ones.filter(doctor=slot.doctor_id), slot.starts_at, count=count)
    if own:
        return own
    practised = slot.doctor.specialties.values("pk")
    return nearest_in_time(
        open_ones.filter(doctor__specialties__in=practised).distinct(), slot.starts_at, count=count
    )


def nearest_in_time(slots: QuerySet[Slot], instant: datetime, *, count: int) -> list[Slot]:
    """The `count` slots that start nearest to `instant`, soonest first. Reads `count` on either side."""
    earlier = slots.filter(starts_at__lt=instant).order_by("-starts_at", "id")[:count]
    later = slots.filter(starts_at__gte=instant).order_by("starts_at", "id")[:count]
    nearest = sorted([*earlier, *later], key=lambda slot: abs(slot.starts_at - instant))[:count]
    return sorted(nearest, key=lambda slot: slot.starts_at)
