"""Clearing away holds: those that have ended, and those that their patient gives up for another time."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from clinics.models import Patient
from scheduling.models import Booking, BookingEvent, Slot
from scheduling.services.offered import end_offers
from tenants.accounts.models import User
from tenants.queue import enqueue


def release_holds_in_the_way(*, slot: Slot, patient: Patient, own: bool = True, now: datetime) -> bool:
    """Clear away holds that seem to take the slot and do not: ended ones, and the patient's own.

    :param own: whether the patient gives up what they hold themselves
    :return: whether there were any
    """
    holds = Booking.objects.filter(status=Booking.Status.HELD)
    of_either = Q(doctor=slot.doctor_id) | Q(patient=patient)
    ended = release(holds.filter(of_either, held_until__lte=now), by=None, now=now)
    for hold in ended:
        # Their own lines would find nothing to end any more, so whoever waits would not hear of it.
        if hold.slot_id is not None:
            enqueue(kind="time_freed", row_id=hold.slot_id, due_at=now)
    overlapping = holds.overlapping(slot.starts_at, slot.ends_at).filter(patient=patient, offer=None)
    given_up = release(overlapping, by=None, now=now) if own else []
    return bool(ended + given_up)


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
    _write_down(released, by=by, now=now)
    return released


def _write_down(holds: Iterable[Booking], *, by: User | None, now: datetime) -> None:
    BookingEvent.objects.bulk_create(
        BookingEvent(booking=hold, kind=BookingEvent.Kind.RELEASED, by=by, created_at=now) for hold in holds
    )
