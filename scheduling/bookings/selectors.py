"""The bookings and slots that a user may see."""

import uuid
from datetime import datetime

from django.db.models import Q, QuerySet

from clinics.models import Patient
from scheduling.models import Booking, Slot
from tenants.accounts.models import User
from tenants.base.errors import NotFound


def visible_bookings(user: User) -> QuerySet[Booking]:
    """The bookings `user` may see: all for the front desk; else their own, their dependants' and, for a
    doctor, those with them.
    """
    made = Booking.objects.shown().booked()
    if user.is_front_desk:
        return made
    return made.filter(Q(patient__in=Patient.objects.of_user(user)) | Q(doctor__user=user))


def visible_booking(user: User, booking_id: uuid.UUID) -> Booking:
    """A booking that `user` may see.

    :raises NotFound: it does not exist, or `user` may not see it
    """
    booking = visible_bookings(user).filter(pk=booking_id).first()
    if booking is None:
        raise NotFound
    return booking


def own_bookings(user: User, *, when: str | None, now: datetime) -> QuerySet[Booking]:
    """The user's own bookings and their dependants': `upcoming` soonest first, others latest first.

    :param when: `upcoming`, `past` or None for all
    """
    own = Booking.objects.shown().booked().filter(patient__in=Patient.objects.of_user(user))
    if when == "upcoming":
        return own.upcoming(now=now).order_by("starts_at", "id")
    if when == "past":
        own = own.past(now=now)
    return own.order_by("-starts_at", "id")


def _overlaps(booking: Booking, slot: Slot) -> bool:
    """Whether the booking, with its buffers, takes any part of the slot."""
    begins, ends = booking.busy_from or booking.starts_at, booking.busy_until or booking.ends_at
    return begins < slot.ends_at and ends > slot.starts_at
