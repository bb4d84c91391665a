"""At which of a doctor's slots the visits of a series are, and who may see them."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from clinics.models import Doctor
from scheduling.clock_changes import instants_of
from scheduling.models import Booking, Place, Slot
from scheduling.selectors.bookings import visible_bookings
from tenants.accounts.models import User
from tenants.base.errors import NotFound
from tenants.door import current_clinic


def slots_at(doctor: Doctor, *, days: Iterable[date], clock: int) -> dict[date, Slot]:
    """Of each day the doctor's slot that starts when the wall clock shows `clock`, where there is one.

    The clock is that on the wall of the slot's own place. Of two passes the first with a slot counts.
    """
    days = list(days)
    zones: dict[uuid.UUID | None, ZoneInfo] = {place.pk: place.zone for place in Place.objects.all()}
    zones[None] = current_clinic().zone
    meant = {
        (place, instant): day
        for place, zone in zones.items()
        for day in days
        for instant in instants_of(day, clock, zone)
    }
    there = Slot.objects.live().filter(doctor=doctor, starts_at__in={instant for _, instant in meant})
    found: dict[date, Slot] = {}
    for slot in there.select_related("doctor", "place").order_by("starts_at", "id"):
        day = meant.get((slot.place_id, slot.starts_at))
        if day is not None:
            found.setdefault(day, slot)
    return found


def visible_series(user: User, series_id: uuid.UUID) -> QuerySet[Booking]:
    """The bookings of a series that `user` may see, soonest first.

    :raises NotFound: there are none
    """
    seen = visible_bookings(user).filter(series=series_id).order_by("starts_at", "id")
    if not seen.exists():
        raise NotFound
    return seen


def upcoming_of(seen: QuerySet[Booking], *, now: datetime) -> QuerySet[Booking]:
    """Those that have not begun and still take their time."""
    return seen.filter(pk__in=Booking.objects.taking().filter(starts_at__gt=now).values("pk"))
