"""The bookings and slots that a user may see."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from clinics.models import Doctor, Patient
from scheduling.models import Booking, Slot
from scheduling.models.slots import SlotQuerySet
from tenants.accounts.models import User
from tenants.base.clock import day_start
from tenants.base.errors import NotFound
from tenants.door import current_clinic


def visible_bookings(user: User) -> QuerySet[Booking]:
    """The bookings `user` may see: all for the front desk; else their own, their dependants' and, for a
    doctor, those with them.
    """
    made = Booking.objects.shown().made()
    if user.is_at_the_desk:
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


def bookings_of(user: User, *, when: str | None, now: datetime) -> QuerySet[Booking]:
    """The user's own bookings and their dependants': `upcoming` soonest first, others latest first.

    :param when: `upcoming`, `past` or None for all
    """
    own = Booking.objects.shown().made().filter(patient__in=Patient.objects.of_user(user))
    if when == "upcoming":
        return own.upcoming(now=now).order_by("starts_at", "id")
    if when == "past":
        own = own.past(now=now)
    return own.order_by("-starts_at", "id")


def schedule_of(doctor: Doctor, *, first: date, last: date) -> SlotQuerySet:
    """A doctor's slots on the clinic's days `first` to `last` (inclusive), soonest first."""
    zone = current_clinic().zone
    return (
        Slot.objects.live()
        .filter(
            doctor=doctor,
            starts_at__gte=day_start(first, zone),
            starts_at__lt=day_start(last + timedelta(days=1), zone),
        )
        .select_related("place")
        .order_by("starts_at", "id")
    )


def with_bookings(slots: Iterable[Slot], *, now: datetime) -> list[Slot]:
    """The slots of one doctor, each with the bookings that take any part of it as `taken_by`. One query."""
    slots = list(slots)
    if not slots:
        return []
    alive = (
        Booking.objects.alive(now=now)
        .filter(doctor=slots[0].doctor_id)
        .overlapping(min(slot.starts_at for slot in slots), max(slot.ends_at for slot in slots))
    )
    bookings = list(alive.select_related("patient", "visit_type", "room").order_by("starts_at", "id"))
    for slot in slots:
        slot.taken_by = [booking for booking in bookings if _overlaps(booking, slot)]
    return slots


def _overlaps(booking: Booking, slot: Slot) -> bool:
    """Whether the booking, with its buffers, takes any part of the slot."""
    begins, ends = booking.busy_from or booking.starts_at, booking.busy_until or booking.ends_at
    return begins < slot.ends_at and ends > slot.starts_at


def slots_kept_by(user: User) -> QuerySet[Slot]:
    """The slots `user` may change: all for admins, their own for doctors."""
    slots = Slot.objects.live().select_related("doctor")
    return slots if user.role == User.Role.ADMIN else slots.filter(doctor__user=user)
