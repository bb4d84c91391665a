"""The bookings that a user may see."""

import uuid
from datetime import datetime

from django.db.models import Q, QuerySet

from clinics.models import Patient
from scheduling.models import Booking, BookingQuerySet
from tenants.accounts.models import User
from tenants.accounts.permissions import IsDoctor, IsFrontDesk, IsSelf, rows_allowed_by
from tenants.base.errors import NotFound


@IsSelf.row_rule(Booking)
def _own_bookings(user: User) -> Q:
    """A patient's own bookings and those of the patient's dependants."""
    return Q(patient__in=Patient.objects.of_user(user))


@IsDoctor.row_rule(Booking)
def _bookings_of_doctor(user: User) -> Q:
    """The bookings with the doctor. A hold is no booking."""
    return Q(doctor__user=user, only_held=False)


@IsFrontDesk.row_rule(Booking)
def _all_bookings(user: User) -> Q:
    """Every booking at the clinic. A hold is no booking."""
    return Q(only_held=False)


def visible_bookings(user: User) -> BookingQuerySet:
    """The bookings `user` may see, without holds."""
    allowed = rows_allowed_by(IsSelf, IsDoctor, IsFrontDesk, model=Booking, user=user)
    return Booking.objects.shown().booked().filter(allowed)


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
