"""The clocks on the walls of a clinic and its places, said in SQL.

Our own zone data decides how far a clock is from UTC and when it changes; Postgres only adds and compares.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from scheduling.planning import utc_offsets
from tenants.base.clock import zone_label
from tenants.door import current_clinic

_CLINIC = "_own"
"""Marks the clinic's own parameters: a place's are marked with its number, and each change's are numbered."""

_Offsets = tuple[tuple[datetime, timedelta], ...]


@dataclass(frozen=True, slots=True)
class Walls:
    """Expressions for the statement, and their parameters."""

    parts: dict[str, str]
    """`start_shift` and `stop_shift` of an open time, its `clock_pass` and `zone`."""
    days: dict[str, str]
    """The clinic's own days of a slot (`slot_day`) and of a booking (`booked_day`)."""
    values: dict[str, Any]


def walls_of(places: Mapping[uuid.UUID, str], first: datetime, before: datetime) -> Walls:
    """For times between two instants at the clinic and at its places, which are given with their zones."""
    clinic = current_clinic()
    # Days end, weeks begin and visits last beyond what is asked about.
    span = (first.astimezone(UTC) - timedelta(days=9), before.astimezone(UTC) + timedelta(days=9))
    values: dict[str, Any] = {"zone": _zone_json(clinic.time_zone, None)}
    own = offsets_between(clinic.zone, *(instant.date() for instant in span))
    starts = _offset_sql("starts_at", own, _CLINIC, values)
    stops = _offset_sql("ends_at", own, _CLINIC, values)
    again, zone = _clock_pass_sql("starts_at", own, _CLINIC, values), "%(zone)s::text"
    days = {
        name: f"({column} AT TIME ZONE 'UTC' + {_offset_sql(column, own, _CLINIC, values)})::date"
        for name, column in (("slot_day", "slot.starts_at"), ("booked_day", "taker.starts_at"))
    }
    for number, (place, name) in enumerate(places.items()):
        key = f"_{number}"
        there = offsets_between(ZoneInfo(name), *(instant.date() for instant in span))
        values |= {f"place{key}": place, f"zone{key}": _zone_json(name, place)}
        at_place = f"CASE WHEN place_id = %(place{key})s THEN"
        if there != own:
            starts = f"{at_place} {_offset_sql('starts_at', there, key, values)} ELSE {starts} END"
            stops = f"{at_place} {_offset_sql('ends_at', there, key, values)} ELSE {stops} END"
            again = f"{at_place} {_clock_pass_sql('starts_at', there, key, values)} ELSE {again} END"
        zone = f"{at_place} %(zone{key})s::text ELSE {zone} END"
    return Walls(
        parts={"start_shift": starts, "stop_shift": stops, "clock_pass": again, "zone": zone},
        days=days,
        values=values,
    )


def _zone_json(name: str, place: uuid.UUID | None) -> str:
    """The zone, its label and the place as members of a JSON object."""
    words = {"time_zone": name, "tz_label": zone_label(name), "place": place and str(place)}
    return json.dumps(words, separators=(",", ":"))[1:-1]


@lru_cache(maxsize=1024)
def offsets_between(zone: ZoneInfo, first: date, last: date) -> _Offsets:
    """How far the zone's clock is from UTC between two days and beside them, each with since when."""
    start = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(days=1)
    end = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=2)
    return tuple(utc_offsets(zone, start, end))


def _offset_sql(column: str, changes: _Offsets, key: str, values: dict[str, Any]) -> str:
    """The clock's distance from UTC at `column`."""
    (_start, earliest), *later = changes
    values[f"shift{key}"] = earliest
    expression = f"%(shift{key})s::interval"
    for place, (at, offset) in enumerate(later):
        values |= {f"at{key}_{place}": at, f"shift{key}_{place}": offset}
        expression = (
            f"CASE WHEN {column} >= %(at{key}_{place})s THEN %(shift{key}_{place})s::interval"
            f" ELSE {expression} END"
        )
    return expression


def _clock_pass_sql(column: str, changes: _Offsets, key: str, values: dict[str, Any]) -> str:
    """Where the clock shows a time twice: 1 the first time, 2 the second; else 0."""
    expression = "0"
    for place, ((_, before), (at, after)) in enumerate(pairwise(changes)):
        if after < before:
            values |= {
                f"first{key}_{place}": at - (before - after),
                f"again{key}_{place}": at + (before - after),
            }
            values[f"at{key}_{place}"] = at
            expression = (
                f"CASE WHEN {column} >= %(first{key}_{place})s AND {column} < %(again{key}_{place})s"
                f" THEN CASE WHEN {column} < %(at{key}_{place})s THEN 1 ELSE 2 END ELSE {expression} END"
            )
    return expression
