"""Which times are open: the one hot read, its JSON made by Postgres."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clinics.selectors import clinic_settings
from scheduling import open_times_sql as sql
from scheduling.models import Slot, VisitType
from scheduling.models.bookings import REACH
from scheduling.models.states import TAKING
from scheduling.models.visits import LONGEST_BUFFER
from scheduling.selectors.limits import within_limits
from scheduling.selectors.walls import walls_of
from scheduling.selectors.windows import Window, booking_window
from tenants.base.clock import day_start
from tenants.base.errors import InvalidInput
from tenants.door import current_clinic

NEAR = timedelta(days=14)
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
    count, results = ask(sql.ANSWER, values, wanted=wanted, visit_type=visit_type, now=now)[0]
    return count, results.encode()


def visit_type_meant(visit_type_id: uuid.UUID | None) -> VisitType | None:
    """The visit type of that id that can be booked; None where none is named.

    :raises InvalidInput: there is none
    """
    if visit_type_id is None:
        return None
    found = VisitType.objects.in_use().filter(pk=visit_type_id).first()
    if found is None:
        raise InvalidInput(errors={"visit_type": [_("There is no such kind of visit.")]})
    return found


def nearest_open_slots(
    slot: Slot, *, visit_type: VisitType | None = None, window: Window, now: datetime, limit: int = 3
) -> list[Slot]:
    """The open slots nearest in time to `slot`: with its doctor and, failing that, of the same specialty.

    Where a visit type is asked for, those of a fortnight around it in which it fits.
    """
    if visit_type is None:
        return nearest_plain_slots(slot, window=window, now=now, limit=limit)
    values: dict[str, Any] = {
        "first": max(window.soonest, slot.starts_at - NEAR),
        "before": min(window.before, slot.starts_at + NEAR),
        "slot": slot.pk,
        "near": slot.starts_at,
        "doctor": slot.doctor_id,
        "limit": limit,
    }
    if values["before"] <= values["first"]:
        return []
    for wanted in (sql.OF_DOCTOR, sql.OF_THE_SAME_SPECIALTY):
        found = ask(sql.NEAREST, values, wanted=wanted, visit_type=visit_type, now=now)
        if found:
            nearest = Slot.objects.filter(pk__in=[row[0] for row in found])
            return list(nearest.select_related("doctor", "place").order_by("starts_at", "id"))
    return []


def nearest_plain_slots(slot: Slot, *, window: Window, now: datetime, limit: int) -> list[Slot]:
    """The same for a visit as long as its slot, however far: it reads no more slots than it shows."""
    open_ones = (
        Slot.objects.free()
        .untaken(now=now)
        .starting_after(now)
        .filter(doctor__is_active=True, starts_at__gte=window.soonest, starts_at__lt=window.before)
        .filter(within_limits(window.soonest, window.before, now=now))
        .exclude(pk=slot.pk)
        .select_related("doctor", "place")
    )
    own = nearest_in_time(open_ones.filter(doctor=slot.doctor_id), slot.starts_at, limit=limit)
    if own:
        return own
    practised = slot.doctor.specialties.values("pk")
    return nearest_in_time(
        open_ones.filter(doctor__specialties__in=practised).distinct(), slot.starts_at, limit=limit
    )


def nearest_in_time(slots: QuerySet[Slot], instant: datetime, *, limit: int) -> list[Slot]:
    """The slots that start nearest to `instant`, soonest first. Reads `limit` on either side."""
    earlier = slots.filter(starts_at__lt=instant).order_by("-starts_at", "id")[:limit]
    later = slots.filter(starts_at__gte=instant).order_by("starts_at", "id")[:limit]
    nearest = sorted([*earlier, *later], key=lambda slot: abs(slot.starts_at - instant))[:limit]
    return sorted(nearest, key=lambda slot: slot.starts_at)


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
    statement: str, values: Mapping[str, Any], *, wanted: str, visit_type: VisitType | None, now: datetime
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
        }
        fixed: dict[str, Any] = {"now": now, "taking": TAKING, "reach": FAR}
        cursor.execute(
            statement.format(**parts, **walls.parts),
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
