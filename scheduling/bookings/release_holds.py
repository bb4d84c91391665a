"""Release holds: expired ones, and those of a patient who books or holds another time."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from clinics.models import Patient
from scheduling.availability.booking_rules import own_holds_of
from scheduling.availability.next_open_slot import settle_changes, tracking_changes
from scheduling.bookings.release_time import release_time
from scheduling.bookings.settle_offers import close_offers
from scheduling.clock.time_off import Period
from scheduling.errors import SlotTaken
from scheduling.models import Booking, BookingEvent, Slot
from tenants.accounts.models import User
from tenants.queue.jobs import enqueue

P = ParamSpec("P")
R = TypeVar("R")


class ReleaseReason(StrEnum):
    """Why the clinic ended a hold before its end. Stored with the event, for the patient to read."""

    TIME_CLOSED = "time_closed"
    """The time, the doctor, the visit type or the room is no longer offered."""
    OFFER_WITHDRAWN = "offer_withdrawn"
    """Staff withdrew the offer."""


class PassedToWaitingList(SlotTaken):
    """The time was held until a moment ago, and somebody on the waiting list gets it first.

    The refusal rolls the offer back with everything else, so `settling_expired_holds` repeats it.
    """

    def __init__(self, expired: Sequence[uuid.UUID], *, now: datetime) -> None:
        super().__init__({"alternatives": []})
        self.expired, self.now = expired, now


def settling_expired_holds(service: Callable[P, R]) -> Callable[P, R]:
    """Wrap a service that claims a slot: expired holds that are in its way pass to the waiting list first.

    The service must own its transaction. Inside an outer transaction the owner of that one settles them.
    """

    @wraps(service)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return service(*args, **kwargs)
        except PassedToWaitingList as refusal:
            if connection.in_atomic_block:
                raise
            for hold_id in refusal.expired:
                expire_hold(booking_id=hold_id, now=refusal.now)
        return service(*args, **kwargs)

    return run


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

    The time of an expired hold goes to the waiting list first, if it suits somebody there.

    :param busy: the requested visit with its buffers
    :param rooms: the rooms that suit the visit; None if it needs none
    :param release_own: whether to release the patient's own holds too, except those of the waiting list.
        False for the waiting list itself
    :return: the released holds
    :raises PassedToWaitingList: the waiting list has the time now
    """
    holds = Booking.objects.filter(status=Booking.Status.HELD)
    of_doctor_or_room = Q(doctor=slot.doctor_id) | Q(room__in=rooms or [])
    expired = holds.filter(of_doctor_or_room | Q(patient=patient), held_until__lte=now)
    released = release_holds(expired, by=None, now=now)
    on_holds_released(released, now=now)
    if not release_own:
        return released
    if released:
        settle_changes()
        offered = holds.overlapping(*busy).filter(of_doctor_or_room, held_until__gt=now).exclude(offer=None)
        if offered.exclude(patient=patient).exists():
            raise PassedToWaitingList([hold.pk for hold in released], now=now)
        # This patient is the first on the list: no offer is needed, since they are taking the time.
        on_holds_released(release_holds(offered, by=None, now=now), now=now)
    own_holds = release_holds(own_holds_of(patient).overlapping(*busy), by=None, now=now)
    on_holds_released(own_holds, now=now)
    return released + own_holds


def release_holds(
    holds: QuerySet[Booking], *, by: User | None, because: ReleaseReason | None = None, now: datetime
) -> list[Booking]:
    """Release holds and record it. The UPDATE matches unreleased holds only, so each is released once.

    :param because: why the clinic ends them; the patients of offers are notified
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
        close_offers(holds=released, withdrawn=because is not None, now=now)
    _record_released(released, by=by, because=because, now=now)
    return released


def expire_hold(*, booking_id: uuid.UUID, now: datetime) -> Booking | None:
    """Release a hold that has expired.

    :return: the hold, if it was still held
    """
    expired = Booking.objects.filter(pk=booking_id, held_until__lte=now)
    with transaction.atomic(), tracking_changes():
        released = release_holds(expired, by=None, now=now)
        on_holds_released(released, now=now)
    return released[0] if released else None


def on_holds_released(holds: Iterable[Booking], *, now: datetime) -> None:
    """Offer the released time to the waiting list, and refresh the doctors' next open slots."""
    for hold in holds:
        release_time(hold, now=now)


def _record_released(
    holds: Iterable[Booking], *, by: User | None, because: ReleaseReason | None, now: datetime
) -> None:
    details = {"because": because} if because else {}
    events = BookingEvent.objects.bulk_create(
        BookingEvent(booking=hold, kind=BookingEvent.Kind.RELEASED, by=by, details=details, created_at=now)
        for hold in holds
    )
    for event in events if because else ():
        enqueue(kind="booking_event", row_id=event.pk, due_at=now)
