"""The slots for recurring visits, and the recurring visits that a user may see."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from clinics.models import Doctor
from scheduling.bookings.selectors import visible_bookings
from scheduling.clock.clock_changes import instants_at
from scheduling.models import Booking, Place, Slot
from tenants.accounts.models import User
from tenants.base.errors import NotFound
from tenants.current import current_clinic


def slots_at(doctor: Doctor, *, days: Iterable[date], clock: int) -> dict[date, Slot]:
    """The doctor's slot at a local time of each day. Days without a slot are left out.

    :param clock: minutes after midnight, in the local time of the slot's place. Of a repeated time, the first
        occurrence that has a slot counts.
    """
    days = list(days)
    zones: dict[uuid.UUID | None, ZoneInfo] = {place.pk: place.zone for place in Place.objects.all()}
    zones[None] = current_clinic().zone
    candidates = {
        (place, instant): day
        for place, zone in zones.items()
        for day in days
        for instant in instants_at(day, clock, zone)
    }
    slots = Slot.objects.live().filter(doctor=doctor, starts_at__in={instant for _, instant in candidates})
    found: dict[date, Slot] = {}
    for slot in slots.select_related("doctor", "place").order_by("starts_at", "id"):
        day = candidates.get((slot.place_id, slot.starts_at))
        if day is not None:
            found.setdefault(day, slot)
    return found


def visible_series_bookings(user: User, series_id: uuid.UUID) -> QuerySet[Booking]:
    """The bookings of recurring visits that `user` may see, soonest first.

    :raises NotFound: there are none
    """
    visible = visible_bookings(user).filter(series=series_id).order_by("starts_at", "id")
    if not visible.exists():
        raise NotFound
    return visible


def upcoming_visits(bookings: QuerySet[Booking], *, now: datetime) -> QuerySet[Booking]:
    """The bookings that have not started and are not cancelled."""
    return bookings.filter(pk__in=Booking.objects.taking_time().filter(starts_at__gt=now).values("pk"))
