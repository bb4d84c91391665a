"""Bookings and schedules, as far as the one who asks may see them."""

import uuid
from datetime import date, datetime, timedelta

from django.db.models import Prefetch, Q, QuerySet

from clinics.models import Doctor, Patient
from scheduling.models import Booking, Slot
from scheduling.models.slots import SlotQuerySet
from tenants.accounts.models import User
from tenants.base.clock import day_start
from tenants.base.errors import NotFound
from tenants.door import current_clinic


def visible_bookings(user: User) -> QuerySet[Booking]:
    """The bookings `user` may see: their own and of those they care for, a doctor's, at the desk all."""
    if user.is_at_the_desk:
        return Booking.objects.shown()
    return Booking.objects.shown().filter(Q(patient__in=Patient.objects.of_user(user)) | Q(doctor__user=user))


def visible_booking(user: User, booking_id: uuid.UUID) -> Booking:
    """One of them.

    :raises NotFound: there is none, or not for this user
    """
    booking = visible_bookings(user).filter(pk=booking_id).first()
    if booking is None:
        raise NotFound
    return booking


def bookings_of(user: User, *, when: str | None, now: datetime) -> QuerySet[Booking]:
    """A patient's bookings and those of whom they care for: `upcoming` soonest first, else latest first."""
    own = Booking.objects.shown().filter(patient__in=Patient.objects.of_user(user))
    if when == "upcoming":
        return own.upcoming(now=now).order_by("starts_at", "id")
    if when == "past":
        own = own.past(now=now)
    return own.order_by("-starts_at", "id")


def schedule_of(doctor: Doctor, *, first: date, last: date) -> SlotQuerySet:
    """A doctor's slots on the clinic's days from `first` to `last`, each with its booking as `taken_by`."""
    zone = current_clinic().zone
    taking = Booking.objects.taking().select_related("patient")
    return (
        Slot.objects.live()
        .filter(
            doctor=doctor,
            starts_at__gte=day_start(first, zone),
            starts_at__lt=day_start(last + timedelta(days=1), zone),
        )
        .prefetch_related(Prefetch("bookings", queryset=taking, to_attr="taken_by"))
        .order_by("starts_at", "id")
    )


def slots_kept_by(user: User) -> QuerySet[Slot]:
    """The slots `user` may change: a doctor's own, for admins the clinic's."""
    slots = Slot.objects.live().select_related("doctor")
    return slots if user.role == User.Role.ADMIN else slots.filter(doctor__user=user)
