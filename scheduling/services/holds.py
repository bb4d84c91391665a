"""Clearing away holds: those that have ended, and those that their patient gives up for another time."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from clinics.models import Patient
from scheduling.models import Booking, BookingEvent, Slot
from tenants.accounts.models import User


def release_holds_in_the_way(*, slot: Slot, patient: Patient, now: datetime) -> bool:
    """Clear away holds that seem to take the slot and do not: ended ones, and the patient's own.

    :return: whether there were any
    """
    holds = Booking.objects.filter(status=Booking.Status.HELD)
    of_either = Q(doctor=slot.doctor_id) | Q(patient=patient)
    ended = holds.filter(of_either, held_until__lte=now)
    own = holds.overlapping(slot.starts_at, slot.ends_at).filter(patient=patient, offer=None)
    return bool(release(ended, by=None, now=now) + release(own, by=None, now=now))


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
    _write_down(released, by=by, now=now)
    return released


def _write_down(holds: Iterable[Booking], *, by: User | None, now: datetime) -> None:
    BookingEvent.objects.bulk_create(
        BookingEvent(booking=hold, kind=BookingEvent.Kind.RELEASED, by=by, created_at=now) for hold in holds
    )
