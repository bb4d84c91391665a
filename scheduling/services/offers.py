"""Offering freed time to whoever waits for it: held for one at a time, passed on when they let it go."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from clinics.models import ClinicSettings
from clinics.selectors import clinic_settings
from scheduling.errors import HoldExpired, OfferEnded
from scheduling.models import Booking, BookingEvent, Slot, WaitlistEntry, WaitlistOffer
from scheduling.selectors.quiet import quiet_hours
from scheduling.selectors.waitlist import entries_fitting
from scheduling.services.holding import confirm_hold, hold_slot
from scheduling.services.holds import free_released, release
from scheduling.services.next_open import time_changes
from tenants.accounts.models import User
from tenants.base.errors import DomainError
from tenants.queue import enqueue
from tenants.retrying import retry_conflicts

_MIN_LEAD_TIME = timedelta(minutes=30)
"""What starts sooner is offered to nobody: they could hardly read of it in time."""
_PREPARATION_TIME = timedelta(hours=1)
"""An offer ends that long before the start, or, where that is near, half way to it."""


@retry_conflicts
def offer_freed_time(*, slot_id: uuid.UUID, now: datetime) -> WaitlistOffer | None:
    """Offer the slot to whoever waits for such a time, can have it, and comes first.

    At night it stays open to everybody, and whoever waits is offered it in the morning if it still is.

    :return: the offer, if one was made
    """
    slot = _open_slot(slot_id, now=now)
    fitting = entries_fitting(slot, now=now) if slot else WaitlistEntry.objects.none()
    if slot is None or not fitting.exists():
        return None
    rules = clinic_settings()
    awake_at, ends_at = quiet_hours(rules).end_of(now), _offer_end(slot, rules=rules, now=now)
    if awake_at > now:
        enqueue(kind="time_freed", row_id=slot_id, due_at=awake_at)
    elif ends_at is not None:
        return _offer_to_first(fitting, slot=slot, ends_at=ends_at, now=now)
    return None


def _offer_to_first(
    fitting: QuerySet[WaitlistEntry], *, slot: Slot, ends_at: datetime, now: datetime
) -> WaitlistOffer | None:
    """Offer the slot to the first who can have it."""
    for entry in fitting:
        try:
            offer = make_offer(entry=entry, slot=slot, ends_at=ends_at, now=now)
        except DomainError:
            # Somebody has it meanwhile; or only this patient, or this kind of visit, cannot be there.
            if _open_slot(slot.pk, now=now) is None:
                return None
        else:
            if offer is not None:
                return offer
    return None


def _open_slot(slot_id: uuid.UUID, *, now: datetime) -> Slot | None:
    """The slot, if it can be booked."""
    found = Slot.objects.free().untaken(now=now).starting_after(now).filter(doctor__is_active=True)
    return found.select_related("doctor").filter(pk=slot_id).first()


def _offer_end(slot: Slot, *, rules: ClinicSettings, now: datetime) -> datetime | None:
    """Until when an offer made at `now` can be taken; None where the slot starts too soon to offer it."""
    ahead = slot.starts_at - now
    if ahead < _MIN_LEAD_TIME:
        return None
    usual = quiet_hours(rules).later(now, timedelta(minutes=rules.offer_minutes))
    return min(usual, now + max(ahead - _PREPARATION_TIME, ahead / 2))


@transaction.atomic
def make_offer(*, entry: WaitlistEntry, slot: Slot, ends_at: datetime, now: datetime) -> WaitlistOffer | None:
    """Hold the slot for the patient who waits, and write down what is offered until when.

    :return: None if they are not waiting any more
    :raises DomainError: the patient cannot have it; as `hold_slot`
    """
    waits = WaitlistEntry.objects.waiting().filter(pk=entry.pk)
    # First of all: who works on another slot that the same patient fits, stops here until this is decided.
    if not waits.update(status=WaitlistEntry.Status.OFFERED):
        return None
    hold = hold_slot(
        slot_id=slot.pk,
        patient=entry.patient,
        by=None,
        visit_type=entry.visit_type,
        until=ends_at,
        now=now,
    )
    offer = WaitlistOffer.objects.create(entry=entry, booking=hold, ends_at=ends_at, created_at=now)
    event = BookingEvent.objects.get(booking=hold, kind=BookingEvent.Kind.HELD)
    enqueue(kind="booking_event", row_id=event.pk, due_at=now)
    return offer


def accept_offer(
    *,
    offer: WaitlistOffer,
    by: User,
    reason: str = "",
    answers: Mapping[str, str] | None = None,
    now: datetime,
) -> Booking:
    """Book what is offered; with it the wait is over.

    :raises OfferEnded: its time is over, or it was answered
    :raises DomainError: as `confirm_hold`
    """
    try:
        return confirm_hold(
            hold_id=offer.booking_id,
            patient=offer.entry.patient,
            by=by,
            reason=reason,
            answers=answers,
            now=now,
        )
    except HoldExpired as ended:
        raise OfferEnded from ended


@retry_conflicts
def decline_offer(*, offer: WaitlistOffer, by: User, now: datetime) -> None:
    """Let the next have it. The patient waits on, and loses no place by having answered.

    :raises OfferEnded: its time is over, or it was answered
    """
    with transaction.atomic(), time_changes():
        held = Booking.objects.filter(pk=offer.booking_id, held_until__gt=now)
        released = release(held, by=by, now=now)
        if not released:
            raise OfferEnded
        free_released(released, now=now)
