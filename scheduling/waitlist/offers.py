"""Offer slots that become open to the waiting list: to one patient at a time, then to the next."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from clinics.models import ClinicSettings, Patient
from clinics.selectors import clinic_settings
from scheduling.availability.next_open_slot import tracking_changes
from scheduling.bookings.hold import confirm_hold, hold_slot
from scheduling.bookings.release_holds import on_holds_released, release_holds
from scheduling.calendar.clinic_quiet_hours import quiet_hours
from scheduling.errors import HoldExpired, OfferEnded
from scheduling.models import Booking, BookingEvent, Slot, WaitlistEntry, WaitlistOffer
from scheduling.waitlist.selectors import matching_entries
from tenants.accounts.credentials.endings import Grant, ends
from tenants.accounts.models import User
from tenants.base.errors import DomainError
from tenants.base.retry import retry_conflicts
from tenants.queue.jobs import enqueue

_MIN_LEAD_TIME = timedelta(minutes=30)
"""Minimum lead time for a waiting-list offer: slots that start sooner are not offered."""
_PREPARATION_TIME = timedelta(hours=1)
"""How long before the start of the slot an offer ends at the latest. If the slot starts soon, the offer ends
after half of the remaining time."""


@retry_conflicts
def offer_released_slot(*, slot_id: uuid.UUID, now: datetime) -> WaitlistOffer | None:
    """Offer the slot to the first patient on the waiting list who can book it.

    During quiet hours no offer is made. The slot stays open to everybody. If it is still open after the quiet
    hours, it is offered then.

    :return: the offer, or None if none was made
    """
    slot = _open_slot(slot_id, now=now)
    entries = matching_entries(slot, now=now) if slot else WaitlistEntry.objects.none()
    if slot is None or not entries.exists():
        return None
    rules = clinic_settings()
    quiet_until, ends_at = quiet_hours(rules).earliest_contact(now), _offer_end(slot, rules=rules, now=now)
    if quiet_until > now:
        enqueue(kind="time_freed", row_id=slot_id, due_at=quiet_until)
    elif ends_at is not None:
        return _offer_to_first(entries, slot=slot, ends_at=ends_at, now=now)
    return None


def _offer_to_first(
    entries: QuerySet[WaitlistEntry], *, slot: Slot, ends_at: datetime, now: datetime
) -> WaitlistOffer | None:
    """Offer the slot to the first entry whose patient can book it."""
    for entry in entries:
        try:
            offer = make_offer(entry=entry, slot=slot, ends_at=ends_at, now=now)
        except DomainError:
            # Either the slot is no longer open, or only this patient cannot book it.
            if _open_slot(slot.pk, now=now) is None:
                return None
        else:
            if offer is not None:
                return offer
    return None


def _open_slot(slot_id: uuid.UUID, *, now: datetime) -> Slot | None:
    """The slot, if it is open and its doctor is active."""
    slots = Slot.objects.offered().untaken(now=now).starting_after(now).filter(doctor__is_active=True)
    return slots.select_related("doctor").filter(pk=slot_id).first()


def _offer_end(slot: Slot, *, rules: ClinicSettings, now: datetime) -> datetime | None:
    """The end of an offer made at `now`; None if the slot starts too soon to be offered."""
    lead_time = slot.starts_at - now
    if lead_time < _MIN_LEAD_TIME:
        return None
    usual = quiet_hours(rules).add_duration(now, timedelta(minutes=rules.offer_minutes))
    return min(usual, now + max(lead_time - _PREPARATION_TIME, lead_time / 2))


@transaction.atomic
def make_offer(*, entry: WaitlistEntry, slot: Slot, ends_at: datetime, now: datetime) -> WaitlistOffer | None:
    """Hold the slot for the entry's patient, and create the offer with its message.

    :return: None if the entry is no longer waiting
    :raises DomainError: the patient cannot book the slot; as `hold_slot`
    """
    waiting = WaitlistEntry.objects.waiting().filter(pk=entry.pk)
    # This UPDATE comes first because it locks the entry: a concurrent offer to the same entry has to wait.
    if not waiting.update(status=WaitlistEntry.Status.OFFERED):
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
    """Book the offered slot. The entry leaves the waiting list.

    :raises OfferEnded: the offer has expired or was answered
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
    except HoldExpired as error:
        raise OfferEnded from error


@retry_conflicts
def decline_offer(*, offer: WaitlistOffer, by: User, now: datetime) -> None:
    """Decline an offer. The patient stays on the waiting list and keeps their position.

    :raises OfferEnded: the offer has expired or was answered
    """
    with transaction.atomic(), tracking_changes():
        held = Booking.objects.filter(pk=offer.booking_id, held_until__gt=now)
        released = release_holds(held, by=by, now=now)
        if not released:
            raise OfferEnded
        on_holds_released(released, now=now)


@ends(Grant.OFFERS)
def decline_open_offers(user: User, now: datetime) -> None:
    """Decline the open offers of `user` and their dependants. The entries stay on the waiting list."""
    with tracking_changes():
        held = Booking.objects.filter(
            offer__isnull=False, status=Booking.Status.HELD, patient__in=Patient.objects.of_user(user)
        )
        on_holds_released(release_holds(held, by=user, now=now), now=now)
