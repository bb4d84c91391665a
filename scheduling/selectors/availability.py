"""Which times are open: the one hot read, its JSON made by Postgres."""

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
from scheduling import open_times_sql as sql
from scheduling.models import Slot, VisitType
from scheduling.models.bookings import REACH
from scheduling.models.states import BOOKED, TAKING
from scheduling.models.visits import LONGEST_BUFFER
from scheduling.selectors.walls import walls_of
from scheduling.selectors.windows import Window, booking_window
from tenants.base.clock import day_start
from tenants.base.errors import InvalidInput
from tenants.door import current_clinic

NEAR = timedelta(days=14)
MOST_INSTEAD = 3
"""How many slots are shown where one cannot be had."""
FAR = REACH + timedelta(minutes=LONGEST_BUFFER)
"""How far apart two bookings may start of which one is in the way of the other: both keep time free."""


@dataclass(frozen=True, slots=True)
class Question:
    """Which open slots somebody asks for. Days are the clinic's own, both included."""

    first: date
    last: date
    limit: int
    offset: int = 0
    doctor: uuid.UUID | None = None
    specialty: str | None = None
    visit_type: uuid.UUID | None = None
    any_doctor: bool = False
    """Each time once, with who has least to do that day; of those who take new patients."""


def open_slots_json(question: Question, *, now: datetime) -> tuple[int, bytes]:
    """How many slots are open, and those of the page, soonest first, as a JSON array.

    :raises InvalidInput: there is no such visit type
    """
    zone = current_clinic().zone
    visit_type = visit_type_meant(question.visit_type)
    window = booking_window(clinic_settings(), visit_type=visit_type, now=now)
    values: dict[str, Any] = {
        "first": max(day_start(question.first, zone), window.soonest),
        "before": min(day_start(question.last + timedelta(days=1), zone), window.before),
        "doctor": question.doctor,
        "specialty": question.specialty,
        "limit": question.limit,
        "offset": question.offset,
    }
    if values["before"] <= values["first"]:
        return 0, b"[]"
    wanted = (sql.OF_DOCTOR if question.doctor else "") + (sql.OF_SPECIALTY if question.specialty else "")
    statement, order = (
        (sql.ANSWER_EACH, sql.SOONEST_EACH) if question.any_doctor else (sql.ANSWER, sql.SOONEST)
    )
    rows = ask(statement, values, wanted=wanted, order=order, visit_type=visit_type, now=now)
    count, results = rows[0]
    return count, results.encode()


def visit_type_meant(visit_type_id: uuid.UUID | None) -> VisitType | None:
    """The visit type of that id that can be booked; None where none is named.

    :raises InvalidInput: there is none
    """
    if visit_type_id is None:
        return None
    found = VisitType.objects.in_use().filter(pk=visit_type_id).first()
    if found is None:
        raise InvalidInput(
            errors={"visit_type": [_("There is no visit type with this id. Choose another visit type.")]}
        )
    return found


class Moment(NamedTuple):
    """When a doctor's slot starts, or would."""

    slot_id: uuid.UUID | None
    doctor_id: uuid.UUID
    starts_at: datetime


def nearest_open_slots(
    near: Moment,
    *,
    visit_type: VisitType | None = None,
    window: Window,
    now: datetime,
) -> list[dict[str, Any]]:
    """The three other open slots that are nearest, soonest first, as the API shows them.

    They are the doctor's and, failing that, those of others of the same specialty. Where a visit type is
    asked for, they are times of a fortnight around at which it fits; otherwise they may be however far.
    """
    values: dict[str, Any] = {
        "first": max(window.soonest, near.starts_at - NEAR) if visit_type else window.soonest,
        "before": min(window.before, near.starts_at + NEAR) if visit_type else window.before,
        "slot": near.slot_id,
        "near": near.starts_at,
        "doctor": near.doctor_id,
        "limit": MOST_INSTEAD,
        "offset": 0,
    }
    if values["before"] <= values["first"]:
        return []
    statement = sql.NEAREST if visit_type else sql.NEAREST_PLAIN
    for wanted in (sql.OF_DOCTOR, sql.OF_THE_SAME_SPECIALTY):
        rows = ask(statement, values, wanted=wanted, order=sql.NEAR, visit_type=visit_type, now=now)
        found: list[dict[str, Any]] = json.loads(rows[0][0])
        if found:
            return found
    return []


