"""The bookings that a user may see."""

import uuid
from datetime import datetime

from django.db.models import Q, QuerySet

from clinics.models import Patient
from scheduling.models import Booking
from tenants.accounts.models import User
from tenants.base.errors import NotFound


def visible_bookings(user: User) -> QuerySet[Booking]:
    """The bookings `user` may see: all for the front desk; else their own, their dependants' and, for a
    doctor, those with them.
    """
    bookings = Booking.objects.shown().booked()
    if user.is_front_desk:
        return bookings
    return bookings.filter(Q(patient__in=Patient.objects.of_user(user)) | Q(doctor__user=user))


def visible_booking(user: User, booking_id: uuid.UUID) -> Booking:
    """A booking that `user` may see.

    :raises NotFound: it does not exist, or `user` may not see it
    """
    booking = visible_bookings(user).filter(pk=booking_id).first()
    if booking is None:
        raise NotFound
    return booking


def own_bookings(user: User, *, when: str | None, now: datetime) -> QuerySet[Booking]:
    """The user's own bookings and their dependants': upcoming ones soonest first, others latest first.

    :param when: `upcoming`, `past` or None for all
    """
    bookings = Booking.objects.shown().booked().filter(patient__in=Patient.objects.of_user(user))
    if when == "upcoming":
        return bookings.upcoming(now=now).order_by("starts_at", "id")
    if when == "past":
        bookings = bookings.past(now=now)
    return bookings.order_by("-starts_at", "id")
