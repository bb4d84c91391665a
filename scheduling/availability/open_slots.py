"""Lists of open slots as JSON that Postgres builds, the nearest alternatives, and whether a slot is taken."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from clinics.models import Patient
from clinics.selectors import clinic_settings
from scheduling.availability import sql
from scheduling.availability.booking_rules import is_own
from scheduling.availability.booking_window import Window, booking_window
from scheduling.availability.conditions import NO_CONDITIONS, Conditions
from scheduling.availability.doctor_limits import NO_LIMITS, limit_params, limit_parts
from scheduling.calendar.local_times_sql import LocalTimeExpressions, local_time_expressions
from scheduling.models import Booking, VisitType
from scheduling.models.booking_states import TIME_TAKING_STATES
from scheduling.models.bookings import MAX_BOOKING_SPAN
from scheduling.models.visit_types import LONGEST_BUFFER
from tenants.base.clock import day_start
from tenants.base.errors import InvalidInput
from tenants.current import current_clinic

ALTERNATIVES_DISTANCE = timedelta(days=14)
"""How far before and after a time alternatives to it are searched."""
MAX_ALTERNATIVES = 3
"""The number of alternatives in a refusal."""
MAX_CONFLICT_DISTANCE = MAX_BOOKING_SPAN + timedelta(minutes=LONGEST_BUFFER)
"""The longest time between the starts of two bookings that conflict: each may have buffers."""


@dataclass(frozen=True, slots=True)
class AvailabilityQuery:
    """A search for open slots. `first` and `last` are dates in the clinic's time zone, both included."""

    first: date
    last: date
    limit: int
    offset: int = 0
    conditions: Conditions = NO_CONDITIONS
    visit_type: uuid.UUID | None = None
    any_doctor: bool = False
    """List each time once, with the least loaded doctor who accepts new patients."""


@dataclass(frozen=True, slots=True)
class OpenDay:
    """A local day, and the number of its open slots."""

    day: date
    count: int


@dataclass(frozen=True, slots=True)
class OpenSlots:
    """A page of open slots."""

    count: int
    """The number of open slots on all pages."""
    results: bytes
    """The page as a JSON array, soonest first."""
    until: datetime | None = None
    """When the first of all slots can no longer be booked, so that the page and the count change."""


def open_slots(
    query: AvailabilityQuery, *, moving: Booking | None = None, by_staff: bool = False, now: datetime
) -> OpenSlots:
    """The open slots that match the query.

    :param moving: a booking that is being moved, as in `run_availability_sql`. It has a visit type of its own
    :param by_staff: whether staff move it, who need not give notice
    :raises InvalidInput: the visit type does not exist
    """
    visit_type = _visit_type_of(query, moving)
    window = booking_window(clinic_settings(), visit_type=visit_type, by_staff=by_staff, now=now)
    params = {**_period_params(query, window), "limit": query.limit, "offset": query.offset}
    if params["before"] <= params["soonest"]:
        return OpenSlots(0, b"[]")
    statement, order = (
        (sql.COUNT_AND_PAGE_EACH_TIME_ONCE, sql.SOONEST_FIRST_EACH_TIME_ONCE)
        if query.any_doctor
        else (sql.COUNT_AND_PAGE, sql.SOONEST_FIRST)
    )
    rows = run_availability_sql(
        statement,
        params,
        doctor_condition=query.conditions.doctor_sql,
        time_condition=query.conditions.time_sql,
        order=order,
        visit_type=visit_type,
        moving=moving,
        now=now,
    )
    count, first, results = rows[0]
    return OpenSlots(count, results.encode(), until=first and first - (window.soonest - now))


def open_days(
    query: AvailabilityQuery, *, moving: Booking | None = None, by_staff: bool = False, now: datetime
) -> list[OpenDay]:
    """The days with open slots that match the query, with their number.

    The days are those of the place of each slot. The parameters are those of `open_slots`.

    :raises InvalidInput: the visit type does not exist
    """
    visit_type = _visit_type_of(query, moving)
    window = booking_window(clinic_settings(), visit_type=visit_type, by_staff=by_staff, now=now)
    params = _period_params(query, window)
    if params["before"] <= params["soonest"]:
        return []
    rows = run_availability_sql(
        sql.DAYS_EACH_TIME_ONCE if query.any_doctor else sql.DAYS,
        params,
        doctor_condition=query.conditions.doctor_sql,
        time_condition=query.conditions.time_sql,
        visit_type=visit_type,
        moving=moving,
        now=now,
    )
    return [OpenDay(*row) for row in rows]


