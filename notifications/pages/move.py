"""The page behind the link “Choose another time”: the open times of the same doctor, a week at a time."""

import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from clinics.selectors import clinic_settings
from notifications.links import MessageLink, Purpose
from notifications.pages.link_page import (
    SeeOther,
    State,
    appointment_context,
    link_page,
    state_of,
    state_page,
)
from notifications.visit_context import time_in_words
from scheduling.availability.conditions import Conditions
from scheduling.availability.open_slots import AvailabilityQuery, open_slots
from scheduling.bookings.reschedule import reschedule_booking
from scheduling.calendar.local_times import booking_horizon, clinic_day
from scheduling.errors import BookingNotChangeable, SlotNotOffered
from scheduling.models import Booking, Place
from scheduling.outside_calendars.before_booking import read_before_booking
from tenants.base.clock import format_date_with_weekday, now
from tenants.base.errors import DomainError, InvalidInput, NotFound
from tenants.current import current_clinic

_WEEK = timedelta(days=7)
_MAX_TIMES = 700
"""More than the times of one doctor in a week: every quarter of an hour is 672."""


@dataclass(frozen=True, slots=True)
class Day:
    """The open times of one day at one place."""

    label: str
    zone: str
    place: str
    times: list[dict[str, str]] = field(default_factory=list)
    """Slot ids and labels."""


@link_page(Purpose.MOVE)
def move_page(request: HttpRequest, link: MessageLink) -> HttpResponse:
    """Show the times to which the appointment can be moved, and move it to the chosen one."""
    state, is_sent = state_of(link, now=now()), request.method == "POST"
    if state is not State.READY:
        return SeeOther(request.path) if is_sent else state_page(request, link, state)
    refusal = _move(link, request.POST.get("slot", "")) if is_sent else None
    if is_sent and (refusal is None or isinstance(refusal, BookingNotChangeable)):
        return SeeOther(request.path)  # the page that follows shows the present state
    context = {
        **appointment_context(link),
        **_times_context(link.booking, first=_requested_day(request), now=now()),
        "nearest": _days(link.booking, (refusal.data or {}).get("alternatives", []) if refusal else []),
        "error": refusal.message_with_details if refusal else "",
    }
    status = refusal.status if refusal else 200
    return render(request, "notifications/links/move.html", context, status=status)


def _move(link: MessageLink, slot: str) -> DomainError | None:
    """Move the appointment to a slot. Return the refusal if it could not be moved."""
    try:
        slot_id = uuid.UUID(slot)
    except ValueError:
        return InvalidInput(errors={"slot": [_("Choose a time.")]})
    try:
        read_before_booking(slots=[slot_id], now=now())
        reschedule_booking(booking=link.booking, slot_id=slot_id, by=link.recipient, now=now())
    except NotFound:
        return SlotNotOffered()
    except DomainError as refusal:
        return refusal
    return None


def _requested_day(request: HttpRequest) -> date:
    """Return the first day to show: the one in the query, or today if there is none or it is over."""
    today = clinic_day(now())
    try:
        return max(today, date.fromisoformat(request.GET.get("from", "")))
    except ValueError:
        return today


def _times_context(booking: Booking, *, first: date, now: datetime) -> dict[str, Any]:
    """Return the open times of a week from `first` on, or of the next week that has any, by day."""
    today, horizon = clinic_day(now), booking_horizon(clinic_settings(), now=now)
    first = min(first, horizon)
    slots = _open_times(booking, first=first, last=first + _WEEK - timedelta(days=1), now=now)
    following = _first_open_day(booking, first=first + _WEEK, last=horizon, now=now)
    if not slots and following:
        first = following
        slots = _open_times(booking, first=first, last=first + _WEEK - timedelta(days=1), now=now)
        following = _first_open_day(booking, first=first + _WEEK, last=horizon, now=now)
    earlier = max(today, first - _WEEK)
    return {
        "days": _days(booking, slots),
        "first": first.isoformat(),
        "earlier": earlier.isoformat() if earlier < first else "",
        "later": following.isoformat() if following else "",
        "later_label": format_date_with_weekday(following) if following else "",
    }


def _open_times(booking: Booking, *, first: date, last: date, now: datetime) -> list[dict[str, Any]]:
    """Return the doctor's open slots for the visit on these days, without the booking's present time."""
    query = AvailabilityQuery(first, last, limit=_MAX_TIMES, conditions=Conditions(doctor=booking.doctor_id))
    slots = json.loads(open_slots(query, moving=booking, now=now).results)
    return [slot for slot in slots if _instant(slot) != booking.starts_at]


def _first_open_day(booking: Booking, *, first: date, last: date, now: datetime) -> date | None:
    """Return the first of these days on which the doctor has an open time."""
    query = AvailabilityQuery(first, last, limit=2, conditions=Conditions(doctor=booking.doctor_id))
    slots = json.loads(open_slots(query, moving=booking, now=now).results)
    days = (date.fromisoformat(slot["local_date"]) for slot in slots if _instant(slot) != booking.starts_at)
    return next(days, None)


def _instant(slot: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(slot["starts_at"]).astimezone(UTC)


def _days(booking: Booking, slots: list[dict[str, Any]]) -> list[Day]:
    """Return slots of the API's format by day and place, with the times in words."""
    used = {slot["place"] for slot in slots if slot["place"]}
    places = {str(place.pk): place for place in Place.objects.filter(pk__in=used)}
    days: dict[tuple[str, str | None], Day] = {}
    for slot in slots:
        key = slot["local_date"], slot["place"]
        place = places.get(slot["place"] or "")
        day = days.setdefault(
            key,
            Day(
                format_date_with_weekday(date.fromisoformat(slot["local_date"])),
                slot["tz_label"],
                place.name if place else "",
            ),
        )
        label = time_in_words(_instant(slot), (place or current_clinic()).zone)
        other = slot.get("doctor_name") if slot["doctor"] != str(booking.doctor_id) else None
        label = _("%(time)s with %(doctor)s") % {"time": label, "doctor": other} if other else label
        day.times.append({"id": slot["id"], "label": label})
    return list(days.values())
