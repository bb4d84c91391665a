"""The rooms in which a visit can be."""

import uuid
from datetime import datetime

from scheduling.models import Booking, Room, VisitType
from scheduling.models.bookings import BookingQuerySet


def suitable_rooms(visit_type: VisitType | None) -> list[uuid.UUID] | None:
    """The rooms in which a visit of this type can be; None where it needs none."""
    if visit_type is None or not visit_type.needs_room:
        return None
    chosen = list(visit_type.rooms.values_list("pk", "is_active"))
    if chosen:
        return [room for room, in_use in chosen if in_use]
    return list(Room.objects.filter(is_active=True).values_list("pk", flat=True))


def using_rooms(
    rooms: list[uuid.UUID], *, begins: datetime, ends: datetime, now: datetime
) -> BookingQuerySet:
    """The bookings that keep one of the rooms at some time of a half-open period."""
    return Booking.objects.alive(now=now).filter(room__in=rooms).overlapping(begins, ends)