def when_booked(slot_id: uuid.UUID, *, visit_type: VisitType | None, now: datetime) -> Moment | None:
    """When the slot is, if it is still to come and what the visit needs of it is booked: more than held."""
    return _when(slot_id, visit_type, {"taking": BOOKED, "but": None, "patient": None}, now=now)


def when_taken(
    slot_id: uuid.UUID,
    *,
    visit_type: VisitType | None,
    patient: Patient,
    but: uuid.UUID | None = None,
    now: datetime,
) -> Moment | None:
    """The same, also if it is held, though not for the patient.

    :param but: a booking that does not count
    """
    return _when(slot_id, visit_type, {"taking": TAKING, "but": but, "patient": patient.pk}, now=now)


def _when(
    slot_id: uuid.UUID, visit_type: VisitType | None, taken: dict[str, Any], *, now: datetime
) -> Moment | None:
    duration = visit_type and visit_type.duration
    with connection.cursor() as cursor:
        values = {**taken, "slot": slot_id, "duration": duration, "now": now, "reach": REACH}
        cursor.execute(sql.TAKEN.format(taker=sql.TAKER), values)
        found = cursor.fetchone()
    return Moment(*found) if found else None


def offered_until(slot: Slot, ends_at: datetime) -> datetime:
    """Until when the doctor offers time without a gap from the slot's start, asked up to `ends_at`."""
    following = Slot.objects.free().filter(
        doctor=slot.doctor_id, place=slot.place_id, starts_at__gte=slot.starts_at, starts_at__lt=ends_at
    )
    until = slot.starts_at
    for starts, ends in following.order_by("starts_at").values_list("starts_at", "ends_at"):
        if starts != until:
            break
        until = ends
    return until


def ask(
    statement: str,
    values: Mapping[str, Any],
    *,
    wanted: str,
    order: Mapping[str, str] = sql.SOONEST,
    visit_type: VisitType | None,
    now: datetime,
) -> list[Any]:
    """Put the statement together for such a visit, and run it. `first` and `before` are among the values."""
    with connection.cursor() as cursor:
        cursor.execute(sql.FACTS)
        limited, places, zones = cursor.fetchone()
        walls = walls_of(dict(zip(places or [], zones or [], strict=True)), values["first"], values["before"])
        of_doctor = " AND taker.doctor_id = %(doctor)s" if wanted == sql.OF_DOCTOR else ""
        times = {
            "limits": sql.FULL.format(**walls.days) if limited else "",
            "wanted": wanted + (sql.OFFERED if visit_type else ""),
            "rooms": sql.ROOM if visit_type and visit_type.needs_room else "",
        }
        parts = {
            "busy": sql.BUSY.format(of_doctor=of_doctor),
            "open": (sql.TYPED if visit_type else sql.SIMPLE).format(**times),
            "each": sql.EACH.format(**walls.days),
            "taker": sql.TAKER,
            "page": sql.PAGE.format(**order, **walls.parts),
            "shown": sql.SHOWN.format(**order),
        }
        fixed: dict[str, Any] = {"now": now, "taking": TAKING, "reach": FAR}
        cursor.execute(
            statement.format(**parts, **times),
            {**values, **walls.values, **visit_values(visit_type), **fixed},
        )
        rows: list[Any] = cursor.fetchall()
        return rows


def visit_values(visit_type: VisitType | None) -> dict[str, Any]:
    """What the statement asks of a visit type."""
    if visit_type is None:
        return {}
    return {
        "visit_type": visit_type.pk,
        "duration": visit_type.duration,
        "gap_before": visit_type.gap_before,
        "gap_after": visit_type.gap_after,
    }
