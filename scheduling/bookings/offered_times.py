"""Staff who want a time that is offered to the waiting list: tell them, or withdraw the offer."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from scheduling.bookings.release_holds import (
    PassedToWaitingList,
    ReleaseReason,
    on_holds_released,
    release_holds,
)
from scheduling.errors import SlotTaken, TimeOffered
from scheduling.models import Booking, Slot, VisitType
from scheduling.models.bookings import BookingQuerySet
from scheduling.models.visit_types import with_buffers
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import User

P = ParamSpec("P")
R = TypeVar("R")


def naming_offers(service: Callable[P, R]) -> Callable[P, R]:
    """Wrap a service that books or holds a slot: if only an offer takes it, staff get an error that says so.

    The service has the keyword arguments `slot_id`, `visit_type`, `by` and `now`.
    """

    @wraps(service)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return service(*args, **kwargs)
        except PassedToWaitingList:
            raise
        except SlotTaken as refusal:
            request: dict[str, Any] = dict(kwargs)
            offered = _offer_for_staff(refusal, **request)
            if offered is None:
                raise
            raise offered from refusal

    return run


def _offer_for_staff(
    refusal: SlotTaken,
    *,
    slot_id: uuid.UUID,
    by: User | None,
    visit_type: VisitType | None = None,
    now: datetime,
    **_others: Any,
) -> TimeOffered | None:
    """The refusal that names the offer; None for patients, and if something else takes the time."""
    if by is None or by.role == User.Role.PATIENT:
        return None
    hold = offered_holds(slot_id, visit_type=visit_type, now=now).select_related("offer").first()
    if hold is None:
        return None
    offer = {"id": hold.offer.pk, "ends_at": hold.offer.ends_at}
    return TimeOffered({**(refusal.data or {}), "offer": offer})


def offered_holds(slot_id: uuid.UUID, *, visit_type: VisitType | None, now: datetime) -> BookingQuerySet:
    """The open offers' holds that take the time of a visit at the slot, buffers included."""
    slot = Slot.objects.filter(pk=slot_id).first()
    if slot is None:
        return Booking.objects.none()
    length: timedelta = (visit_type and visit_type.duration) or slot.ends_at - slot.starts_at
    busy = with_buffers(visit_type, slot.starts_at, slot.starts_at + length)
    held = Booking.objects.filter(
        status=Booking.Status.HELD, held_until__gt=now, doctor=slot.doctor_id, offer__isnull=False
    )
    return held.overlapping(*busy).order_by("starts_at")


def withdraw_offers(slot_id: uuid.UUID, *, visit_type: VisitType | None, by: User, now: datetime) -> None:
    """Withdraw the offers of the time, so that staff can book it in the same transaction.

    The patients are notified, and their positions do not change.
    """
    holds = offered_holds(slot_id, visit_type=visit_type, now=now)
    released = release_holds(holds, by=by, because=ReleaseReason.OFFER_WITHDRAWN, now=now)
    on_holds_released(released, now=now)
    for hold in released:
        write_audit_entries(what=AuditAction.REMOVED, by=by, about=[hold.offer.entry, hold.patient])