def _visit_type_of(query: AvailabilityQuery, moving: Booking | None) -> VisitType | None:
    """The visit type of the query or, if it names none, that of the booking that is being moved.

    :raises InvalidInput: the visit type does not exist
    """
    visit_type = get_visit_type(query.visit_type)
    return moving.visit_type if visit_type is None and moving is not None else visit_type


def _period_params(query: AvailabilityQuery, window: Window) -> dict[str, Any]:
    """The period and the conditions of the query as parameters of a statement."""
    zone = current_clinic().zone
    return {
        "soonest": max(day_start(query.first, zone), window.soonest),
        "before": min(day_start(query.last + timedelta(days=1), zone), window.before),
        **query.conditions.params,
    }


def get_visit_type(visit_type_id: uuid.UUID | None) -> VisitType | None:
    """The active visit type with that id; None if no id is given.

    :raises InvalidInput: no active visit type has that id
    """
    if visit_type_id is None:
        return None
    found = VisitType.objects.in_use().filter(pk=visit_type_id).first()
    if found is None:
        raise InvalidInput(
            errors={"visit_type": [_("There is no visit type with this id. Choose another visit type.")]}
        )
    return found


class SlotStart(NamedTuple):
    """The start of a doctor's slot (UTC)."""

    slot_id: uuid.UUID | None
    doctor_id: uuid.UUID
    starts_at: datetime
    is_booked: bool = False
    """Whether a booking takes it, not only a hold."""
    is_busy_elsewhere: bool = False
    """Whether the doctor is busy then in an outside calendar."""


def nearest_open_slots(
    near: SlotStart,
    *,
    visit_type: VisitType | None = None,
    moving: Booking | None = None,
    window: Window,
    now: datetime,
) -> list[dict[str, Any]]:
    """The three open slots nearest to `near`, before or after it, soonest first, as the API shows them.

    They are the same doctor's or, if there are none, those of doctors of the same specialty. With a visit
    type the two weeks before and after are searched first, and then all times of the doctor; without one, the
    whole booking window.

    :param moving: as in `run_availability_sql`
    """
    for doctor_condition, period in _nearest_searches(near, window, has_visit_type=visit_type is not None):
        if period.before <= period.soonest:
            continue
        rows = run_availability_sql(
            sql.NEAREST if visit_type else sql.NEAREST_WITHOUT_VISIT_TYPE,
            {
                "soonest": period.soonest,
                "before": period.before,
                "slot": near.slot_id,
                "own_slot": moving and moving.slot_id,
                "near": near.starts_at,
                "doctor": near.doctor_id,
                "limit": MAX_ALTERNATIVES,
                "offset": 0,
            },
            doctor_condition=doctor_condition,
            order=sql.NEAREST_FIRST,
            visit_type=visit_type,
            moving=moving,
            now=now,
        )
        found: list[dict[str, Any]] = json.loads(rows[0][0])
        if found:
            return found
    return []


def _nearest_searches(near: SlotStart, window: Window, *, has_visit_type: bool) -> list[tuple[str, Window]]:
    """The condition on the doctor and the period of each search for the slots nearest to `near`, in order."""
    if not has_visit_type:
        return [(sql.OF_DOCTOR, window), (sql.OF_THE_SAME_SPECIALTY, window)]
    close = Window(
        soonest=max(window.soonest, near.starts_at - ALTERNATIVES_DISTANCE),
        before=min(window.before, near.starts_at + ALTERNATIVES_DISTANCE),
    )
    return [(sql.OF_DOCTOR, close), (sql.OF_THE_SAME_SPECIALTY, close), (sql.OF_DOCTOR, window)]


