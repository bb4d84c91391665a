"""Release holds: expired ones, and those of a patient who books or holds another time."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from clinics.models import Patient
from scheduling.bookings.release_time import release_time
from scheduling.bookings.settle_offers import close_offers
from scheduling.clock.time_off import Period
from scheduling.models import Booking, BookingEvent, Slot
from tenants.accounts.models import User


def release_conflicting_holds(
    *,
    slot: Slot,
    patient: Patient,
    busy: Period,
    rooms: Sequence[uuid.UUID] | None,
    release_own: bool = True,
    now: datetime,
) -> list[Booking]:
    """Release the holds that need not prevent the visit: expired ones and the patient's own.

    :param busy: the requested visit with its buffers
    :param rooms: the rooms that suit the visit; None if it needs none
    :param release_own: whether to release the patient's own holds too, except those of the waiting list
    :return: the released holds; pass them to `on_holds_released`
    """
    holds = Booking.objects.filter(status=Booking.Status.HELD)
    related = Q(doctor=slot.doctor_id) | Q(patient=patient) | Q(room__in=rooms or [])
    releasable = related & Q(held_until__lte=now)
    if release_own:
        own_holds = holds.overlapping(*busy).filter(patient=patient, offer=None)
        releasable |= Q(pk__in=own_holds.values("pk"))
    return release_holds(holds.filter(releasable), by=None, now=now)


def release_holds(holds: QuerySet[Booking], *, by: User | None, now: datetime) -> list[Booking]:
    """Release holds and record it. The UPDATE matches unreleased holds only, so each is released once.

    :return: the holds that this call released; pass them to `on_holds_released`
    """
    released = []
    for hold in holds:
        updated = Booking.objects.filter(pk=hold.pk, status=Booking.Status.HELD).update(
            status=Booking.Status.CANCELLED, cancelled_at=now
        )
        if updated:
            released.append(hold)
    if released:
        close_offers(holds=released, now=now)
    _record_released(released, by=by, now=now)
    return released


def on_holds_released(holds: Iterable[Booking], *, now: datetime) -> None:
    """Offer the released time to the waiting list, and refresh the doctors' next open slots."""
    for hold in holds:
        release_time(hold, now=now)


def _record_released(holds: Iterable[Booking], *, by: User | None, now: datetime) -> None:
    BookingEvent.objects.bulk_create(
        BookingEvent(booking=hold, kind=BookingEvent.Kind.RELEASED, by=by, created_at=now) for hold in holds
    )
