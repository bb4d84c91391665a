"""The rooms that suit a visit type, and the bookings that use rooms."""

import uuid
from datetime import datetime

from scheduling.models import Booking, Room, VisitType
from scheduling.models.bookings import BookingQuerySet


def suitable_rooms(visit_type: VisitType | None) -> list[uuid.UUID] | None:
    """The ids of the rooms in use that suit the visit type; None if it needs no room."""
    if visit_type is None or not visit_type.needs_room:
        return None
    chosen = list(visit_type.rooms.values_list("pk", "is_active"))
    if chosen:
        return [room for room, in_use in chosen if in_use]
    return list(Room.objects.filter(is_active=True).values_list("pk", flat=True))


def bookings_in_rooms(
    rooms: list[uuid.UUID], *, begins: datetime, ends: datetime, now: datetime
) -> BookingQuerySet:
    """The bookings that use one of the rooms during any part of a half-open period, buffers included."""
    return Booking.objects.active(now=now).filter(room__in=rooms).overlapping(begins, ends)
