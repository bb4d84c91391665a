"""Clearing away holds: those that have ended, and those that their patient gives up for another time."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from clinics.models import Patient
from scheduling.models import Booking, BookingEvent, Slot
from scheduling.services.next_open import time_was_freed
from scheduling.services.offered import end_offers
from scheduling.time_off import Period
from tenants.accounts.models import User


def release_holds_in_the_way(
    *,
    slot: Slot,
    patient: Patient,
    kept: Period,
    rooms: Sequence[uuid.UUID] | None,
    own: bool = True,
    now: datetime,
) -> list[Booking]:
    """Clear away holds that seem to take the time and do not: ended ones, and the patient's own.

    :param kept: the visit that is asked for, with what is kept free around it
    :param rooms: those in which it could be; None where it needs none
    :param own: whether the patient gives up what they hold themselves
    :return: them, whose time is to be told of
    """
    holds = Booking.objects.filter(status=Booking.Status.HELD)
    of_either = Q(doctor=slot.doctor_id) | Q(patient=patient) | Q(room__in=rooms or [])
    in_the_way = of_either & Q(held_until__lte=now)
    if own:
        given_up = holds.overlapping(*kept).filter(patient=patient, offer=None)
        in_the_way |= Q(pk__in=given_up.values("pk"))
    return release(holds.filter(in_the_way), by=None, now=now)


def release(holds: QuerySet[Booking], *, by: User | None, now: datetime) -> list[Booking]:
    """End holds and write down that they ended. The UPDATE decides, so each ends once.

    :return: those that were ended now
    """
    released = []
    for hold in holds:
        ended = Booking.objects.filter(pk=hold.pk, status=Booking.Status.HELD).update(
            status=Booking.Status.CANCELLED, cancelled_at=now
        )
        if ended:
            released.append(hold)
    if released:
        end_offers(holds=released, now=now)
    _record_released(released, by=by, now=now)
    return released


def free_released(holds: Iterable[Booking], *, now: datetime) -> None:
    """What was held is open again."""
    for hold in holds:
        time_was_freed(doctor_id=hold.doctor_id, slot_id=hold.slot_id, now=now)


def _record_released(holds: Iterable[Booking], *, by: User | None, now: datetime) -> None:
    BookingEvent.objects.bulk_create(
        BookingEvent(booking=hold, kind=BookingEvent.Kind.RELEASED, by=by, created_at=now) for hold in holds
    )
