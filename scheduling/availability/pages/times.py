"""The open times of seven days on a page, as one group of radio buttons."""

import json
import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from clinics.pages.frame import CONTINUE, frame_of
from scheduling.availability.api.filters import AvailableFilters
from scheduling.availability.api.open_slots import cached_answer, slot_query
from scheduling.availability.doctor_search import offering_doctors
from scheduling.availability.open_slots import get_visit_type, open_slots
from scheduling.availability.pages.day_groups import DAYS_SHOWN, group_days
from scheduling.availability.pages.search import ANY_DOCTOR_FILTERS, TIME_FILTERS, Search, read_search
from scheduling.availability.pages.side_by_side import BY, BY_DOCTOR, SideBySide, find_side_by_side
from scheduling.calendar.local_times import clinic_day
from scheduling.models import Booking
from tenants.base.clock import now
from tenants.base.paths import with_query
from tenants.base.requests import validate

_FAR = timedelta(days=3660)
"""Later days are not shown: no clinic takes bookings for them."""
_MAX_DAYS = 92
"""The longest period of one search."""
_PRESERVED = ("visit_type", "specialty", BY, "from")
"""The query parameters that the forms of a page with times preserve."""


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
    search = read_search(request, TIME_FILTERS if choice.doctor else ANY_DOCTOR_FILTERS)
    wanted = {**choice.params, "visit_type": visit_type}
    params = {**wanted, **search.chosen}
    present = str(moving.slot_id) if moving else None
    days = {"from": first.isoformat(), "to": last.isoformat()}
    side_by_side = _doctors_side_by_side(request, choice, search, visit_type)
    if side_by_side is not None:
        params = {**params, **side_by_side.params}
    slots = find_open_slots({**params, **days}, moving=moving)
    slots = [slot for slot in slots if slot["id"] != present]
    chosen = request.GET.get("slot")
    context: dict[str, Any] = {
        **days_shown(first, today=today, horizon=horizon),
        "week": group_days(first, slots, chosen=chosen),
        **(side_by_side.context(first, slots, chosen=chosen) if side_by_side else {}),
        "count": len(slots),
        "first_slot": slots[0]["id"] if slots else "",
        "chosen": chosen if any(slot["id"] == chosen for slot in slots) else None,
        "is_taken": bool(chosen) and not any(slot["id"] == chosen for slot in slots),
        "is_missing": CONTINUE in request.GET and not chosen,
        "visit_type": visit_type,
        "search": search,
        **_links(request),
        "boot": {"options": search.options},
        "waiting": waiting_target(choice, visit_type),
    }
    if not slots:
        context["next_day"] = _next_day(params, first, today=today, horizon=horizon, moving=moving)
        if search.is_filtered and not context["next_day"]:
            context["unfiltered_day"] = _next_day(wanted, first, today=today, horizon=horizon, moving=moving)
    return context


def _doctors_side_by_side(
    request: HttpRequest, choice: DoctorChoice, search: Search, visit_type: str | None
) -> SideBySide | None:
    """Return the doctors whose times are shown side by side; None if the times are shown together."""
    if choice.doctor or request.GET.get(BY) != BY_DOCTOR:
        return None
    wanted = {**search.chosen, "specialty": choice.specialty, "visit_type": visit_type}
    found = find_side_by_side(wanted, page=request.GET.get("page"), now=now())
    return found if found.doctors else None


def _links(request: HttpRequest) -> dict[str, Any]:
    """Return the query parameters that the forms of the page preserve, and the path without filters."""
    preserved = {name: request.GET.get(name) for name in _PRESERVED}
    return {"preserved": preserved, "clear_path": with_query(request.path, **preserved)}


def days_shown(first: date, *, today: date, horizon: date) -> dict[str, Any]:
    """Return the days that a page shows and the first ones of the weeks before and after, for its context."""
    last = first + timedelta(days=DAYS_SHOWN - 1)
    return {
        "first": first,
        "last": last,
        "earlier": max(today, first - timedelta(days=DAYS_SHOWN)) if first > today else None,
        "later": first + timedelta(days=DAYS_SHOWN) if last < horizon else None,
        "today": today,
        "horizon": horizon,
        "horizon_days": (horizon - today).days,
    }


def waiting_target(choice: DoctorChoice, visit_type: str | None) -> dict[str, Any]:
    """Return what a patient can wait for: nothing if no doctor who can be booked offers the visit type."""
    doctor = choice.doctor["id"] if choice.doctor else None
    found = offering_doctors(
        doctor=uuid.UUID(doctor) if doctor else None,
        specialty=choice.specialty,
        visit_type=get_visit_type(uuid.UUID(str(visit_type))) if visit_type else None,
    )
    return {"doctor": doctor, "specialty": choice.specialty} if found.exists() else {}


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
