"""Slots of a doctor, with the bookings that take them."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import QuerySet

from clinics.models import Doctor
from scheduling.models import Booking, Slot
from scheduling.models.slots import SlotQuerySet
from tenants.accounts.models import User
from tenants.base.clock import day_start
from tenants.current import current_clinic


class ChangeKind(StrEnum):
    """How staff changed a slot."""

    ADDED = "added"
    BLOCKED = "blocked"
    REMOVED = "removed"


def doctor_schedule(doctor: Doctor, *, first: date, last: date, removed: bool = False) -> SlotQuerySet:
    """A doctor's slots on the clinic's days `first` to `last` (inclusive), soonest first.

    :param removed: whether to return the removed periods instead
    """
    zone = current_clinic().zone
    slots = Slot.objects.filter(status=Slot.Status.WITHDRAWN) if removed else Slot.objects.live()
    return (
        slots.filter(
            doctor=doctor,
            starts_at__gte=day_start(first, zone),
            starts_at__lt=day_start(last + timedelta(days=1), zone),
        )
        .select_related("place")
        .order_by("starts_at", "id")
    )


def with_bookings(slots: Iterable[Slot], *, now: datetime) -> list[Slot]:
    """The slots of one doctor, each with the bookings that take any part of it as `taken_by`. One query.

    Holds come after the bookings: a hold does not hide a booking that overlaps it.
    """
    slots = list(slots)
    if not slots:
        return []
    active = (
        Booking.objects.active(now=now)
        .filter(doctor=slots[0].doctor_id)
        .overlapping(min(slot.starts_at for slot in slots), max(slot.ends_at for slot in slots))
    )
    related = active.select_related("patient__user", "visit_type", "room")
    bookings = list(related.order_by("only_held", "starts_at", "id"))
    for slot in slots:
        slot.taken_by = [booking for booking in bookings if _overlaps(booking, slot)]
    return slots


def _overlaps(booking: Booking, slot: Slot) -> bool:
    """Whether the booking, with its buffers, takes any part of the slot."""
    begins, ends = booking.busy_from or booking.starts_at, booking.busy_until or booking.ends_at
    return begins < slot.ends_at and ends > slot.starts_at


def changed_slots(doctor: Doctor, *, kind: ChangeKind, first: date) -> SlotQuerySet:
    """The doctor's slots that staff added, blocked or removed, from the day `first` on, soonest first."""
    slots = Slot.objects.filter(doctor=doctor, starts_at__gte=day_start(first, current_clinic().zone))
    match kind:
        case ChangeKind.ADDED:
            slots = slots.filter(status=Slot.Status.FREE, origin=Slot.Origin.HAND)
        case ChangeKind.BLOCKED:
            slots = slots.filter(status=Slot.Status.BLOCKED)
        case ChangeKind.REMOVED:
            slots = slots.filter(status=Slot.Status.WITHDRAWN)
    return slots.select_related("place").order_by("starts_at", "id")


def editable_slots(user: User) -> QuerySet[Slot]:
    """The slots `user` may change: all for admins, their own for doctors."""
    return _of(user, Slot.objects.live())


def removed_slots(user: User) -> QuerySet[Slot]:
    """The removed periods that `user` may restore: all for admins, their own for doctors."""
    return _of(user, Slot.objects.filter(status=Slot.Status.WITHDRAWN))


def _of(user: User, slots: QuerySet[Slot]) -> QuerySet[Slot]:
    slots = slots.select_related("doctor")
    return slots if user.role == User.Role.ADMIN else slots.filter(doctor__user=user)
