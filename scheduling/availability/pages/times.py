"""The open times of seven days on a page, as one group of radio buttons."""

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from clinics.pages.frame import CONTINUE, frame_of
from scheduling.availability.api.filters import AvailableFilters
from scheduling.availability.api.open_slots import cached_answer, slot_query
from scheduling.availability.open_slots import open_slots
from scheduling.calendar.local_times import clinic_day
from scheduling.models import Booking
from tenants.base.clock import now
from tenants.base.requests import validate

DAYS_SHOWN = 7
_FAR = timedelta(days=3660)
"""Later days are not shown: no clinic takes bookings for them."""
_MAX_DAYS = 92
"""The longest period of one search."""


@dataclass(frozen=True, slots=True)
class DoctorChoice:
    """Times of one doctor (as the API describes them), or of any doctor of a specialty (its code)."""

    doctor: dict[str, Any] | None = None
    specialty: str | None = None

    @property
    def params(self) -> dict[str, Any]:
        """The choice as parameters of the search for open slots."""
        if self.doctor:
            return {"doctor": self.doctor["id"]}
        return {"any_doctor": "true", **({"specialty": self.specialty} if self.specialty else {})}


@dataclass(slots=True)
class DayGroup:
    """A day with its open slots, or consecutive days without any."""

    days: list[date]
    slots: list[dict[str, Any]] = field(default_factory=list)
    until: date | None = None
    """The next day of the week with times, for days without any."""


def find_open_slots(params: dict[str, Any], *, moving: Booking | None = None) -> list[dict[str, Any]]:
    """Return open slots as `available/` lists them for these parameters, from the same cache.

    :param moving: a booking that is to be moved, as if it were not there
    :raises InvalidInput: the visit type does not exist
    """
    filters = validate(AvailableFilters, {name: value for name, value in params.items() if value})
    moment = now()
    today = clinic_day(moment)
    search = partial(slot_query, filters, page=1, today=today)
    if moving is not None:
        found = open_slots(search(), moving=moving, now=moment).results
    else:
        key = f"{today}?{urlencode(sorted(filters.items()))}"
        found = cached_answer(key, search, now=moment).packed.split(b"|", 2)[2]
    slots: list[dict[str, Any]] = json.loads(found)
    return slots


def requested_day(request: HttpRequest, *, default: date | None = None) -> date:
    """Return the first day to show: the one in the URL, or else `default`, and at least today."""
    today = clinic_day(now())
    try:
        return min(max(today, date.fromisoformat(request.GET["from"])), today + _FAR)
    except (KeyError, ValueError):
        return max(today, default or today)


def times_context(
    request: HttpRequest,
    choice: DoctorChoice,
    *,
    visit_type: str | None,
    moving: Booking | None = None,
    initial_day: date | None = None,
) -> dict[str, Any]:
    """Return the part of a page's context for choosing a time.

    :param visit_type: the id of the visit type, if there is one
    :param moving: the booking for which another time is chosen
    :param initial_day: the first day if the URL has none
    """
    today, first = clinic_day(now()), requested_day(request, default=initial_day)
    last = first + timedelta(days=DAYS_SHOWN - 1)
    horizon = today + timedelta(days=frame_of(request).clinic["booking_rules"]["horizon_days"])
    params = {**choice.params, "visit_type": visit_type}
    present = str(moving.slot_id) if moving else None
    slots = find_open_slots({**params, "from": first.isoformat(), "to": last.isoformat()}, moving=moving)
    slots = [slot for slot in slots if slot["id"] != present]
    chosen = request.GET.get("slot")
    context: dict[str, Any] = {
        "first": first,
        "last": last,
        "earlier": max(today, first - timedelta(days=DAYS_SHOWN)) if first > today else None,
        "later": first + timedelta(days=DAYS_SHOWN) if last < horizon else None,
        "week": group_days(first, slots),
        "first_slot": slots[0]["id"] if slots else "",
        "chosen": chosen if any(slot["id"] == chosen for slot in slots) else None,
        "is_taken": bool(chosen) and not any(slot["id"] == chosen for slot in slots),
        "is_missing": CONTINUE in request.GET and not chosen,
        "visit_type": visit_type,
        "horizon_days": (horizon - today).days,
        "waiting": {
            "doctor": choice.doctor["id"] if choice.doctor else None,
            "specialty": choice.specialty,
        },
    }
    if not slots:
        context["next_day"] = _next_day(params, first, today=today, horizon=horizon, moving=moving)
    return context


def _next_day(
    params: dict[str, Any], first: date, *, today: date, horizon: date, moving: Booking | None
) -> date | None:
    """Return the next day with times from `first` on, or else the first one before."""
    return _first_open_day(params, first, horizon, moving=moving) or (
        _first_open_day(params, today, horizon, moving=moving) if first > today else None
    )


def _first_open_day(
    params: dict[str, Any], first: date, horizon: date, *, moving: Booking | None
) -> date | None:
    present = str(moving.slot_id) if moving else None
    while first <= horizon:
        last = first + timedelta(days=_MAX_DAYS - 1)
        days = {**params, "from": first.isoformat(), "to": last.isoformat()}
        for slot in find_open_slots({**days, "page_size": 2 if moving else 1}, moving=moving):
            if slot["id"] != present:
                return date.fromisoformat(slot["local_date"])
        first = last + timedelta(days=1)
    return None


def group_days(first: date, slots: list[dict[str, Any]]) -> list[DayGroup]:
    """Return seven days from `first` on. Consecutive days without times form one group."""
    groups: list[DayGroup] = []
    for number in range(DAYS_SHOWN):
        day = first + timedelta(days=number)
        open_slots_of_day = [slot for slot in slots if slot["local_date"] == day.isoformat()]
        if open_slots_of_day:
            if groups and not groups[-1].slots:
                groups[-1].until = day
            groups.append(DayGroup([day], open_slots_of_day))
        elif groups and not groups[-1].slots:
            groups[-1].days.append(day)
        else:
            groups.append(DayGroup([day]))
    return groups
