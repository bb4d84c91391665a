"""SQL expressions for the local times of the clinic and its places.

UTC offsets and clock changes come from Python's time zone data; Postgres only adds and compares. So both
always agree, even if Postgres has another version of the time zone data.
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

from scheduling.clock.planning import utc_offsets
from tenants.base.clock import time_zone_label
from tenants.current import current_clinic

_CLINIC = "_clinic"
"""Suffix of the parameters for the clinic's own time zone. Those for a place end in its number."""

_Offsets = tuple[tuple[datetime, timedelta], ...]


@dataclass(frozen=True, slots=True)
class LocalTimeExpressions:
    """SQL expressions for local times, and their parameters."""

    parts: dict[str, str]
    """For an open slot: its UTC offsets (`start_offset`, `stop_offset`), `clock_pass`, and `zone` as JSON."""
    days: dict[str, str]
    """The clinic's local dates of a slot (`slot_day`) and of a booking (`booked_day`)."""
    values: dict[str, Any]
    """The parameters of all expressions."""


def local_time_expressions(
    places: Mapping[uuid.UUID, str], first: datetime, before: datetime
) -> LocalTimeExpressions:
    """The expressions for times from `first` to `before`, at the clinic and at its places.

    :param places: the time zone of each place, by the place's id
    """
    clinic = current_clinic()
    # A margin, since the days, weeks and visits at both ends extend beyond the instants.
    span = (first.astimezone(UTC) - timedelta(days=9), before.astimezone(UTC) + timedelta(days=9))
    values: dict[str, Any] = {"zone": _zone_json(clinic.time_zone, None)}
    clinic_offsets = offsets_between(clinic.zone, *(instant.date() for instant in span))
    start = _offset_sql("starts_at", clinic_offsets, _CLINIC, values)
    stop = _offset_sql("ends_at", clinic_offsets, _CLINIC, values)
    clock_pass, zone = _clock_pass_sql("starts_at", clinic_offsets, _CLINIC, values), "%(zone)s::text"
    days = {
        name: f"({column} AT TIME ZONE 'UTC' + {_offset_sql(column, clinic_offsets, _CLINIC, values)})::date"
        for name, column in (("slot_day", "slot.starts_at"), ("booked_day", "booking.starts_at"))
    }
    for number, (place, name) in enumerate(places.items()):
        key = f"_{number}"
        offsets = offsets_between(ZoneInfo(name), *(instant.date() for instant in span))
        values |= {f"place{key}": place, f"zone{key}": _zone_json(name, place)}
        at_place = f"CASE WHEN place_id = %(place{key})s THEN"
        if offsets != clinic_offsets:
            start = f"{at_place} {_offset_sql('starts_at', offsets, key, values)} ELSE {start} END"
            stop = f"{at_place} {_offset_sql('ends_at', offsets, key, values)} ELSE {stop} END"
            place_clock_pass = _clock_pass_sql("starts_at", offsets, key, values)
            clock_pass = f"{at_place} {place_clock_pass} ELSE {clock_pass} END"
        zone = f"{at_place} %(zone{key})s::text ELSE {zone} END"
    return LocalTimeExpressions(
        parts={"start_offset": start, "stop_offset": stop, "clock_pass": clock_pass, "zone": zone},
        days=days,
        values=values,
    )


def _zone_json(name: str, place: uuid.UUID | None) -> str:
    """The zone, its label and the place as the members of a JSON object, without its braces."""
    members = {"time_zone": name, "tz_label": time_zone_label(name), "place": place and str(place)}
    return json.dumps(members, separators=(",", ":"))[1:-1]


@lru_cache(maxsize=1024)
def offsets_between(zone: ZoneInfo, first: date, last: date) -> _Offsets:
    """The zone's UTC offsets from a day before `first` to a day after `last`, each with its first instant."""
    start = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(days=1)
    end = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=2)
    return tuple(utc_offsets(zone, start, end))


def _offset_sql(column: str, offsets: _Offsets, key: str, values: dict[str, Any]) -> str:
    """SQL for the UTC offset at the instant in `column`: one CASE for each clock change."""
    (_start, earliest), *later = offsets
    values[f"shift{key}"] = earliest
    expression = f"%(shift{key})s::interval"
    for number, (at, offset) in enumerate(later):
        values |= {f"at{key}_{number}": at, f"shift{key}_{number}": offset}
        expression = (
            f"CASE WHEN {column} >= %(at{key}_{number})s THEN %(shift{key}_{number})s::interval"
            f" ELSE {expression} END"
        )
    return expression


def _clock_pass_sql(column: str, offsets: _Offsets, key: str, values: dict[str, Any]) -> str:
    """SQL for 1 or 2, the first or second occurrence of a repeated local time; 0 for any other."""
    expression = "0"
    for number, ((_, before), (at, after)) in enumerate(pairwise(offsets)):
        if after < before:
            values |= {
                f"first{key}_{number}": at - (before - after),
                f"again{key}_{number}": at + (before - after),
            }
            values[f"at{key}_{number}"] = at
            expression = (
                f"CASE WHEN {column} >= %(first{key}_{number})s AND {column} < %(again{key}_{number})s"
                f" THEN CASE WHEN {column} < %(at{key}_{number})s THEN 1 ELSE 2 END ELSE {expression} END"
            )
    return expression