def taken_slot(
    slot_id: uuid.UUID,
    *,
    visit_type: VisitType | None,
    patient: Patient,
    moving: Booking | None = None,
    now: datetime,
) -> SlotStart | None:
    """The slot's start if it is upcoming and taken; else None.

    A booking, another patient's hold or a busy period of an outside calendar takes it.

    :param moving: a booking that does not count, since it is being moved
    """
    params: dict[str, Any] = {
        "slot": slot_id,
        "duration": visit_type and visit_type.duration,
        "patient": patient.pk,
        "excluding": moving and moving.pk,
        "taking": TIME_TAKING_STATES,
        "conflict_distance": MAX_CONFLICT_DISTANCE,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.TAKEN, params)
        found = cursor.fetchone()
    return SlotStart(*found) if found else None


def run_availability_sql(
    statement: str,
    params: Mapping[str, Any],
    *,
    doctor_condition: str,
    time_condition: str = "",
    order: Mapping[str, str] = sql.SOONEST_FIRST,
    visit_type: VisitType | None,
    moving: Booking | None = None,
    now: datetime,
) -> list[Any]:
    """Assemble a statement of `availability/sql.py` for a visit type, run it and return its rows.

    :param params: `soonest` and `before` (UTC, half-open) and the other parameters of the statement
    :param doctor_condition: the SQL condition on the slot's doctor
    :param time_condition: the SQL condition on the local start of an open slot
    :param moving: a booking that is being moved: neither it nor its patient's holds count, as in `is_own`
    """
    with connection.cursor() as cursor:
        cursor.execute(sql.CLINIC_FACTS)
        limited, places, zones = cursor.fetchone()
        local_times = local_time_expressions(
            dict(zip(places or [], zones or [], strict=True)), params["soonest"], params["before"]
        )
        parts = _statement_parts(
            local_times,
            doctor_condition=doctor_condition,
            time_condition=time_condition,
            order=order,
            visit_type=visit_type,
            moving=moving is not None,
            limited=limited,
        )
        fixed: dict[str, Any] = {
            "now": now,
            "taking": TIME_TAKING_STATES,
            "conflict_distance": MAX_CONFLICT_DISTANCE,
        }
        if limited:
            fixed |= limit_params(params["soonest"], params["before"])
        if moving:
            fixed |= {"moving": moving.pk, "patient": moving.patient_id}
        cursor.execute(
            statement.format(**parts),
            {**params, **local_times.values, **visit_type_params(visit_type), **fixed},
        )
        rows: list[Any] = cursor.fetchall()
        return rows


def _statement_parts(
    local_times: LocalTimeExpressions,
    *,
    doctor_condition: str,
    time_condition: str,
    order: Mapping[str, str],
    visit_type: VisitType | None,
    moving: bool,
    limited: bool,
) -> dict[str, str]:
    """The parts of a statement of `availability/sql.py`, by the name of their braces."""
    one_doctor = "%(doctor)s" if doctor_condition.startswith(sql.OF_DOCTOR) else ""
    own = {
        "not_own": f"AND NOT {is_own('booking')}" if moving else "",
        "not_own_other": f"AND NOT {is_own('other')}" if moving else "",
    }
    limits = NO_LIMITS
    if limited:
        limits = limit_parts(local_times.days, of_doctor=one_doctor, not_own=own["not_own"])
    conditions = {
        **limits,
        **own,
        "doctor_condition": doctor_condition,
        "time_condition": time_condition.format(**local_times.parts),
        "rooms": sql.ROOM_IS_FREE.format(**own) if visit_type and visit_type.needs_room else "",
    }
    of_doctor = f"AND doctor_id = {one_doctor}" if one_doctor else ""
    open_slots_sql = sql.OPEN_FOR_VISIT_TYPE if visit_type else sql.OPEN_WITHOUT_VISIT_TYPE
    return {
        **conditions,
        "busy": sql.BUSY.format(**own, of_doctor=of_doctor),
        "open": open_slots_sql.format(**conditions),
        "each_time_once": sql.EACH_TIME_ONCE.format(**own, **local_times.days),
        **local_times.days,
        **local_times.parts,
        "page": sql.PAGE.format(**order, **local_times.parts),
        "slots_json": sql.SLOTS_AS_JSON.format(**order),
    }


def visit_type_params(visit_type: VisitType | None) -> dict[str, Any]:
    """The id, length and buffers of the visit type, as parameters of the statements."""
    if visit_type is None:
        return {}
    return {
        "visit_type": visit_type.pk,
        "duration": visit_type.duration,
        "gap_before": visit_type.buffer_before,
        "gap_after": visit_type.buffer_after,
    }
